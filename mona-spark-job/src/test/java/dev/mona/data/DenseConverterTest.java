package dev.mona.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.mona.MonaException;
import dev.mona.numpy.NumpyOptions;
import dev.mona.task.Loss;
import dev.mona.task.LossOptions;
import dev.mona.task.SampleShape;
import dev.mona.task.TargetScale;
import dev.mona.task.TaskKind;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Images, fields, spectrograms and splits of other arrays; values are {@link TargetDataSetIT}'s.
 */
class DenseConverterTest {
  private static final Encoding PLAIN = new Encoding.Plain();

  private final Path directory;

  DenseConverterTest(@TempDir Path directory) {
    this.directory = directory;
  }

  @Test
  void aFieldOnTheGridOfTheFeaturesMakesThemAnImage() {
    Manifest manifest = convert(DenseSet.of(1, shape(3, 4), shape(3, 4)));
    assertThat(manifest.kind()).isEqualTo(TaskKind.DENSE);
    assertThat(manifest.shape()).isEqualTo(new SampleShape(1, 3, 4));
    assertThat(manifest.taskSpec().labelLength()).isEqualTo(12);
    assertThat(manifest.taskSpec().loss()).isEqualTo(LossOptions.of(TaskKind.DENSE));
  }

  @Test
  void shapesOfFeaturesAndLabelsDecideTogether() {
    assertShape(DenseSet.of(1, shape(3, 4), shape(1, 3, 4)), new SampleShape(1, 3, 4));
    assertShape(DenseSet.of(2, shape(3, 4), shape(2, 3, 4)), new SampleShape(1, 3, 4));
    assertShape(DenseSet.of(1, shape(2, 3, 4), shape(3, 4)), new SampleShape(2, 3, 4));
    assertShape(DenseSet.of(5, shape(2, 3, 4), shape(5, 3, 4)), new SampleShape(2, 3, 4));
    assertShape(DenseSet.of(1, shape(4), shape(4)), SampleShape.series(1, 4));
    assertShape(DenseSet.of(1, shape(3, 4), shape(4)), SampleShape.series(3, 4));
    assertShape(DenseSet.of(1, shape(3, 4), shape(1, 4)), SampleShape.series(3, 4));
    // as many channels as outputs: still a series
    assertShape(DenseSet.of(3, shape(3, 4), shape(3, 4)), SampleShape.series(3, 4));
  }

  @Test
  void classificationReadsImagesWhenAsked() throws Exception {
    NumpySet.small(false).write(directory.resolve("in"));
    NumpyOptions images = new NumpyOptions(path("in"), PLAIN, true, Map.of());
    Manifest manifest = ConvertedSet.convert(new Configuration(), images, path("out"), false);
    assertThat(manifest.shape()).isEqualTo(new SampleShape(1, 2, 3));
    assertThat(Files.readString(directory.resolve("out/manifest.json")))
        .contains("\"channels\" : 1", "\"height\" : 2", "\"width\" : 3")
        .doesNotContain("length");
    assertThatThrownBy(() -> new NumpyOptions("in", new Encoding.OneHot(4), true, Map.of()))
        .hasMessageContaining("only plain numbers are read as images");
  }

  @Test
  void colourImagesNeedNoOption() {
    NumpySet set =
        NumpySet.small(false)
            .array("x_train", DenseSet.features(6, 3, 2, 5))
            .array("x_test", DenseSet.features(3, 3, 2, 5));
    assertShape(set, new SampleShape(3, 2, 5));
  }

  @Test
  void theScaleIsMeanAndDeviationOfEachOutputOverTrain() {
    Manifest manifest = convert(DenseSet.of(2, shape(3, 4), shape(2, 3, 4)));
    for (int o = 0; o < 2; o++) {
      double sum = 0;
      double squares = 0;
      for (int i = 0; i < 4; i++) {
        for (int k = 0; k < 12; k++) {
          double value = DenseSet.label(i * 24 + o * 12 + k);
          sum += value;
          squares += value * value;
        }
      }
      double mean = sum / 48;
      assertThat(manifest.scale().mean().get(o)).isCloseTo(mean, within(1e-6));
      // exact in the float of a model file
      assertThat((double) manifest.scale().mean().get(o).floatValue())
          .isEqualTo(manifest.scale().mean().get(o));
      assertThat(manifest.scale().sd().get(o))
          .isCloseTo(Math.sqrt(squares / 48 - mean * mean), within(1e-6));
    }
    assertThat(manifest.taskSpec().scale()).isEqualTo(manifest.scale());
    LossOptions binary = new LossOptions(Loss.BINARY_CROSS_ENTROPY, 1, 0);
    assertThat(manifest.taskSpec(binary).scale()).isEqualTo(TargetScale.none(2));
  }

  @Test
  void aConstantFieldHasTheDeviation1() {
    byte[] sevens = NpyWriter.npy("<f4", false, shape(4, 3), repeat(7, 12));
    Manifest manifest = convert(DenseSet.of(1, shape(3), shape(3)).array("y_train", sevens));
    assertThat(manifest.scale()).isEqualTo(new TargetScale(List.of(7.0), List.of(1.0)));
  }

  @Test
  void maskedBinaryFieldsHaveNoScale() {
    byte[] mask = NpyWriter.npy("|i1", false, shape(4, 3), 0, 1, -1, 0, 0, 1, -1, -1, 1, 0, 0, 0);
    assertThat(convert(DenseSet.of(1, shape(3), shape(3)).array("y_train", mask)).scale())
        .isEqualTo(TargetScale.none(1));
  }

