package dev.mona.convert;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.mona.MonaException;
import dev.mona.data.ConvertedSet;
import dev.mona.data.Encoding;
import dev.mona.data.Manifest;
import dev.mona.data.ManifestJson;
import dev.mona.data.NpyWriter;
import dev.mona.data.NumpySet;
import dev.mona.data.SharedData;
import dev.mona.data.Split;
import dev.mona.data.SplitFiles;
import dev.mona.data.Standardisation;
import dev.mona.data.TargetDataSetIT;
import dev.mona.numpy.NumpyOptions;
import dev.mona.storage.Sha256;
import dev.mona.task.SampleShape;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is written and what is refused; reading back is {@link TargetDataSetIT}'s. */
public class ConverterTest {
  private static final Encoding PLAIN = new Encoding.Plain();

  private final Path directory;

  ConverterTest(@TempDir Path directory) {
    this.directory = directory;
  }

  @Test
  void writesOneFileASplitAndAManifestThatDescribesThem() throws IOException {
    NumpySet.small(false).write(directory.resolve("in"));
    Manifest manifest = convert(PLAIN, false);
    assertThat(list(directory.resolve("out")))
        .containsExactly("manifest.json", "test.parquet", "train.parquet");
    assertThat(list(directory)).containsExactly("in", "out");
    byte[] json = Files.readAllBytes(directory.resolve("out/manifest.json"));
    assertThat(ManifestJson.read(json, "manifest")).isEqualTo(manifest);
    assertThat(manifest.shape()).isEqualTo(SampleShape.series(2, 3));
    assertThat(manifest.features().standardisation()).isNull();
    SplitFiles train = manifest.split(Split.TRAIN).orElseThrow();
    assertThat(train.samples()).isEqualTo(6);
    Path file = directory.resolve("out/train.parquet");
    assertThat(train.bytes()).isEqualTo(Files.size(file));
    assertThat(train.sha256()).isEqualTo(Sha256.of(Files.newInputStream(file)));
  }

  @Test
  void theSameInputGivesTheSameBytesWhateverItsForm() throws IOException {
    NumpySet.small(false).write(directory.resolve("in"));
    convert(PLAIN, false);
    NumpySet.small(true).without("file").write(directory.resolve("npy"));
    ConvertedSet.convert(
        new Configuration(),
        new NumpyOptions(directory.resolve("npy").toUri().toString(), PLAIN),
        path("again"),
        false);
    for (String file : list(directory.resolve("out"))) {
      assertThat(directory.resolve("again").resolve(file))
          .hasSameBinaryContentAs(directory.resolve("out").resolve(file));
    }
  }

  @Test
  void standardisesByTrain() {
    NumpySet.small(false).write(directory.resolve("in"));
    Standardisation standardisation = convert(PLAIN, true).features().standardisation();
    assertThat(standardisation).isNotNull();
    if (standardisation != null) {
      // channel c of sample i holds 10 i + 3 c + {0, 1, 2}: mean 25 + 3 c + 1, variance 100 * 35/12
      // + 2/3
      double sd = Math.sqrt(100 * 35 / 12.0 + 2 / 3.0);
      assertThat(standardisation.mean().get(0)).isCloseTo(26, within(1e-12));
      assertThat(standardisation.mean().get(1)).isCloseTo(29, within(1e-12));
      assertThat(standardisation.sd()).allSatisfy(s -> assertThat(s).isCloseTo(sd, within(1e-12)));
    }
  }

  @Test
  void aConstantChannelIsLeftAtTheDeviation1() {
    double[] tenths = new double[36];
    java.util.Arrays.fill(tenths, 0.1);
    NumpySet.small(false)
        .array("x_train", NpyWriter.npy("<f4", false, new int[] {6, 2, 3}, tenths))
        .write(directory.resolve("in"));
    Standardisation standardisation = convert(PLAIN, true).features().standardisation();
    assertThat(standardisation).isNotNull();
    if (standardisation != null) {
      assertThat(standardisation.sd()).containsExactly(1.0, 1.0);
    }
  }

