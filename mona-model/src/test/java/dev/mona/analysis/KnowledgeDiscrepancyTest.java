package dev.mona.analysis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.mona.compute.TestDevice;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.factory.Nd4j;

class KnowledgeDiscrepancyTest {
  static {
    TestDevice.load();
  }

  private static KnowledgeDiscrepancy of(double[][] logits, int[] labels, int classes) {
    return KnowledgeDiscrepancy.of(Nd4j.createFromArray(logits), labels, classes);
  }

  @Test
  void isZeroWhereTheSourceTellsTheClassesApart() {
    double[][] logits = new double[9][7];
    int[] labels = new int[9];
    for (int i = 0; i < 9; i++) {
      labels[i] = i % 3;
      // target classes 0, 1, 2 look like source classes 5, 0, 2
      logits[i][new int[] {5, 0, 2}[i % 3]] = 60;
    }
    KnowledgeDiscrepancy measured = of(logits, labels, 3);
    assertThat(measured.value()).isCloseTo(0, within(1e-12));
    assertThat(measured.sourceClasses()).containsExactly(5, 0, 2);
  }

  @Test
  void isLogOfTheNumberOfClassesWhereItSaysNothing() {
    assertThat(of(new double[8][6], new int[] {0, 1, 2, 3, 0, 1, 2, 3}, 4).value())
        .isCloseTo(Math.log(4), within(1e-12));
  }

  /** What a source class that is not matched takes counts for nothing. */
  @Test
  void isRenormalisedOverTheMatchedClasses() {
    double[] first = {Math.log(0.6), Math.log(0.3), Math.log(0.1)};
    double[] second = {first[1], first[0], first[2]};
    KnowledgeDiscrepancy measured = of(new double[][] {first, second}, new int[] {0, 1}, 2);
    assertThat(measured.sourceClasses()).containsExactly(0, 1);
    assertThat(measured.value()).isCloseTo(-Math.log(0.6 / 0.9), within(1e-12));
  }

  @Test
  void classesWithoutSamplesTakeNoPart() {
    double[][] logits = {{2, 0, -1}, {0.5, 1, 0}, {1, 1, 4}};
    KnowledgeDiscrepancy all = of(logits, new int[] {0, 1, 2}, 3);
    KnowledgeDiscrepancy spread = of(logits, new int[] {1, 4, 6}, 9);
    assertThat(spread.value()).isEqualTo(all.value());
    assertThat(spread.sourceClasses()).containsExactly(-1, 0, -1, -1, 1, -1, 2, -1, -1);
  }

  @Test
  void theOrderOfSourceClassesAndAConstantMeanNothing() {
    Random random = new Random(9);
    double[][] logits = new double[30][5];
    double[][] turned = new double[30][5];
    int[] labels = new int[30];
    for (int i = 0; i < 30; i++) {
      labels[i] = random.nextInt(4);
      for (int s = 0; s < 5; s++) {
        logits[i][s] = 2 * random.nextGaussian();
        turned[i][(s + 2) % 5] = logits[i][s] + i - 700;
      }
    }
    assertThat(of(turned, labels, 4).value())
        .isCloseTo(of(logits, labels, 4).value(), within(1e-10));
  }

  @Test
  void refusesMoreClassesThanTheSourceHas() {
    assertThatThrownBy(() -> of(new double[3][2], new int[] {0, 1, 2}, 3))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("3 rows cannot have a column each of 2");
  }
}
