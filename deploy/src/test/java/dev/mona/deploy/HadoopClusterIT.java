package dev.mona.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The cluster on which the other tests stand. */
@Tag("cluster")
@OnHadoop
class HadoopClusterIT {
  private final HadoopCluster hadoop;

  HadoopClusterIT(HadoopCluster hadoop) {
    this.hadoop = hadoop;
  }

  @Test
  void theNodeOffersTheCardsThatItsDiscoveryFound() {
    JsonNode node = hadoop.askResourceManager("/ws/v1/cluster/nodes").at("/nodes/node/0");
    List<String> gpus = new ArrayList<>();
    for (JsonNode resource : node.at("/totalResource/resourceInformations/resourceInformation")) {
      if (resource.path("name").asText().equals("yarn.io/gpu")) {
        gpus.add(resource.path("value").asText());
      }
    }
    assertThat(gpus).as("%s", node).containsExactly("2");
  }

  @Test
  void nothingIsReachedFromOtherMachines() {
    List<String> addresses = ListeningSockets.of(hadoop.processes());
    assertThat(addresses).hasSizeGreaterThan(10);
    assertThat(ListeningSockets.beyondLoopback(addresses)).isEmpty();
  }
}
