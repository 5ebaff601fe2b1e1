package dev.mona.metric;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mona.task.TaskKind;
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
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What a distributed evaluation relies on, for every metric and kind of task. */
class AccumulatorMergeTest {

  static Stream<Arguments> metrics() {
    return Metrics.ids().stream()
        .flatMap(id -> Stream.of(TaskKind.values()).map(kind -> Arguments.of(id, kind)));
  }

  @ParameterizedTest
  @MethodSource("metrics")
  void anySplitInAnyOrderGivesTheBitsOfASinglePass(String id, TaskKind kind) {
    for (long seed = 1; seed <= 10; seed++) {
      Predictions p = Predictions.random(seed, kind, 101, 5, seed % 2 == 0 ? 3 : 100_000);
      Metric metric = Metrics.of(id, p.task());
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
      assertThat(all.value()).as("seed %d", seed).isEqualTo(p.value(metric)).isBetween(0.0, 1.0);
    }
  }

  @ParameterizedTest
  @MethodSource("metrics")
  void survivesSerialization(String id, TaskKind kind) throws Exception {
    Predictions p = Predictions.random(3, kind, 20, 3, 4);
    Metric metric = Metrics.of(id, p.task());
    Accumulator accumulator = metric.start();
    accumulator.add(p.logits(), p.labels(), p.size());
    Accumulator copy = roundTrip(accumulator);
    assertThat(copy.value()).isEqualTo(accumulator.value());
    copy.merge(metric.start());
    metric.start().merge(copy);
  }

  @ParameterizedTest
  @MethodSource("metrics")
  void refusesAnotherMetric(String id, TaskKind kind) {
    Accumulator accumulator = Metrics.of(id, Predictions.task(kind, 3)).start();
    Accumulator wider = Metrics.of(id, Predictions.task(kind, 4)).start();
    assertThatThrownBy(() -> accumulator.merge(wider)).isInstanceOf(IllegalArgumentException.class);
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
