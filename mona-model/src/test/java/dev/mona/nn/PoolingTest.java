package dev.mona.nn;

import static dev.mona.autodiff.DerivativeCheck.leaf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.mona.autodiff.DerivativeCheck;
import dev.mona.autodiff.Tape;
import dev.mona.autodiff.Variable;
import dev.mona.compute.TestDevice;
import dev.mona.compute.Values;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PoolingTest {
  /** A batch of 3. */
  private static Tokens series(Variable values) {
    return Tokens.series(values, 3, (int) values.shape()[0] / 3);
  }

  private static void assertMeans(Values pooled, Values tokens, int length, int[] lengths) {
    for (int i = 0; i < lengths.length; i++) {
      for (int w = 0; w < tokens.shape()[1]; w++) {
        double sum = 0;
        for (int t = 0; t < lengths[i]; t++) {
          sum += tokens.at((long) i * length + t, w);
        }
        assertThat(pooled.at(i, w)).isCloseTo(sum / lengths[i], within(1e-6));
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3, 4, 7})
  void isTheMeanOverAllTokens(int length) {
    Values tokens = Values.gaussian(new Random(1), 3L * length, 5);
    try (Tape tape = new Tape(TestDevice.doubles())) {
      Values pooled = Values.of(Pooling.MEAN.of(tape, series(leaf(tape, tokens))).value());
      assertThat(pooled.shape()).containsExactly(3, 5);
      assertMeans(pooled, tokens, length, new int[] {length, length, length});
    }
  }

  @Test
  void leavesOutWhatLiesBeyondTheLength() {
    Values tokens = Values.gaussian(new Random(2), 3 * 4, 5);
    int[] lengths = {4, 1, 3};
    try (Tape tape = new Tape(TestDevice.doubles())) {
      assertMeans(
          Values.of(Pooling.MEAN.of(tape, series(leaf(tape, tokens)), lengths).value()),
          tokens,
          4,
          lengths);
    }
  }

  @Test
  void derivativesAgreeWithFiniteDifferences() {
    DerivativeCheck.check(
        "pooling",
        3,
        1e-6,
        (tape, leaves) -> Pooling.MEAN.of(tape, series(leaves.get(0)), new int[] {4, 1, 3}),
        DerivativeCheck.gaussian(new Random(3), 3 * 4, 5));
  }

  /** A class token stands before the map; what is predicted at points does not see it. */
  @Test
  void theFirstTokenIsTheClassTokenAndNotOnTheMap() {
    Values values = Values.gaussian(new Random(4), 2 * 7, 3);
    try (Tape tape = new Tape(TestDevice.doubles())) {
      Tokens tokens = new Tokens(leaf(tape, values), 2, 1, 2, 3);
      assertThat(tokens.size()).isEqualTo(7);
      Values first = Values.of(Pooling.FIRST.of(tape, tokens).value());
      Tokens map = tokens.onMap();
      Values onMap = Values.of(map.values().value());
      assertThat(map.size()).isEqualTo(6);
      for (int i = 0; i < 2; i++) {
        assertThat(first.row(i)).containsExactly(values.row(7L * i));
        for (int t = 0; t < 6; t++) {
          assertThat(onMap.row(6L * i + t)).containsExactly(values.row(7L * i + 1 + t));
        }
      }
    }
  }

  /**
   * DeiT's classifiers read the first two tokens, DINOv2's the first beside the mean of the map.
   */
  @Test
  void whatAClassifierReadsStandsSideBySide() {
    Values values = Values.gaussian(new Random(6), 3 * 6, 4);
    try (Tape tape = new Tape(TestDevice.doubles())) {
      Tokens tokens = new Tokens(leaf(tape, values), 3, 2, 2, 2);
      Values two = Values.of(Pooling.FIRST_TWO.of(tape, tokens).value());
      Values beside = Values.of(Pooling.FIRST_AND_MAP.of(tape, tokens).value());
      assertThat(two.shape()).containsExactly(3, 8);
      assertThat(beside.shape()).containsExactly(3, 8);
      for (int i = 0; i < 3; i++) {
        for (int w = 0; w < 4; w++) {
          assertThat(two.at(i, w)).isEqualTo(values.at(6L * i, w));
          assertThat(two.at(i, 4 + w)).isEqualTo(values.at(6L * i + 1, w));
          assertThat(beside.at(i, w)).isCloseTo(values.at(6L * i, w), within(1e-12));
          double mean = 0;
          for (int t = 2; t < 6; t++) {
            mean += values.at(6L * i + t, w) / 4;
          }
          assertThat(beside.at(i, 4 + w)).isCloseTo(mean, within(1e-6));
        }
      }
    }
  }

  @Test
  void derivativesOfTheFirstTokenAndOfTheMapAgreeWithFiniteDifferences() {
    DerivativeCheck.check(
        "class token",
        3,
        1e-6,
        (tape, leaves) -> {
          Tokens tokens = new Tokens(leaves.get(0), 2, 1, 1, 3);
          return Pooling.FIRST.of(tape, tokens).multiply(Pooling.MEAN.of(tape, tokens.onMap()));
        },
        DerivativeCheck.gaussian(new Random(5), 2 * 4, 5));
  }
}
