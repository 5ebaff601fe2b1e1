package dev.mona.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.mona.MonaException;
import dev.mona.convert.ConverterTest;
import dev.mona.convert.LogMelSpectrogram;
import dev.mona.example.LocalSpark;
import dev.mona.numpy.NpyArray;
import dev.mona.numpy.NpzReader;
import dev.mona.numpy.NumpyOptions;
import dev.mona.task.SampleBlock;
import dev.mona.task.SampleShape;
import dev.mona.task.TaskKind;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Converted sets read back, split, dealt and refused, in Spark. */
public class TargetDataSetIT {
  private static final SparkSession SPARK = LocalSpark.session("local[2]");

  private final Path directory;
  private final ConvertedSet set;

  TargetDataSetIT(@TempDir Path directory) {
    this.directory = directory;
    set = new ConvertedSet(SPARK, directory);
  }

  @AfterAll
  static void stop() {
    SPARK.stop();
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void readsBackWhatWasConverted(boolean fortran) {
    TargetDataSet data = set.convert(NumpySet.small(fortran), false).open();
    TargetSplits splits = data.split(new SplitOptions(1, 0, 0, 0));
    SampleBlock train = byId(splits.train(2).collect());
    assertThat(train.ids()).containsExactly(0, 1, 2, 3, 4, 5);
    assertThat(train.features()).containsExactly(floats(NumpySet.values(0, 6, 6)));
    assertThat(train.labels()).containsExactly(0, 1, 2, 0, 1, 2);
    assertThat(splits.validation(1).collect()).isEmpty();
    assertThat(splits.test(1).collect())
        .containsExactly(
            new SampleBlock(
                new long[] {6, 7, 8}, floats(NumpySet.values(6, 3, 6)), new float[] {2, 1, 0}));
    assertThat(data.taskSpec().kind()).isEqualTo(TaskKind.CLASSIFICATION);
  }

  @Test
  void readsMultiLabelSets() {
    TargetDataSet data = set.convert(ConverterTest.multiLabel(0), false).open();
    SampleBlock train = byId(data.split(new SplitOptions(1, 0, 4, 0)).train(1).collect());
    assertThat(train.size()).isEqualTo(4);
    float[] all = {1, 0, 0, 1, 1, 1, 0, 0, 1, 0, 0, 1};
    for (int i = 0; i < 4; i++) {
      int id = (int) train.ids()[i];
      assertThat(Arrays.copyOfRange(train.labels(), 2 * i, 2 * i + 2))
          .containsExactly(Arrays.copyOfRange(all, 2 * id, 2 * id + 2));
    }
  }

  @Test
  void standardisedChannelsHaveMean0AndVariance1OverTrain() {
    SampleBlock train =
        byId(
            set.convert(NumpySet.small(false), true)
                .open()
                .split(new SplitOptions(1, 0, 0, 0))
                .train(1)
                .collect());
    for (int c = 0; c < 2; c++) {
      double sum = 0;
      double squares = 0;
      for (int i = 0; i < 6; i++) {
        for (int k = 0; k < 3; k++) {
          float value = train.features()[i * 6 + c * 3 + k];
          sum += value;
          squares += value * value;
        }
      }
      assertThat(sum / 18).isCloseTo(0, within(1e-6));
      assertThat(squares / 18).isCloseTo(1, within(1e-6));
    }
  }

  @Test
  void theQuickstartsSequencesAreOneHotOfTheirSymbols() throws IOException {
    TargetDataSet data = quickstart();
    TargetSplits splits = data.split(new SplitOptions(5, 0.1, 512, 0));
    assertThat(splits.trainSize()).isEqualTo(512);
    assertThat(splits.validationSize()).isEqualTo(58 + 57 + 124);
    assertThat(splits.testSize()).isEqualTo(797);
    SampleBlock train = byId(splits.train(4).collect());
    SampleBlock all = byId(data.split(new SplitOptions(5, 0, 0, 0)).train(1).collect());
    int[] classes = IntStream.range(0, all.size()).map(i -> (int) all.labels()[i]).toArray();
    RankedSplit.Result ranked = RankedSplit.split(all.ids(), classes, 3, 0.1, 512, 5);
    assertThat(train.ids()).isEqualTo(ranked.train());
    assertThat(byId(splits.validation(1).collect()).ids()).isEqualTo(ranked.validation());
    assertThat(splits.train(4).collect().stream().map(TargetDataSetIT::ids))
        .isEqualTo(RankedDealing.oneByOne(5, ranked.train(), 4));
    try (NpzReader npz =
        NpzReader.open(SharedData.quickstart().resolve("data.npz").toFile(), "quickstart")) {
      NpyArray x = npz.read("x_train").orElseThrow();
      NpyArray y = npz.read("y_train").orElseThrow();
      for (int i = 0; i < train.size(); i++) {
        int id = (int) train.ids()[i];
        assertThat(train.labels()[i]).isEqualTo((float) y.integer(id));
        for (int c = 0; c < 4; c++) {
          for (int k = 0; k < 60; k++) {
            assertThat(train.features()[i * 240 + c * 60 + k])
                .isEqualTo(x.integer(id * 60 + k) == c ? 1 : 0);
          }
        }
      }
    }
  }

  @Test
  void trainValidationAndTestAreDisjoint() {
    TargetSplits splits = quickstart().split(new SplitOptions(5, 0.1, 0, 0));
    Set<Long> seen = new HashSet<>();
    List<SampleBlock> blocks = new ArrayList<>(splits.train(3).collect());
    blocks.addAll(splits.validation(1).collect());
    blocks.addAll(splits.test(1).collect());
    int samples = 0;
    for (SampleBlock block : blocks) {
      Arrays.stream(block.ids()).forEach(seen::add);
      samples += block.size();
    }
    assertThat(samples).isEqualTo(3186);
    assertThat(seen).hasSize(3186);
    for (SampleBlock block : splits.test(1).collect()) {
      assertThat(block.ids()[0]).isGreaterThanOrEqualTo(2389);
    }
  }

  @Test
  void aPartOfTestIsTheSameForEverySeed() {
    TargetDataSet data = quickstart();
    SampleBlock all = data.split(new SplitOptions(5, 0.1, 0, 0)).test(1).collect().get(0);
    TargetSplits splits = data.split(new SplitOptions(5, 0.1, 0, 50));
    SampleBlock part = splits.test(1).collect().get(0);
    assertThat(splits.testSize()).isEqualTo(50);
    assertThat(part.ids())
        .hasSize(50)
        .isSorted()
        .doesNotHaveDuplicates()
        .satisfies(ids -> assertThat(all.ids()).contains(ids))
        .isNotEqualTo(Arrays.copyOf(all.ids(), 50))
        .isEqualTo(data.split(new SplitOptions(6, 0, 0, 50)).test(1).collect().get(0).ids());
    assertThat(part.labels()[0])
        .isEqualTo(all.labels()[Arrays.binarySearch(all.ids(), part.ids()[0])]);
    assertThat(data.split(new SplitOptions(5, 0.1, 0, 798)).testSize()).isEqualTo(797);
  }

  @Test
  void balancedWeightsMakeClassesCountTheSame() {
    TargetDataSet data = quickstart();
    SampleBlock train = data.split(new SplitOptions(5, 0, 0, 0)).train(1).first();
    List<Double> weights = data.balancedClassWeights();
    double[] sums = new double[3];
    for (float label : train.labels()) {
      sums[(int) label] += weights.get((int) label);
    }
    assertThat(weights).hasSize(3).doesNotHaveDuplicates();
    double share = train.size() / 3.0;
    assertThat(sums).containsExactly(new double[] {share, share, share}, within(1e-6));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 5})
  void blocksDependOnSeedAndPartitionsOnly(int partitions) {
    TargetDataSet data = quickstart();
    SplitOptions options = new SplitOptions(5, 0.1, 128, 0);
    JavaRDD<SampleBlock> rdd = data.split(options).train(partitions);
    assertThat(rdd.getNumPartitions()).isEqualTo(partitions);
    List<SampleBlock> blocks = rdd.collect();
    assertThat(blocks).hasSize(partitions);
    assertThat(blocks)
        .extracting(SampleBlock::size)
        .allMatch(n -> n >= 128 / partitions && n <= 127 / partitions + 1);
    // the same rows in another order in the file
    set.replaceTrain(set.trainRows().orderBy(functions.rand(3)), 2389);
    assertThat(set.open().split(options).train(partitions).collect()).isEqualTo(blocks);
    assertThat(data.split(new SplitOptions(6, 0.1, 128, 0)).train(partitions).collect())
        .isNotEqualTo(blocks);
  }

