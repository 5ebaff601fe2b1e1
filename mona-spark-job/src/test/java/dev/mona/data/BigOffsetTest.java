package dev.mona.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.mona.MonaException;
import dev.mona.convert.Card;
import dev.mona.convert.LabelMoments;
import dev.mona.convert.Narrowing;
import dev.mona.numpy.NumpyOptions;
import dev.mona.task.SampleShape;
import dev.mona.task.TargetScale;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.MathContext;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.apache.hadoop.conf.Configuration;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.hadoop.ParquetReader;
import org.apache.parquet.hadoop.example.GroupReadSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Small variations on large offsets, against moments taken with 60 digits: times in seconds,
 * pressures in pascal, counters.
 */
class BigOffsetTest {
  private static final MathContext DIGITS = new MathContext(60);
  private static final int SAMPLES = 50;
  private static final int LENGTH = 4;

  @TempDir private Path folder;

  @ParameterizedTest
  @CsvSource({
    "<f8, 1.7e9, 1",
    ">f8, 1.7e9, 1",
    "<f8, 101325, 0.02",
    "<f8, 134217728, 3",
    "<f8, 1e15, 40",
    "<f8, -3e-9, 1e-12",
    "<f8, 0, 1e30",
    "<i8, 134217728, 3",
    "<i8, 1700000000000, 900",
    "<u8, 1700000000000, 900",
    "<u4, 4000000000, 12",
    "<i4, 2000000000, 12"
  })
  void standardisedChannelsAreThoseOfExactArithmetic(String type, double offset, double spread)
      throws IOException {
    double[] train = channel(type, offset, spread, SAMPLES);
    double[] test = channel(type, offset, spread, 3);
    write(NumpySet.small(false), type, train, test);
    Manifest manifest = convert(true);
    Standardisation found = Objects.requireNonNull(manifest.standardisation());
    BigDecimal mean = mean(train);
    BigDecimal sd = deviation(train, mean);
    assertThat(found.mean().get(0))
        .isCloseTo(mean.doubleValue(), within(Math.ulp(offset) + 1e-14 * sd.doubleValue()));
    assertThat(found.sd().get(0)).isCloseTo(sd.doubleValue(), within(1e-13 * sd.doubleValue()));
    for (Split split : List.of(Split.TRAIN, Split.TEST)) {
      double[] values = split == Split.TRAIN ? train : test;
      float[] written = features(split);
      assertThat(written).hasSize(values.length);
      for (int k = 0; k < values.length; k++) {
        float exact = new BigDecimal(values[k]).subtract(mean).divide(sd, DIGITS).floatValue();
        // the mean itself is a double, so what is left of it is an error of the offset's last bit
        double bit = Math.ulp(offset) / spread;
        assertThat(written[k]).isCloseTo(exact, within((float) (Math.ulp(exact) + bit)));
      }
    }
  }

  /** The deviation of what rounding to floats leaves is not the deviation of the data. */
  @Test
  void momentsOfFieldsAreThoseOfTheirDoubles() throws IOException {
    double[] labels = channel("<f8", 101325, 0.02, SAMPLES);
    BigDecimal mean = mean(labels);
    TargetScale scale = LabelMoments.scale(dense(labels), card(1));
    assertThat(scale.mean()).containsExactly((double) mean.floatValue());
    assertThat(scale.sd()).containsExactly((double) deviation(labels, mean).floatValue());
  }

  @Test
  void valuesThatNoDoubleCanSumAreRefused() {
    assertThatThrownBy(() -> Standardisation.of(dense(new double[] {1e308, -1e308, 1e308, -1e308})))
        .isInstanceOf(MonaException.class)
        .hasMessage(
            "channel 0 has values too far apart to take their mean and deviation: scale it first");
  }

  @Test
  void largerThanAFloatIsRefusedOnlyIfItStaysSo() throws IOException {
    double[] train = channel("<f8", 0, 1e60, SAMPLES);
    write(NumpySet.small(false), "<f8", train, train);
    assertThat(Objects.requireNonNull(convert(true).standardisation()).sd().get(0))
        .isBetween(1e59, 1e61);
    assertThatThrownBy(() -> convert("again", false))
        .isInstanceOf(MonaException.class)
        .hasMessageStartingWith("features of train have the value ")
        .hasMessageEndingWith("more than a 32-bit float holds: scale them first");
    assertThat(folder.resolve("again")).doesNotExist();
  }

