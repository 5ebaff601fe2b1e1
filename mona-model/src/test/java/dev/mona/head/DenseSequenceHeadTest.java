package dev.mona.head;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.mona.autodiff.DerivativeCheck;
import dev.mona.autodiff.Tape;
import dev.mona.compute.TestDevice;
import dev.mona.compute.Values;
import dev.mona.nn.Leaves;
import dev.mona.nn.Tokens;
import dev.mona.tensor.Parameters;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DenseSequenceHeadTest {

  /** Point t of output c is the mean over its window of the scaled values of token t / k. */
  private static double[] predict(
      DenseSequenceHead head, int batch, int tokens, double[] h, double[] x) {
    int width = head.width();
    int points = head.length() / tokens;
    double[] predicted = new double[batch * head.outputs() * head.length()];
    for (int i = 0; i < predicted.length; i++) {
      int sample = i / (head.outputs() * head.length());
      int output = i / head.length() % head.outputs();
      int point = i % head.length();
      int place = output * points + point % points;
      int places = head.outputs() * points;
      int start = (int) Math.floor((double) place * width / places);
      int end = (int) Math.ceil((double) (place + 1) * width / places);
      int token = sample * tokens + point / points;
      for (int w = start; w < end; w++) {
        predicted[i] += (h[w] * x[token * width + w] + h[width + w]) / (end - start);
      }
    }
    return predicted;
  }

  @ParameterizedTest
  @CsvSource({"1, 12, 3, 24", "3, 12, 4, 7", "2, 6, 6, 5", "1, 20, 2, 4", "2, 9, 1, 33"})
  void isItsDefinitionInEveryDerivative(int outputs, int length, int tokens, int width) {
    DenseSequenceHead head = new DenseSequenceHead(width, outputs, length);
    new HeadReference(head, (h, x) -> predict(head, 2, tokens, h, x), 2, 1, tokens, width, outputs)
        .check(1e-6);
  }

  /** With gain 1 and bias 0 the pooling alone: values of torch's adaptive_avg_pool1d. */
  @Test
  void startsAsThePoolingOfItsTokens() {
    DenseSequenceHead head = new DenseSequenceHead(5, 1, 6);
    Parameters h = Parameters.zeros(head.layout(), TestDevice.doubles());
    Values.all(1, 5).into(h.view(DenseSequenceHead.GAIN));
    try (Tape tape = new Tape(TestDevice.doubles())) {
      double[][] values = {{1, 2, 4, 8, 16}, {-1, -2, -4, -8, -16}};
      Tokens tokens = Tokens.series(DerivativeCheck.leaf(tape, Values.of(values)), 1, 2);
      assertThat(Values.of(head.apply(tape, Leaves.of(tape, h), tokens).value()).flat())
          .containsExactly(new double[] {1.5, 14.0 / 3, 12, -1.5, -14.0 / 3, -12}, within(1e-6));
    }
  }

  @Test
  void refusesTokensThatCannotShareThePoints() {
    DenseSequenceHead head = new DenseSequenceHead(5, 1, 6);
    Parameters h = Parameters.zeros(head.layout(), TestDevice.doubles());
    try (Tape tape = new Tape(TestDevice.doubles())) {
      Tokens tokens = Tokens.series(tape.constant(new float[20], 4, 5), 1, 4);
      assertThatThrownBy(() -> head.apply(tape, Leaves.of(tape, h), tokens))
          .hasMessage("4 tokens cannot share 6 points");
    }
  }
}