  @Test
  void aSetsOwnValidationSplitIsUsed() {
    NumpySet withVal =
        NumpySet.small(false)
            .array(
                "x_val", NpyWriter.npy("<f4", false, new int[] {1, 2, 3}, NumpySet.values(9, 1, 6)))
            .array("y_val", NpyWriter.npy("|i1", false, new int[] {1}, 1));
    TargetSplits splits = set.convert(withVal, false).open().split(new SplitOptions(1, 0.5, 0, 0));
    assertThat(splits.trainSize()).isEqualTo(6);
    assertThat(splits.validation(1).collect())
        .containsExactly(
            new SampleBlock(new long[] {6}, floats(NumpySet.values(9, 1, 6)), new float[] {1}));
    assertThat(splits.test(1).collect().get(0).ids()).containsExactly(7, 8, 9);
  }

  @Test
  void refusesMorePartitionsThanSamples() {
    TargetSplits splits = quickstart().split(new SplitOptions(5, 0.1, 3, 0));
    assertThatThrownBy(() -> splits.train(4))
        .isInstanceOf(MonaException.class)
        .hasMessage("4 partitions cannot share 3 training samples: use at most 3 partitions");
  }

  @Test
  void fieldsAreReadBackWithEveryValue() {
    int[] grid = {3, 4};
    TargetDataSet data = set.convert(DenseSet.of(1, grid, grid), false).open();
    TargetSplits splits = data.split(new SplitOptions(1, 0.25, 0, 0));
    assertThat(splits.trainSize()).isEqualTo(3);
    assertThat(splits.validationSize()).isEqualTo(1);
    SampleBlock test = splits.test(1).collect().get(0);
    assertThat(test.ids()).containsExactly(4, 5);
    for (int k = 0; k < 24; k++) {
      assertThat(test.features()[k]).isEqualTo(k);
      assertThat(test.labels()[k]).isEqualTo((float) DenseSet.label(k));
    }
  }