  @Test
  void aSplitCanBeMadeOfOtherArraysAndBeAlone() {
    NumpySet set =
        DenseSet.of(1, shape(2, 2), shape(2, 2))
            .field("splits", "{\"train\": 4, \"test\": 2, \"test_32\": 3}")
            .array("x_test_32", DenseSet.features(3, 4, 4))
            .array("y_test_32", DenseSet.labels(3, 4, 4));
    set.write(directory.resolve("in"));
    NumpyOptions fine = new NumpyOptions(path("in"), PLAIN, false, Map.of(Split.TEST, "test_32"));
    Manifest manifest = ConvertedSet.convert(new Configuration(), fine, path("fine"), false);
    assertThat(manifest.shape()).isEqualTo(new SampleShape(1, 4, 4));
    assertThat(manifest.splits()).containsOnlyKeys(Split.TEST);
    assertThat(manifest.split(Split.TEST).orElseThrow().samples()).isEqualTo(3);
    assertThat(manifest.scale().isNone()).isTrue();
    assertThatThrownBy(() -> ConvertedSet.convert(new Configuration(), fine, path("other"), true))
        .isInstanceOf(MonaException.class)
        .hasMessageContaining("field has no train split to be standardised by");
    NumpyOptions mixed =
        new NumpyOptions(
            path("in"), PLAIN, false, Map.of(Split.TRAIN, "train", Split.TEST, "test_32"));
    assertThatThrownBy(() -> ConvertedSet.convert(new Configuration(), mixed, path("mixed"), false))
        .isInstanceOf(MonaException.class)
        .hasMessageContaining("test has samples of 1 x 4 x 4 values and the split before of 1 x 2");
    NumpyOptions absent = new NumpyOptions(path("in"), PLAIN, false, Map.of(Split.TEST, "best"));
    assertThatThrownBy(
            () -> ConvertedSet.convert(new Configuration(), absent, path("absent"), false))
        .hasMessageContaining("has no array x_best");
    NumpyOptions train = new NumpyOptions(path("in"), PLAIN, false, Map.of(Split.TRAIN, "train"));
    assertThatThrownBy(() -> ConvertedSet.convert(new Configuration(), train, path("train"), false))
        .hasMessageContaining("field has no test split");
    assertThatThrownBy(() -> new NumpyOptions("in", PLAIN, false, Map.of(Split.TEST, "../test")))
        .hasMessageContaining("arrays named \"../test\"");
  }

  @Test
  void refusesFieldsThatDoNotFit() {
    refuses(
        DenseSet.of(1, shape(2, 3), shape(2, 4)),
        "y_train has shape [4, 2, 4]: to go with x_train it must be [4, 1, 3]");
    refuses(
        DenseSet.of(2, shape(5), shape(5)),
        "y_train has shape [4, 5]: to go with x_train it must be [4, 2, 5]");
    refuses(
        DenseSet.of(1, shape(5), shape(5))
            .array("y_test", NpyWriter.npy("<f4", false, shape(2, 5), repeat(Double.NaN, 10))),
        "y_test has the value NaN for sample 0, position 0");
    refuses(
        NumpySet.small(false).array("x_train", DenseSet.features(6, 1, 1, 2, 3)),
        "x_train has shape [6, 1, 1, 2, 3]: it must be [samples, length]");
  }

  @Test
  void soundsBecomeSpectrograms() {
    NumpySet set =
        NumpySet.small(false)
            .array("x_train", NpyWriter.npy("<i2", false, shape(6, 300), repeat(9, 1800)))
            .array("x_test", NpyWriter.npy("<i2", false, shape(3, 300), repeat(9, 900)));
    set.write(directory.resolve("in"));
    Encoding mel = new Encoding.LogMel(8000, 128, 80, 16);
    NumpyOptions options = new NumpyOptions(path("in"), mel);
    Manifest manifest = ConvertedSet.convert(new Configuration(), options, path("out"), false);
    assertThat(manifest.shape()).isEqualTo(new SampleShape(1, 16, 3));
    assertThat(manifest.encoding()).isEqualTo(mel);
    set.array("x_test", NpyWriter.npy("<i4", false, shape(3, 300), repeat(9, 900)));
    set.write(directory.resolve("in"));
    assertThatThrownBy(
            () -> ConvertedSet.convert(new Configuration(), options, path("other"), false))
        .hasMessageContaining("x_test has shape [3, 300] of i4: log-mel needs");
    set.array("x_train", NpyWriter.npy("<i2", false, shape(6, 127), repeat(9, 762)));
    set.write(directory.resolve("in"));
    assertThatThrownBy(
            () -> ConvertedSet.convert(new Configuration(), options, path("other"), false))
        .hasMessageContaining("x_train has sounds of 127 samples, shorter than a frame of 128");
  }

  private void assertShape(NumpySet set, SampleShape shape) {
    assertThat(convert(set).shape()).isEqualTo(shape);
  }

  private Manifest convert(NumpySet set) {
    Path in = directory.resolve("in" + System.identityHashCode(set));
    set.write(in);
    String out = in.resolve("out").toString();
    NumpyOptions options = new NumpyOptions(in.toString(), PLAIN);
    return ConvertedSet.convert(new Configuration(), options, out, false);
  }

  private void refuses(NumpySet set, String problem) {
    assertThatThrownBy(() -> convert(set))
        .isInstanceOf(MonaException.class)
        .hasMessageContaining(problem);
  }

  private String path(String name) {
    return directory.resolve(name).toString();
  }

  private static int[] shape(int... axes) {
    return axes;
  }

  private static double[] repeat(double value, int times) {
    double[] values = new double[times];
    java.util.Arrays.fill(values, value);
    return values;
  }
}