  @Test
  void oneHotMakesChannelsOfSymbols() {
    symbols(3).write(directory.resolve("in"));
    Manifest manifest = convert(new Encoding.OneHot(4), false);
    assertThat(manifest.shape()).isEqualTo(SampleShape.series(4, 2));
    assertThat(manifest.features().encoding()).isEqualTo(new Encoding.OneHot(4));
  }

  @Test
  void refusesSymbolsOutOfRange() {
    refuses(
        symbols(4),
        new Encoding.OneHot(4),
        "x_train has the symbol 4 in sample 1, position 0: one-hot of 4 symbols takes 0 to 3");
    refuses(symbols(-1), new Encoding.OneHot(4), "x_train has the symbol -1 in sample 1");
    refuses(NumpySet.small(false), new Encoding.OneHot(4), "one-hot needs [samples, length]");
  }

  @Test
  void refusesMissingArraysAndFiles() {
    refuses(NumpySet.small(false).without("x_train"), "has no array x_train");
    refuses(NumpySet.small(false).without("y_test"), "has no array y_test");
    refuses(
        NumpySet.small(false).field("splits", "{\"train\": 6, \"val\": 2}"), "has no array x_val");
    refuses(NumpySet.small(false).field("file", "\"other.npz\""), "other.npz does not exist");
    assertThatThrownBy(
            () ->
                ConvertedSet.convert(
                    new Configuration(),
                    new NumpyOptions(path("nowhere"), PLAIN),
                    path("out"),
                    false))
        .isInstanceOf(MonaException.class)
        .hasMessageContaining("nowhere/card.json does not exist");
  }

  @Test
  void refusesWrongShapes() {
    refuses(
        NumpySet.small(false).array("x_test", NpyWriter.npy("<f4", false, new int[] {3}, 1, 2, 3)),
        "x_test has shape [3]: it must be [samples, length]");
    refuses(
        NumpySet.small(false)
            .array("x_test", NpyWriter.npy("<f4", false, new int[] {3, 2, 2}, new double[12])),
        "test has samples of 2 x 2 values and the split before of 2 x 3: all splits must have one shape");
    refuses(
        NumpySet.small(false).array("y_train", NpyWriter.npy("|i1", false, new int[] {2}, 0, 1)),
        "y_train has shape [2]: to go with x_train it must be [6]");
    refuses(
        NumpySet.small(false).array("x_train", NpyWriter.npy("<f4", false, new int[] {0, 2, 3})),
        "x_train has shape [0, 2, 3]: it must be");
    refuses(
        NumpySet.small(false).field("splits", "{\"train\": 7}"),
        "x_train has 6 samples and the card says 7");
  }

  @Test
  void refusesWrongLabels() {
    refuses(
        NumpySet.small(false)
            .array("y_train", NpyWriter.npy("|i1", false, new int[] {6}, 0, 1, 3, 0, 1, 2)),
        "y_train has the label 3 for sample 2: 3 classes have labels 0 to 2");
    refuses(
        NumpySet.small(false).array("y_test", NpyWriter.npy("|i1", false, new int[] {3}, 0, -1, 2)),
        "y_test has the label -1 for sample 1");
    refuses(
        NumpySet.small(false).array("y_test", NpyWriter.npy("<f4", false, new int[] {3}, 0, 1, 2)),
        "y_test has dtype f4: class labels must be whole numbers");
    refuses(multiLabel(0.5), "y_train has the value 0.5 for sample 1, label 0: labels are 0 or 1");
  }

  @Test
  void refusesValuesThatAreNoNumbers() {
    for (double bad : new double[] {Double.NaN, Double.POSITIVE_INFINITY}) {
      double[] values = NumpySet.values(0, 6, 6);
      values[2 * 6 + 4] = bad;
      refuses(
          NumpySet.small(false)
              .array("x_train", NpyWriter.npy("<f8", false, new int[] {6, 2, 3}, values)),
          "x_train has the value " + bad + " in sample 2, channel 1, position 1");
    }
    double[] large = NumpySet.values(0, 6, 6);
    large[2 * 6 + 4] = 1e300;
    refuses(
        NumpySet.small(false)
            .array("x_train", NpyWriter.npy("<f8", false, new int[] {6, 2, 3}, large)),
        "features of train have the value 1.0E300 in sample 2, channel 1, position 1");
  }