  @Test
  void aSetMayHaveATestSplitOnly() {
    Path in = NumpySet.small(false).write(directory.resolve("in"));
    NumpyOptions options =
        new NumpyOptions(in.toString(), new Encoding.Plain(), false, Map.of(Split.TEST, "test"));
    String output = set.path().toString();
    ConvertedSet.convert(SPARK.sparkContext().hadoopConfiguration(), options, output, false);
    TargetSplits splits = set.open().split(new SplitOptions(1, 0.2, 0, 0));
    assertThat(splits.trainSize()).isZero();
    assertThat(splits.validation(1).collect()).isEmpty();
    assertThat(splits.test(1).collect())
        .containsExactly(
            new SampleBlock(
                new long[] {0, 1, 2}, floats(NumpySet.values(6, 3, 6)), new float[] {2, 1, 0}));
  }

  @Test
  void spokenDigitsBecomeTheSpectrogramsOfTheirSamples() throws IOException {
    Path source = SharedData.set("audio_fsdd");
    Encoding.LogMel mel = Encoding.LogMel.at(8000);
    TargetDataSet data = set.convert(source, mel, false).open();
    assertThat(data.manifest().shape()).isEqualTo(new SampleShape(1, 64, 97));
    SampleBlock test = data.split(new SplitOptions(1, 0.2, 0, 0)).test(1).collect().get(0);
    try (NpzReader npz = NpzReader.open(source.resolve("data.npz").toFile(), "audio_fsdd")) {
      NpyArray x = npz.read("x_test").orElseThrow();
      double[] pcm = new double[8000];
      for (int n = 0; n < 8000; n++) {
        pcm[n] = x.integer(2 * 8000 + n) / 32768.0;
      }
      double[] image = new LogMelSpectrogram(mel).of(pcm);
      float[] rounded = new float[image.length];
      for (int k = 0; k < image.length; k++) {
        rounded[k] = (float) image[k];
      }
      assertThat(Arrays.copyOfRange(test.features(), 2 * 6208, 3 * 6208)).isEqualTo(rounded);
    }
  }

