package dev.mona.backbone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.mona.autodiff.DerivativeCheck;
import dev.mona.autodiff.Tape;
import dev.mona.compute.TestDevice;
import dev.mona.compute.Values;
import dev.mona.encoder.Bert;
import dev.mona.encoder.Hiera;
import dev.mona.encoder.ImageShape;
import dev.mona.encoder.TextTables;
import dev.mona.encoder.TransformerShape;
import dev.mona.encoder.Vit;
import dev.mona.nn.Dropout;
import dev.mona.nn.Leaves;
import dev.mona.nn.Tokens;
import dev.mona.nn.WindowFit;
import dev.mona.tensor.Parameters;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Dropout in encoders of every family, on small ones with windows that pad and are shifted. */
class EncoderDropoutTest {
  private static final long SEED = 17;
  private static final int ROWS = 6;
  private static final int COLUMNS = 10;

  static Stream<Backbone> encoders() {
    Hiera hiera =
        new Hiera(
            new HieraTransformer(
                4,
                1,
                new HieraTransformer.Blocks(List.of(1, 3), List.of(4, 4), Set.of(2)),
                WindowFit.PADDED,
                1e-2));
    return Stream.of(
        new Bert(
                Bert.Variant.BERT,
                new TransformerShape(6, 2, 3, 14, 1e-2),
                new TextTables(11, 60, 2, 0))
            .backbone(),
        new SwinTransformer(4, List.of(2, 2), List.of(2, 4), 3, 1e-2),
        new Vit(Vit.Variant.VIT, new TransformerShape(6, 2, 3, 14, 1e-2), new ImageShape(8, 4, 3))
            .backbone(),
        new Vit(
                Vit.Variant.DINOV2,
                new TransformerShape(6, 2, 2, 12, 1e-2),
                new ImageShape(8, 4, 3))
            .backbone(),
        hiera.backbone(),
        hiera.with(WindowFit.CAPPED).backbone());
  }

  private static Parameters parameters(Backbone encoder) {
    Parameters theta = Parameters.zeros(encoder.layout(), TestDevice.doubles());
    Values.gaussian(new Random(SEED), theta.length()).times(0.3).into(theta.vector());
    return theta;
  }

  private static Values encode(
      Backbone encoder, Parameters theta, Values x, int batch, Dropout dropout) {
    try (Tape tape = new Tape(TestDevice.doubles())) {
      Tokens tokens = new Tokens(DerivativeCheck.leaf(tape, x), batch, ROWS, COLUMNS);
      Leaves leaves = Leaves.of(tape, theta);
      return Values.of(encoder.encode(tape, leaves, tokens, null, dropout).values().value());
    }
  }

  @ParameterizedTest
  @MethodSource("encoders")
  void derivatives(Backbone encoder) {
    Parameters theta = parameters(encoder);
    Dropout dropout = new Dropout(0.3, 5, 6);
    DerivativeCheck.check(
        encoder.getClass().getSimpleName(),
        SEED,
        2e-6,
        (tape, x) -> {
          Tokens tokens = new Tokens(x.get(0), 2, ROWS, COLUMNS);
          return encoder.encode(tape, Leaves.of(tape, theta), tokens, null, dropout).values();
        },
        DerivativeCheck.gaussian(new Random(SEED), 2L * ROWS * COLUMNS, encoder.inputWidth()));
  }

  /** So at every place the rows lie sample by sample. */
  @ParameterizedTest
  @MethodSource("encoders")
  void aSampleIsEncodedAsItIsAlone(Backbone encoder) {
    Parameters theta = parameters(encoder);
    int n = ROWS * COLUMNS;
    Values x = Values.gaussian(new Random(SEED + 1), 3L * n, encoder.inputWidth());
    Values three = encode(encoder, theta, x, 3, new Dropout(0.4, 7, 8, 9));
    Values third = x.slice(2 * n, 3 * n);
    Values alone = encode(encoder, theta, third, 1, new Dropout(0.4, 9));
    int out = (int) alone.shape()[0];
    double[] beside = three.slice(2 * out, 3 * out).flat();
    assertThat(alone.flat()).containsExactly(beside, within(1e-9));
    Values other = encode(encoder, theta, third, 1, new Dropout(0.4, 8));
    assertThat(alone.distance(other)).isGreaterThan(0.1);
    Values without = encode(encoder, theta, third, 1, Dropout.NONE);
    assertThat(alone.distance(without)).isGreaterThan(0.1);
  }
}