  /** As a clone without Git LFS, or a download that was answered with a page, leaves them. */
  @Test
  void namesWhatLiesInThePlaceOfAFile() throws IOException {
    Path in = NumpySet.small(false).write(directory.resolve("in"));
    String pointer = "version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 1\n";
    Files.writeString(in.resolve("data.npz"), pointer);
    assertThatThrownBy(() -> convert(PLAIN, false))
        .hasMessageContaining("data.npz is a pointer of Git LFS");
    Files.writeString(in.resolve("card.json"), "<!DOCTYPE html><html></html>");
    assertThatThrownBy(() -> convert(PLAIN, false))
        .hasMessageContaining("card.json is an HTML page");
    Files.delete(in.resolve("data.npz"));
    NumpySet.small(false).without("file").write(in);
    Files.writeString(in.resolve("x_train.npy"), pointer);
    assertThatThrownBy(() -> convert(PLAIN, false))
        .hasMessageContaining("x_train.npy is a pointer of Git LFS");
  }

  @Test
  void cardsMayBeginWithAByteOrderMarkAndAreUtf8() throws IOException {
    Path card = NumpySet.small(false).write(directory.resolve("in")).resolve("card.json");
    String json = Files.readString(card).replace("a test", "d'après");
    Files.writeString(card, "\uFEFF" + json);
    assertThat(convert(PLAIN, false).origin().source()).isEqualTo("d'après");
    Files.writeString(card, json, StandardCharsets.ISO_8859_1);
    assertThatThrownBy(() -> convert(PLAIN, false))
        .hasMessageContaining("card.json is not text in UTF-8: save it in UTF-8");
  }

  @Test
  void refusesWrongCards() {
    refuses(
        NumpySet.small(false).field("task", "\"ranking\""),
        "card.json: task must be classification, multi_label or dense, is '\"ranking\"'");
    refuses(
        NumpySet.small(false).without("licence").field("classes", "1"),
        "classes must be a whole number from 2 to 65536, is '1'; licence must be text");
    refuses(
        NumpySet.small(false).field("class_names", "[\"a\"]"),
        "class_names has 1 names for 3 classes");
    refuses(
        NumpySet.small(false).field("file", "\"../data.npz\""), "file must be a plain file name");
    refuses(
        NumpySet.small(false).field("sha256", "\"" + "0".repeat(64) + "\""),
        "and its card says 0000");
  }

  @Test
  void overwritesNothing() throws IOException {
    NumpySet.small(false).write(directory.resolve("in"));
    Path precious = Files.createDirectories(directory.resolve("out")).resolve("precious");
    Files.createFile(precious);
    assertThatThrownBy(() -> convert(PLAIN, false))
        .isInstanceOf(MonaException.class)
        .hasMessageContaining("out exists and is not this data set: choose");
    assertThat(precious).exists();
  }

  @Test
  void theSameSetIsLeftAsItIsAndAnotherRefused() throws IOException {
    NumpySet.small(false).write(directory.resolve("in"));
    Manifest first = convert(PLAIN, false);
    Path train = directory.resolve("out/train.parquet");
    FileTime written = Files.getLastModifiedTime(train);
    assertThat(convert(PLAIN, false)).isEqualTo(first);
    assertThatThrownBy(() -> convert(PLAIN, true))
        .isInstanceOf(MonaException.class)
        .hasMessageContaining("exists and is not this data set");
    assertThat(Files.getLastModifiedTime(train)).isEqualTo(written);
    assertThat(list(directory)).containsExactly("in", "out");
  }