  @Test
  void darcyFlowIsAFieldOnTheGridOfItsPermeability() throws IOException {
    Path source = SharedData.set("pde_darcy16");
    TargetDataSet data = set.convert(source, new Encoding.Plain(), false).open();
    assertThat(data.manifest().shape()).isEqualTo(new SampleShape(1, 16, 16));
    assertThat(data.manifest().outputs()).isEqualTo(1);
    SampleBlock test = data.split(new SplitOptions(1, 0.2, 0, 0)).test(1).collect().get(0);
    try (NpzReader npz = NpzReader.open(source.resolve("data.npz").toFile(), "pde_darcy16")) {
      NpyArray y = npz.read("y_test").orElseThrow();
      for (int k = 0; k < test.labels().length; k++) {
        assertThat(test.labels()[k]).isEqualTo((float) y.value(k));
      }
    }
    NumpyOptions fine =
        new NumpyOptions(
            source.toString(), new Encoding.Plain(), false, Map.of(Split.TEST, "test_32"));
    Manifest manifest =
        ConvertedSet.convert(
            SPARK.sparkContext().hadoopConfiguration(),
            fine,
            directory.resolve("fine").toString(),
            false);
    assertThat(manifest.shape()).isEqualTo(new SampleShape(1, 32, 32));
    assertThat(manifest.splits()).containsOnlyKeys(Split.TEST);
  }

  @Test
  void everySharedSetOfClassesConvertsAndReadsBack() {
    for (String name : List.of("satellite_crop", "ecg_ecg5000", "emg_myo", "accel_hmp")) {
      Path source = SharedData.set(name);
      String output = directory.resolve(name).toString();
      Manifest manifest =
          ConvertedSet.convert(
              SPARK.sparkContext().hadoopConfiguration(),
              new NumpyOptions(source.toString(), new Encoding.Plain()),
              output,
              false);
      TargetSplits splits = TargetDataSet.open(SPARK, output).split(new SplitOptions(1, 0.2, 0, 0));
      List<SampleBlock> test = splits.test(1).collect();
      assertThat(test.stream().mapToInt(SampleBlock::size).sum())
          .as(name)
          .isEqualTo(manifest.split(Split.TEST).orElseThrow().samples());
      assertRow(source, manifest, test.get(0), name);
    }
  }

  /** The first test sample against its array. */
  private static void assertRow(Path source, Manifest manifest, SampleBlock test, String name) {
    try (NpzReader npz = NpzReader.open(source.resolve("data.npz").toFile(), name)) {
      NpyArray x = npz.read("x_test").orElseThrow();
      NpyArray y = npz.read("y_test").orElseThrow();
      int f = manifest.shape().length();
      for (int k = 0; k < 3 * f; k++) {
        assertThat(test.features()[k]).as(name).isEqualTo((float) x.value(k));
      }
      assertThat(test.labels()[2]).as(name).isEqualTo((float) y.integer(2));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static List<Long> ids(SampleBlock block) {
    return Arrays.stream(block.ids()).boxed().toList();
  }

  private TargetDataSet quickstart() {
    return set.convert(SharedData.quickstart(), new Encoding.OneHot(4), false).open();
  }

  private static SampleBlock byId(List<SampleBlock> blocks) {
    int samples = blocks.stream().mapToInt(SampleBlock::size).sum();
    int f = blocks.get(0).features().length / blocks.get(0).size();
    int l = blocks.get(0).labels().length / blocks.get(0).size();
    long[] ids = new long[samples];
    float[] features = new float[samples * f];
    float[] labels = new float[samples * l];
    int at = 0;
    for (SampleBlock block : blocks) {
      System.arraycopy(block.ids(), 0, ids, at, block.size());
      System.arraycopy(block.features(), 0, features, at * f, block.features().length);
      System.arraycopy(block.labels(), 0, labels, at * l, block.labels().length);
      at += block.size();
    }
    Integer[] order = new Integer[samples];
    Arrays.setAll(order, i -> i);
    Arrays.sort(order, (a, b) -> Long.compare(ids[a], ids[b]));
    return new SampleBlock(ids, features, labels)
        .select(Arrays.stream(order).mapToInt(Integer::intValue).toArray());
  }

  private static float[] floats(double[] values) {
    float[] floats = new float[values.length];
    for (int i = 0; i < values.length; i++) {
      floats[i] = (float) values[i];
    }
    return floats;
  }
}
