package dev.mona.dl4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mona.network.Network;
import dev.mona.task.TaskKind;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.TimeZone;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.util.ModelSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.learning.config.Adam;

/** What DL4J's own reader makes of a written graph. */
class GraphFileTest {
  private static final long SEED = 32;

  private static ComputationGraph graph(TaskKind kind) {
    Network network = Examples.network(kind);
    return MonaGraph.build(
        network, Examples.parameters(network, DataType.FLOAT, SEED), new Adam(1e-3));
  }

  private static byte[] written(ComputationGraph graph) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    MonaGraph.write(graph, out);
    return out.toByteArray();
  }

  @ParameterizedTest
  @EnumSource(TaskKind.class)
  void restoredGraphGivesTheSameOutputAndTrainsOn(TaskKind kind) throws IOException {
    Network network = Examples.network(kind);
    DataSet data = Examples.dataSet(network, Examples.samples(network, 7, SEED), DataType.FLOAT);
    ComputationGraph graph = graph(kind);
    ComputationGraph restored =
        ModelSerializer.restoreComputationGraph(new ByteArrayInputStream(written(graph)));
    assertThat(restored.params()).isEqualTo(graph.params());
    assertThat(restored.getConfiguration()).isEqualTo(graph.getConfiguration());
    INDArray expected = graph.outputSingle(data.getFeatures());
    assertThat(restored.outputSingle(data.getFeatures())).isEqualTo(expected);
    graph.fit(data);
    restored.fit(data);
    assertThat(restored.params()).isEqualTo(graph.params());
    assertThat(restored.outputSingle(data.getFeatures())).isNotEqualTo(expected);
  }

  @Test
  void sameGraphIsTheSameBytesAtAnyTimeAndPlace() throws Exception {
    byte[] first = written(graph(TaskKind.MULTI_LABEL));
    TimeZone zone = TimeZone.getDefault();
    try {
      TimeZone.setDefault(TimeZone.getTimeZone("Pacific/Auckland"));
      // the clock of zip entries ticks every two seconds
      Thread.sleep(2100);
      assertThat(written(graph(TaskKind.MULTI_LABEL))).isEqualTo(first);
    } finally {
      TimeZone.setDefault(zone);
    }
    List<String> names = new ArrayList<>();
    try (ZipInputStream zip = new ZipInputStream(new ByteArrayInputStream(first))) {
      for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
        names.add(entry.getName());
      }
    }
    assertThat(names).containsExactly("configuration.json", "coefficients.bin");
  }

  @Test
  void anotherShapeIsAnotherConfiguration() {
    ComputationGraphConfiguration one = graph(TaskKind.CLASSIFICATION).getConfiguration();
    String json = one.toJson();
    assertThat(ComputationGraphConfiguration.fromJson(json)).isEqualTo(one);
    String other = json.replace("\"kernel\" : 3", "\"kernel\" : 4");
    assertThat(ComputationGraphConfiguration.fromJson(other)).isNotEqualTo(one);
  }

  @Test
  void configurationThatIsNoNetworkIsRefused() {
    String json = graph(TaskKind.CLASSIFICATION).getConfiguration().toJson();
    String[][] changes = {
      {"\"kernel\" : 3", "\"kernel\" : 0", "embedder kernel is 0"},
      {"\"kernel\" : 3", "\"kernel\" : 5", "does not divide the input length 12"},
      {"hidden_size\\\" : 6", "hidden_size\\\" : 2000000000", "hidden width 2000000000"},
      {"num_hidden_layers\\\" : 2", "num_hidden_layers\\\" : -1", "num_hidden_layers is"},
      {"\"shape\"", "\"form\"", "shape"}
    };
    for (String[] change : changes) {
      String changed = json.replace(change[0], change[1]);
      assertThat(changed).as(change[1]).isNotEqualTo(json);
      assertThatThrownBy(() -> ComputationGraphConfiguration.fromJson(changed))
          .as(change[1])
          .hasStackTraceContaining(change[2]);
    }
  }
}
