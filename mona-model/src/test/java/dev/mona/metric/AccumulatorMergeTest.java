package dev.mona.metric;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mona.task.Loss;
import dev.mona.task.TaskKind;
import dev.mona.task.TaskSpec;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What a distributed evaluation relies on, for every metric and kind of task. */
class AccumulatorMergeTest {

  /** Tasks of every kind, of which each metric fits one or more. */
  private static final List<TaskSpec> TASKS =
      List.of(
          Predictions.task(TaskKind.CLASSIFICATION, 5),
          Predictions.task(TaskKind.MULTI_LABEL, 5),
          Predictions.field(3, Loss.RELATIVE_L2, 0),
          Predictions.field(3, Loss.BINARY_CROSS_ENTROPY, 0),
          Predictions.field(26, Loss.MEAN_SQUARED, 10));

  static Stream<Arguments> metrics() {
    return TASKS.stream()
        .flatMap(task -> MetricKind.fitting(task).stream().map(kind -> Arguments.of(kind, task)));
  }

  @Test
  void knowsEveryMetric() {
    Set<Object> known = metrics().map(arguments -> arguments.get()[0]).collect(Collectors.toSet());
    assertThat(known).containsExactlyInAnyOrder((Object[]) MetricKind.values());
  }

  @ParameterizedTest
  @MethodSource("metrics")
  void anySplitInAnyOrderGivesTheBitsOfASinglePass(MetricKind kind, TaskSpec task) {
    for (long seed = 1; seed <= 10; seed++) {
      Predictions p = Predictions.random(seed, task, 101, seed % 2 == 0 ? 3 : 100_000);
      Metric metric = kind.of(p.task());
      Random random = new Random(seed);
      int parts = 1 + random.nextInt(7);
      List<Accumulator> split = new ArrayList<>();
      for (int k = 0; k < parts; k++) {
        split.add(metric.start());
      }
      for (int i = 0; i < p.size(); i++) {
        p.addTo(split.get(random.nextInt(parts)), i);
      }
      split.add(metric.start());
      Collections.shuffle(split, random);
      Accumulator all = metric.start();
      split.forEach(all::merge);
      double most = metric instanceof SampleMetric ? Double.MAX_VALUE : 1;
      assertThat(all.value()).as("seed %d", seed).isEqualTo(p.value(metric)).isBetween(0.0, most);
    }
  }

  @ParameterizedTest
  @MethodSource("metrics")
  void survivesSerialization(MetricKind kind, TaskSpec task) throws Exception {
    Predictions p = Predictions.random(3, task, 20, 4);
    Metric metric = kind.of(p.task());
    Accumulator accumulator = metric.start();
    accumulator.add(p.logits(), p.labels(), p.size());
    Accumulator copy = roundTrip(accumulator);
    assertThat(copy.value()).isEqualTo(accumulator.value());
    copy.merge(metric.start());
    metric.start().merge(copy);
  }

  @ParameterizedTest
  @MethodSource("metrics")
  void refusesAnotherMetric(MetricKind kind, TaskSpec task) {
    Accumulator accumulator = kind.of(task).start();
    Accumulator wider = kind.of(wider(task)).start();
    assertThatThrownBy(() -> accumulator.merge(wider)).isInstanceOf(IllegalArgumentException.class);
  }

  private static TaskSpec wider(TaskSpec task) {
    return task.kind() == TaskKind.DENSE
        ? Predictions.field(task.shape().width() + 1, task.loss().loss(), task.loss().cap())
        : Predictions.task(task.kind(), task.outputs() + 1);
  }

  private static Accumulator roundTrip(Accumulator accumulator)
      throws IOException, ClassNotFoundException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
      out.writeObject(accumulator);
    }
    try (InputStream in = new ByteArrayInputStream(bytes.toByteArray());
        ObjectInputStream objects = new ObjectInputStream(in)) {
      return (Accumulator) objects.readObject();
    }
  }
}
