package dev.mona.dl4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.mona.MonaException;
import dev.mona.compute.nd4j.Nd4jDevice;
import dev.mona.finetuning.TaskStep;
import dev.mona.metric.Accumulator;
import dev.mona.metric.MetricKind;
import dev.mona.network.Network;
import dev.mona.optimizer.FlatOptimizer;
import dev.mona.task.SampleBlock;
import dev.mona.task.TaskKind;
import dev.mona.tensor.ParameterGroup;
import dev.mona.tensor.ParameterSet;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.deeplearning4j.datasets.iterator.utilty.ListDataSetIterator;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.nd4j.evaluation.classification.Evaluation;
import org.nd4j.evaluation.classification.EvaluationBinary;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Sgd;

/** The DL4J graph against the model's own forward pass, gradient and update. */
class MonaGraphTest {
  private static final long SEED = 31;
  private static final int N = 5;
  private static final double RATE = 0.1;
  private static final List<ParameterGroup> ALL = List.of(ParameterGroup.values());

  private static ComputationGraph graph(Network network, ParameterSet parameters) {
    return MonaGraph.build(network, parameters, new Sgd(RATE));
  }

  private static INDArray ownLogits(Network network, ParameterSet at, SampleBlock samples) {
    try (TaskStep step = new TaskStep(network, at)) {
      return Nd4j.createFromArray(step.logits(samples, at))
          .reshape('c', samples.size(), network.task().predictionLength());
    }
  }

  private static double largest(INDArray array) {
    return array.amaxNumber().doubleValue();
  }

  private static INDArray flat(ParameterSet set) {
    return Nd4j.concat(
        0,
        Nd4jDevice.unwrap(set.embedder().vector()),
        Nd4jDevice.unwrap(set.encoder().vector()),
        Nd4jDevice.unwrap(set.head().vector()));
  }

  @ParameterizedTest
  @EnumSource(TaskKind.class)
  void logitsAndProbabilitiesAreThoseOfTheNetwork(TaskKind kind) {
    Network network = Examples.network(kind);
    ParameterSet parameters = Examples.parameters(network, DataType.FLOAT, SEED);
    SampleBlock samples = Examples.samples(network, N, SEED);
    INDArray features = Examples.dataSet(network, samples, DataType.FLOAT).getFeatures();
    INDArray logits = ownLogits(network, parameters, samples);

    ComputationGraph graph = graph(network, parameters);
    assertThat(graph.feedForward(features, false))
        .hasEntrySatisfying(
            MonaGraph.NETWORK, z -> assertThat(largest(z.sub(logits))).isLessThan(1e-6));

    INDArray output = graph.outputSingle(features);
    for (int i = 0; i < N; i++) {
      double total = 0;
      for (int k = 0; k < Examples.OUTPUTS; k++) {
        total += Math.exp(logits.getDouble(i, k));
      }
      for (int k = 0; k < Examples.OUTPUTS; k++) {
        double odds = Math.exp(logits.getDouble(i, k));
        double expected =
            switch (kind) {
              case CLASSIFICATION -> odds / total;
              case MULTI_LABEL -> odds / (1 + odds);
              case DENSE -> logits.getDouble(i, k);
            };
        assertThat(output.getDouble(i, k)).isCloseTo(expected, within(1e-6));
      }
    }
  }

  @Test
  void featuresMayKeepTheirChannelAxisAndAnyOrder() {
    Network network = Examples.network(TaskKind.CLASSIFICATION);
    ComputationGraph graph = graph(network, Examples.parameters(network, DataType.FLOAT, SEED));
    INDArray features =
        Examples.dataSet(network, Examples.samples(network, N, SEED), DataType.FLOAT).getFeatures();
    INDArray folded = features.reshape('c', N, Examples.CHANNELS, Examples.LENGTH);
    INDArray expected = graph.outputSingle(features).dup();
    assertThat(graph.outputSingle(folded)).isEqualTo(expected);
    assertThat(graph.outputSingle(folded.dup('f'))).isEqualTo(expected);
    assertThat(graph.outputSingle(features.castTo(DataType.DOUBLE))).isEqualTo(expected);
  }

  @ParameterizedTest
  @EnumSource(TaskKind.class)
  void gradientAndScoreAreThoseOfTheTaskStep(TaskKind kind) {
    Network network = Examples.network(kind);
    ParameterSet parameters = Examples.parameters(network, DataType.DOUBLE, SEED);
    SampleBlock samples = Examples.samples(network, N, SEED);
    ParameterSet own = parameters.zeros();
    double loss;
    try (TaskStep step = new TaskStep(network, parameters)) {
      loss = step.addGradient(samples, parameters, ALL, 1, own).value();
    }

    ComputationGraph graph = graph(network, parameters);
    DataSet data = Examples.dataSet(network, samples, DataType.DOUBLE);
    graph.setInput(0, data.getFeatures());
    graph.setLabel(0, data.getLabels());
    for (int repeat = 0; repeat < 2; repeat++) {
      graph.computeGradientAndScore();
      // DL4J divides by the batch size in its updater
      INDArray difference = graph.gradient().gradient().reshape(-1).div(N).sub(flat(own));
      assertThat(difference.norm2Number().doubleValue())
          .as("repeat " + repeat)
          .isLessThan(1e-7 * flat(own).norm2Number().doubleValue());
      assertThat(graph.score()).isCloseTo(loss, within(1e-7));
    }
  }