  /** Another process may write other bytes into a footer, but not into a page. */
  @Test
  void theSameSetIsToldByItsPages() throws IOException {
    NumpySet.small(false).write(directory.resolve("in"));
    Manifest first = convert(PLAIN, false);
    byte[] file = Files.readAllBytes(directory.resolve("out/train.parquet"));
    change(file.length - 9);
    assertThat(convert(PLAIN, false)).isEqualTo(first);
    change(file.length / 4);
    assertThatThrownBy(() -> convert(PLAIN, false))
        .isInstanceOf(MonaException.class)
        .hasMessageContaining("exists and is not this data set");
  }

  /** Flips a byte of the train split and mends its checksum. */
  private void change(int at) throws IOException {
    Path train = directory.resolve("out/train.parquet");
    Path manifest = directory.resolve("out/manifest.json");
    String before = Sha256.of(Files.newInputStream(train));
    byte[] file = Files.readAllBytes(train);
    file[at] ^= 1;
    Files.write(train, file);
    String after = Sha256.of(Files.newInputStream(train));
    Files.writeString(manifest, Files.readString(manifest).replace(before, after));
  }

  @Test
  void oneHotIsNotStandardised() {
    symbols(3).write(directory.resolve("in"));
    assertThatThrownBy(() -> convert(new Encoding.OneHot(4), true))
        .isInstanceOf(MonaException.class)
        .hasMessageContaining("one-hot symbols cannot be standardised");
  }

  /** The quickstart's set converts, and its class names survive. */
  @Test
  void convertsTheQuickstartsSet() {
    Manifest manifest =
        ConvertedSet.convert(
            new Configuration(),
            new NumpyOptions(SharedData.quickstart().toString(), new Encoding.OneHot(4)),
            path("out"),
            false);
    assertThat(manifest.taskSpec().featureLength()).isEqualTo(240);
    assertThat(manifest.prediction().classNames()).containsExactly("ei", "ie", "n");
    assertThat(manifest.split(Split.TRAIN).orElseThrow().samples()).isEqualTo(2389);
    assertThat(manifest.split(Split.TEST).orElseThrow().samples()).isEqualTo(797);
    assertThat(manifest.split(Split.VAL)).isEmpty();
  }

  public static NumpySet multiLabel(double value) {
    return NumpySet.small(false)
        .field("task", "\"multi_label\"")
        .field("classes", "2")
        .array(
            "y_train",
            NpyWriter.npy("<f4", true, new int[] {6, 2}, 1, 0, value, 1, 1, 1, 0, 0, 1, 0, 0, 1))
        .array("y_test", NpyWriter.npy("|b1", false, new int[] {3, 2}, 1, 0, 0, 1, 1, 1));
  }

  private static NumpySet symbols(int third) {
    return NumpySet.small(false)
        .array(
            "x_train",
            NpyWriter.npy("|i1", true, new int[] {6, 2}, 0, 1, third, 3, 0, 0, 1, 1, 2, 2, 3, 3))
        .array("x_test", NpyWriter.npy("|i1", false, new int[] {3, 2}, 0, 1, 2, 3, 0, 0));
  }

  private Manifest convert(Encoding encoding, boolean standardise) {
    return ConvertedSet.convert(
        new Configuration(), new NumpyOptions(path("in"), encoding), path("out"), standardise);
  }

  private void refuses(NumpySet set, String problem) {
    refuses(set, PLAIN, problem);
  }

  private void refuses(NumpySet set, Encoding encoding, String problem) {
    set.write(directory.resolve("in"));
    assertThatThrownBy(() -> convert(encoding, false))
        .isInstanceOfSatisfying(
            MonaException.class,
            e -> assertThat(e.category()).isEqualTo(MonaException.Category.DATA))
        .hasMessageContaining(problem)
        .hasMessageNotContaining("\n");
    assertThat(list(directory)).as("nothing half-written").containsExactly("in");
  }

  private String path(String name) {
    return directory.resolve(name).toString();
  }

  private static List<String> list(Path path) {
    try (Stream<Path> files = Files.list(path)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
