package dev.mona.dl4j;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mona.backbone.HieraTransformer;
import dev.mona.embedder.EmbedderOptions;
import dev.mona.encoder.Encoder;
import dev.mona.encoder.Hiera;
import dev.mona.network.Network;
import dev.mona.nn.WindowFit;
import dev.mona.task.SampleShape;
import dev.mona.task.TaskKind;
import dev.mona.task.TaskSpec;
import dev.mona.tensor.ParameterGroup;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.graph.LayerVertex;
import org.junit.jupiter.api.Test;

/** The configuration.json of a network.zip that was written before encoders were families. */
class StoredFormTest {
  private static final Encoder HIERA =
      new Hiera(
          new HieraTransformer(
              8,
              1,
              new HieraTransformer.Blocks(List.of(1, 2), List.of(8, 4), Set.of(2)),
              WindowFit.CAPPED,
              1e-6),
          3,
          32);

  private static final Network NETWORK =
      Network.of(
          TaskSpec.of("t", TaskKind.DENSE, new SampleShape(2, 6, 12), 2),
          new EmbedderOptions(3, 64, EmbedderOptions.Init.RANDOM),
          HIERA);

  private static String stored() throws IOException {
    String resource = "/golden/network-configuration.json";
    try (InputStream in = StoredFormTest.class.getResourceAsStream(resource)) {
      return new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  @Test
  void isRead() throws IOException {
    assertThat(
            ComputationGraphConfiguration.fromJson(stored()).getVertices().get(MonaGraph.NETWORK))
        .isInstanceOfSatisfying(
            LayerVertex.class,
            vertex ->
                assertThat(vertex.getLayerConf().getLayer())
                    .isInstanceOfSatisfying(
                        NetworkLayer.class,
                        layer -> assertThat(layer.network()).isEqualTo(NETWORK)));
  }

  @Test
  void isWrittenAsItWas() throws IOException {
    Map<ParameterGroup, float[]> zeros =
        Arrays.stream(ParameterGroup.values())
            .collect(
                Collectors.toMap(
                    Function.identity(),
                    group -> new float[Math.toIntExact(NETWORK.layout(group).length())]));
    assertThat(MonaGraph.build(NETWORK, zeros).getConfiguration().toJson()).isEqualTo(stored());
  }
}