  @ParameterizedTest
  @EnumSource(TaskKind.class)
  void gradientAgreesWithFiniteDifferencesOfTheScore(TaskKind kind) {
    double step = 1e-5;
    Network network = Examples.network(kind);
    ComputationGraph graph = graph(network, Examples.parameters(network, DataType.DOUBLE, SEED));
    DataSet data = Examples.dataSet(network, Examples.samples(network, N, SEED), DataType.DOUBLE);
    graph.setInput(0, data.getFeatures());
    graph.setLabel(0, data.getLabels());
    graph.computeGradientAndScore();
    INDArray gradient = graph.gradient().gradient().reshape(-1).div(N);
    double scale = gradient.norm2Number().doubleValue();
    INDArray flat = graph.params().reshape(-1);
    for (long i = 0; i < flat.length(); i += 37) {
      double value = flat.getDouble(i);
      flat.putScalar(i, value + step);
      double plus = graph.score(data);
      flat.putScalar(i, value - step);
      double minus = graph.score(data);
      flat.putScalar(i, value);
      assertThat(Math.abs(gradient.getDouble(i) - (plus - minus) / (2 * step)))
          .as("parameter " + i)
          .isLessThan(1e-6 * scale);
    }
  }

  @ParameterizedTest
  @EnumSource(TaskKind.class)
  void oneStepOfFitIsOneStepOfOurSgd(TaskKind kind) {
    Network network = Examples.network(kind);
    ParameterSet parameters = Examples.parameters(network, DataType.FLOAT, SEED);
    SampleBlock samples = Examples.samples(network, N, SEED);
    ComputationGraph graph = graph(network, parameters);
    INDArray before = graph.params().dup();
    graph.fit(Examples.dataSet(network, samples, DataType.FLOAT));

    ParameterSet gradient = parameters.zeros();
    try (TaskStep step = new TaskStep(network, parameters)) {
      step.addGradient(samples, parameters, ALL, 1, gradient);
    }
    FlatOptimizer sgd = new dev.mona.optimizer.Sgd(0, 0);
    for (ParameterGroup group : ALL) {
      sgd.step(
          parameters.get(group).vector(),
          gradient.get(group).vector(),
          gradient.get(group).device().zeros(1),
          0,
          RATE);
    }
    INDArray after = graph.params().reshape(-1);
    assertThat(largest(after.sub(flat(parameters)))).isLessThan(1e-6);
    assertThat(largest(after.sub(before.reshape(-1)))).isGreaterThan(1e-3);
  }

  @Test
  void evaluateCountsAsOurErrorRate() {
    Network network = Examples.network(TaskKind.CLASSIFICATION);
    ParameterSet parameters = Examples.parameters(network, DataType.FLOAT, SEED);
    SampleBlock samples = Examples.samples(network, 23, SEED);
    DataSet data = Examples.dataSet(network, samples, DataType.FLOAT);
    Evaluation evaluation =
        graph(network, parameters).evaluate(new ListDataSetIterator<>(data.asList(), 4));
    Accumulator error = MetricKind.ERROR_RATE.of(network.task()).start();
    error.add(ownLogits(network, parameters, samples).data().asFloat(), samples.labels(), 23);
    assertThat(evaluation.accuracy()).isCloseTo(1 - error.value(), within(1e-9));
    assertThat(evaluation.getNumRowCounter()).isEqualTo(23);
  }

  @Test
  void evaluateCountsEachOfManyLabels() {
    Network network = Examples.network(TaskKind.MULTI_LABEL);
    ParameterSet parameters = Examples.parameters(network, DataType.FLOAT, SEED);
    SampleBlock samples = Examples.samples(network, 23, SEED);
    DataSet data = Examples.dataSet(network, samples, DataType.FLOAT);
    EvaluationBinary evaluation = new EvaluationBinary();
    graph(network, parameters)
        .doEvaluation(new ListDataSetIterator<>(data.asList(), 4), evaluation);
    INDArray logits = ownLogits(network, parameters, samples);
    for (int k = 0; k < Examples.OUTPUTS; k++) {
      int hits = 0;
      for (int i = 0; i < 23; i++) {
        boolean present = samples.labels()[i * Examples.OUTPUTS + k] == 1;
        hits += present == logits.getDouble(i, k) > 0 ? 1 : 0;
      }
      assertThat(evaluation.accuracy(k)).as("label " + k).isCloseTo(hits / 23.0, within(1e-9));
    }
  }

  @Test
  void flatArraysAndCloneGiveTheSameGraph() {
    Network network = Examples.network(TaskKind.CLASSIFICATION);
    ParameterSet parameters = Examples.parameters(network, DataType.FLOAT, SEED);
    Map<ParameterGroup, float[]> values = new EnumMap<>(ParameterGroup.class);
    ALL.forEach(group -> values.put(group, parameters.get(group).toFloats()));
    ComputationGraph graph = MonaGraph.build(network, values);
    INDArray features =
        Examples.dataSet(network, Examples.samples(network, N, SEED), DataType.FLOAT).getFeatures();
    INDArray expected = graph(network, parameters).outputSingle(features);
    assertThat(graph.outputSingle(features)).isEqualTo(expected);
    ComputationGraph copy = graph.clone();
    graph.params().muli(2);
    assertThat(copy.outputSingle(features)).isEqualTo(expected);
    assertThat(graph.outputSingle(features)).isNotEqualTo(expected);
  }

  @Test
  void featuresOfAnotherSizeAreRefused() {
    Network network = Examples.network(TaskKind.CLASSIFICATION);
    ComputationGraph graph = graph(network, Examples.parameters(network, DataType.FLOAT, SEED));
    for (long[] shape : new long[][] {{4, 23}, {4, 12, 2}, {24}}) {
      assertThatThrownBy(() -> graph.outputSingle(Nd4j.zeros(DataType.FLOAT, shape)))
          .as(Arrays.toString(shape))
          .isInstanceOf(MonaException.class)
          .hasMessageContaining("give [n, 24] or [n, 2, 12]");
    }
  }
}