  @Test
  void whatRoundingCostsAChannelIsSaid() {
    Narrowing narrowing = new Narrowing("features of train", "channel", 5);
    Random random = new Random(7);
    for (int i = 0; i < 100; i++) {
      double x = random.nextGaussian();
      // the spacing of floats is 0.008 at 101325, 128 at 1.7e9
      narrowing.round(i, new double[] {4, 1.7e9 + x, 101325 + 0.02 * x, x, 1e6 * x}, new float[5]);
    }
    assertThat(narrowing.sentences())
        .containsExactly(
            "features of train: 1 of 5 channels (0) have one value only, which tells a network"
                + " nothing",
            "features of train: 1 of 5 channels (1) become one value each when rounded to the 32-bit"
                + " floats of the file: subtract their offset first (--standardise does so for"
                + " features)",
            "features of train: 1 of 5 channels (2) lose more than 1 % of their deviation when"
                + " rounded to the 32-bit floats of the file: subtract their offset first"
                + " (--standardise does so for features)");
  }

  private static double[] channel(String type, double offset, double spread, int samples) {
    Random random = new Random(41);
    double[] values = new double[samples * LENGTH];
    for (int k = 0; k < values.length; k++) {
      double value = offset + spread * random.nextGaussian();
      values[k] = type.contains("f") ? value : Math.rint(value);
    }
    return values;
  }

  private void write(NumpySet set, String type, double[] train, double[] test) {
    set.array("x_train", npy(type, train))
        .array("y_train", npy("<i4", new double[train.length / LENGTH], train.length / LENGTH))
        .array("x_test", npy(type, test))
        .array("y_test", npy("<i4", new double[test.length / LENGTH], test.length / LENGTH))
        .write(folder.resolve("in"));
  }

  private static byte[] npy(String type, double[] values) {
    return npy(type, values, values.length / LENGTH, LENGTH);
  }

  private static byte[] npy(String type, double[] values, int... shape) {
    return NpyWriter.npy(type, false, shape, values);
  }

  private Manifest convert(boolean standardise) {
    return convert("out", standardise);
  }

  private Manifest convert(String output, boolean standardise) {
    return ConvertedSet.convert(
        new Configuration(),
        new NumpyOptions(folder.resolve("in").toUri().toString(), new Encoding.Plain()),
        folder.resolve(output).toUri().toString(),
        standardise);
  }

  /** As any other program reads the file. */
  private float[] features(Split split) throws IOException {
    List<Float> values = new ArrayList<>();
    var file =
        new org.apache.hadoop.fs.Path(folder.resolve("out/" + split.id() + ".parquet").toUri());
    try (ParquetReader<Group> rows = ParquetReader.builder(new GroupReadSupport(), file).build()) {
      for (Group row = rows.read(); row != null; row = rows.read()) {
        Group list = row.getGroup("features", 0);
        for (int k = 0; k < list.getFieldRepetitionCount("list"); k++) {
          values.add(list.getGroup("list", k).getFloat("element", 0));
        }
      }
    }
    float[] array = new float[values.size()];
    for (int k = 0; k < array.length; k++) {
      array[k] = values.get(k);
    }
    return array;
  }

  private static BigDecimal mean(double[] values) {
    BigDecimal sum = BigDecimal.ZERO;
    for (double value : values) {
      sum = sum.add(new BigDecimal(value));
    }
    return sum.divide(new BigDecimal(values.length), DIGITS);
  }

  private static BigDecimal deviation(double[] values, BigDecimal mean) {
    BigDecimal sum = BigDecimal.ZERO;
    for (double value : values) {
      sum = sum.add(new BigDecimal(value).subtract(mean).pow(2));
    }
    return sum.divide(new BigDecimal(values.length), DIGITS).sqrt(DIGITS);
  }

  private static Card card(int outputs) {
    return new Card(
        "set", "numbers", dev.mona.task.TaskKind.DENSE, outputs, List.of(), "a test", "CC0");
  }

  /** Samples of one channel whose labels are their features. */
  private static Samples dense(double[] values) {
    return new Samples() {
      @Override
      public int size() {
        return values.length / LENGTH;
      }

      @Override
      public SampleShape shape() {
        return SampleShape.series(1, LENGTH);
      }

      @Override
      public void features(int sample, double[] into) {
        System.arraycopy(values, sample * LENGTH, into, 0, LENGTH);
      }

      @Override
      public void labels(int sample, double[] into) {
        features(sample, into);
      }
    };
  }
}
