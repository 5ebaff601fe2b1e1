package dev.mona.metric;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.mona.MonaException;
import dev.mona.task.Loss;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class ContactErrorTest {
  private static final int SIDE = 26;

  /** Distances of 20 everywhere, predicted as 0. */
  private final float[] labels = new float[SIDE * SIDE];

  private final float[] predictions = new float[SIDE * SIDE];

  ContactErrorTest() {
    Arrays.fill(labels, 20);
  }

  private void pair(int i, int j, double distance, double upper, double lower) {
    labels[i * SIDE + j] = (float) distance;
    predictions[i * SIDE + j] = (float) upper;
    predictions[j * SIDE + i] = (float) lower;
  }

  private double value() {
    Accumulator accumulator = new ContactError(SIDE).start();
    accumulator.add(predictions, labels, 1);
    return accumulator.value();
  }

  @Test
  void averagesBothPredictionsOfALongRangeContact() {
    pair(0, 24, 6, 4, 12); // |8 - 6|
    pair(0, 25, 7.5, 7, 7); // |7 - 7.5|
    pair(1, 25, 8, 0, 0); // no contact
    pair(2, 25, 1, 50, 50); // 23 residues apart
    assertThat(value()).isCloseTo((2 + 0.5) / 2, within(1e-12));
  }

  @Test
  void leavesOutUnknownPairsAndProteinsWithoutContacts() {
    pair(0, 24, -1, 99, 99);
    assertThat(value()).isNaN();
    pair(0, 25, 5, 4, 4);
    assertThat(value()).isEqualTo(1);
    Accumulator accumulator = new ContactError(SIDE).start();
    accumulator.add(predictions, labels, 1);
    float[] none = new float[SIDE * SIDE];
    Arrays.fill(none, 20);
    accumulator.add(predictions, none, 1);
    assertThat(accumulator.value()).isEqualTo(1);
  }

  @Test
  void proteinsCountTheSameWhateverTheirContacts() {
    pair(0, 24, 6, 6, 6);
    pair(0, 25, 6, 6, 6);
    pair(1, 25, 6, 6, 6);
    Accumulator accumulator = new ContactError(SIDE).start();
    accumulator.add(predictions, labels, 1);
    Arrays.fill(labels, 20);
    pair(0, 25, 6, 10, 10);
    accumulator.add(predictions, labels, 1);
    assertThat(accumulator.value()).isEqualTo((0 + 4) / 2.0);
  }

  @Test
  void refusesANegativeDistance() {
    pair(0, 25, -2, 4, 4);
    assertThatThrownBy(this::value).isInstanceOf(MonaException.class).hasMessageContaining("-2.0");
  }

  /** A second implementation: the pairs of all proteins one by one, in the order of the matrix. */
  @Test
  void agreesWithListingThePairs() {
    int side = 40;
    Predictions p = Predictions.random(4, Predictions.field(side, Loss.MEAN_SQUARED, 10), 6, 20);
    double total = 0;
    for (int s = 0; s < 6; s++) {
      double sum = 0;
      int pairs = 0;
      for (int k = 0; k < side * side; k++) {
        float distance = p.labels()[s * side * side + k];
        int mirrored = k % side * side + k / side;
        if (k % side - k / side >= 24 && distance != -1 && distance < 8) {
          float upper = p.logits()[s * side * side + k];
          float lower = p.logits()[s * side * side + mirrored];
          sum += Math.abs((upper + lower) / 2.0 - distance);
          pairs++;
        }
      }
      total += sum / pairs;
    }
    assertThat(p.value(new ContactError(side))).isCloseTo(total / 6, within(1e-9));
  }
}
