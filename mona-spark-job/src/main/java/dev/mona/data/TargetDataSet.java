package dev.mona.data;

import static java.util.Objects.requireNonNull;

import dev.mona.MonaException;
import dev.mona.Reason;
import dev.mona.data.StratifiedSplit.Part;
import dev.mona.data.StratifiedSplit.Strata;
import dev.mona.spark.SparkJob;
import dev.mona.storage.Location;
import dev.mona.task.LossOptions;
import dev.mona.task.TaskKind;
import dev.mona.task.TaskSpec;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.catalyst.InternalRow;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A data set that was checked as a whole: manifest, checksums, columns, and every value of every
 * sample. What comes out of it needs no further checks. Files and rows are read by tasks.
 */
public final class TargetDataSet {
  private static final Logger LOG = LoggerFactory.getLogger(TargetDataSet.class);
  private static final int MAX_MANIFEST_BYTES = 16 << 20;

  private final Manifest manifest;
  private final Map<Split, SampleRows> rows;
  private final Map<Split, SplitScan> scans;

  private TargetDataSet(
      Manifest manifest, Map<Split, SampleRows> rows, Map<Split, SplitScan> scans) {
    this.manifest = manifest;
    this.rows = rows;
    this.scans = scans;
  }

  /**
   * Opens a data set and reads it once.
   *
   * @param path directory of the manifest, on any file system that Hadoop knows
   * @throws MonaException if anything about it is wrong, in one sentence
   */
  public static TargetDataSet open(SparkSession spark, String path) {
    Path directory = Location.of(path);
    Manifest manifest = readManifest(spark.sparkContext().hadoopConfiguration(), directory, path);
    List<FileCheck> files = new ArrayList<>();
    for (SplitFiles split : manifest.splits().values()) {
      for (SplitFile file : split.files()) {
        files.add(new FileCheck(where(directory, split, file), file.bytes(), file.sha256()));
      }
    }
    FileCheck.all(spark, files, manifest.name());
    Map<Split, SampleRows> rows = new EnumMap<>(Split.class);
    Map<Split, SplitScan> scans = new EnumMap<>(Split.class);
    TaskSpec task = manifest.taskSpec();
    manifest
        .splits()
        .forEach(
            (split, its) ->
                SparkJob.described(
                    spark.sparkContext(),
                    checking(split, manifest),
                    () -> {
                      List<String> paths =
                          its.files().stream().map(file -> where(directory, its, file)).toList();
                      SampleRows opened = SampleRows.open(spark, paths, task, its.name());
                      SplitScan scan = opened.scan();
                      check(its, scan);
                      rows.put(split, opened);
                      scans.put(split, scan);
                      return scan;
                    }));
    return checked(spark, manifest, rows, scans, path);
  }

  /**
   * A data set whose samples are held by executors and in no file. It is read once.
   *
   * @param manifest without files
   * @param samples of each split that there is, train at least: {@code long} id, an array of
   *     floats, and an {@code int} class or an array of floats; read many times, so the caller
   *     keeps them
   * @throws MonaException if anything about them is wrong, in one sentence
   */
  public static TargetDataSet of(
      SparkSession spark, Manifest manifest, Map<Split, JavaRDD<InternalRow>> samples) {
    Map<Split, SampleRows> rows = new EnumMap<>(Split.class);
    Map<Split, SplitScan> scans = new EnumMap<>(Split.class);
    TaskSpec task = manifest.taskSpec();
    samples.forEach(
        (split, its) ->
            SparkJob.described(
                spark.sparkContext(),
                checking(split, manifest),
                () -> {
                  SampleRows held = SampleRows.of(its, task, "split " + split.id());
                  SplitScan scan = held.scan();
                  check(scan);
                  rows.put(split, held);
                  scans.put(split, scan);
                  return scan;
                }));
    return checked(spark, manifest, rows, scans, "in memory");
  }

  private static String checking(Split split, Manifest manifest) {
    return "check " + split.id() + " of " + manifest.name();
  }

  private static TargetDataSet checked(
      SparkSession spark,
      Manifest manifest,
      Map<Split, SampleRows> rows,
      Map<Split, SplitScan> scans,
      String path) {
    if (!SplitScan.distinct(scans.values())) {
      checkDistinct(spark, rows);
    }
    SplitScan train = scans.get(Split.TRAIN);
    if (train != null && manifest.kind() != TaskKind.DENSE) {
      checkClasses(manifest, train);
    }
    LOG.info(
        "opened data name={} path={} sample={} outputs={} splits={}",
        manifest.name(),
        path,
        manifest.shape(),
        manifest.outputs(),
        rows.keySet());
    return new TargetDataSet(manifest, rows, scans);
  }

  public Manifest manifest() {
    return manifest;
  }

  /** The task the set poses, with the loss of its kind. */
  public TaskSpec taskSpec() {
    return manifest.taskSpec();
  }

  /** The task the set poses, with another loss. */
  public TaskSpec taskSpec(LossOptions loss) {
    return manifest.taskSpec(loss);
  }

  /**
   * Weights with which each class counts the same: {@code n / (classes n_c)} over train, so that
   * they are 1 on average over its samples. Empty for a set without a train split.
   */
  public List<Double> balancedClassWeights() {
    SplitScan train = scans.getOrDefault(Split.TRAIN, SplitScan.NONE);
    double share = (double) train.samples() / manifest.outputs();
    return Arrays.stream(train.positives()).mapToObj(count -> share / count).toList();
  }

  /**
   * Chooses the samples of a run. The set's own validation split is used when there is one;
   * otherwise part of train is held out, class by class. The limit on training samples is applied
   * after that. Test is what the set says it is, or a part that the seed does not choose. A set
   * without a train split has no training samples, one without a test split none to report on.
   */
  public TargetSplits split(SplitOptions options) {
    Map<Split, TargetSplits.Source> sources = new EnumMap<>(Split.class);
    Part none = new Part(Choice.ALL, 0);
    boolean held = !rows.containsKey(Split.VAL);
    StratifiedSplit.Result result = new StratifiedSplit.Result(none, none);
    if (rows.containsKey(Split.TRAIN)) {
      Strata strata = strata(Split.TRAIN);
      double fraction = held ? options.validationFraction() : 0;
      int kept = StratifiedSplit.sum(StratifiedSplit.kept(strata.sizes(), fraction));
      int limit = options.limit(strata.sizes().length, kept);
      result = StratifiedSplit.split(strata, fraction, limit, options.seed());
    }
    sources.put(Split.TRAIN, new TargetSplits.Source(Split.TRAIN, result.train()));
    sources.put(
        Split.VAL,
        held
            ? new TargetSplits.Source(Split.TRAIN, result.validation())
            : new TargetSplits.Source(Split.VAL, new Part(Choice.ALL, size(Split.VAL))));
    sources.put(Split.TEST, test(options, none));
    TargetSplits splits = new TargetSplits(options.seed(), rows, sources);
    LOG.info(
        "split data name={} seed={} train={} validation={} test={}",
        manifest.name(),
        options.seed(),
        splits.trainSize(),
        splits.validationSize(),
        splits.testSize());
    return splits;
  }

  /** Whatever the run's seed, so that seeds are scored on the same. */
  private TargetSplits.Source test(SplitOptions options, Part none) {
    SampleRows its = rows.get(Split.TEST);
    if (its == null) {
      return new TargetSplits.Source(Split.TRAIN, none);
    }
    Strata all = new Strata(its.ids().together(), new int[] {size(Split.TEST)});
    return new TargetSplits.Source(
        Split.TEST, StratifiedSplit.limited(all, options.testSamples(), 0));
  }

  /** The classes of a split are strata, where samples have one each. */
  private Strata strata(Split split) {
    int[] sizes =
        switch (manifest.kind()) {
          case CLASSIFICATION ->
              Arrays.stream(requireNonNull(scans.get(split)).positives())
                  .mapToInt(Math::toIntExact)
                  .toArray();
          case MULTI_LABEL, DENSE -> new int[] {size(split)};
        };
    return new Strata(requireNonNull(rows.get(split)).ids(), sizes);
  }

  private int size(Split split) {
    return Math.toIntExact(requireNonNull(scans.get(split)).samples());
  }

  private static String where(Path directory, SplitFiles split, SplitFile file) {
    return new Path(directory, split.path(file)).toString();
  }

  private static Manifest readManifest(Configuration hadoop, Path directory, String path) {
    try {
      FileSystem files = Location.files(directory, hadoop);
      Path file = new Path(directory, Manifest.FILE);
      byte[] json =
          JsonFields.bytes(
              files, file, MAX_MANIFEST_BYTES, "give the directory that mona convert made");
      return ManifestJson.read(json, file.toString());
    } catch (IOException e) {
      throw new MonaException(
          MonaException.Category.STORAGE, "cannot read " + path + ": " + Reason.of(e), e);
    }
  }

  private static void check(SplitScan scan) {
    scan.problem()
        .ifPresent(
            problem -> {
              throw MonaException.data(problem);
            });
  }

  private static void check(SplitFiles split, SplitScan scan) {
    check(scan);
    if (scan.samples() != split.samples()) {
      throw MonaException.data(
          split.name()
              + " has "
              + scan.samples()
              + " samples and the manifest says "
              + split.samples()
              + ": convert the data again");
    }
  }

  private static void checkDistinct(SparkSession spark, Map<Split, SampleRows> rows) {
    List<SampleIds> ids = rows.values().stream().map(SampleRows::ids).toList();
    SparkJob.described(
            spark.sparkContext(), "look for repeated ids", () -> SampleIds.lowestRepeated(ids))
        .ifPresent(
            id -> {
              throw MonaException.data(
                  "the sample id "
                      + id
                      + " occurs twice: give each sample of the set, over all splits, an id of its own");
            });
  }

  private static void checkClasses(Manifest manifest, SplitScan train) {
    List<String> missing = new ArrayList<>();
    for (int c = 0; c < manifest.outputs(); c++) {
      if (train.positives()[c] == 0) {
        missing.add(
            manifest.prediction().classNames().isEmpty()
                ? String.valueOf(c)
                : c + " (" + manifest.prediction().classNames().get(c) + ")");
      }
    }
    if (!missing.isEmpty()) {
      String what = manifest.kind() == TaskKind.CLASSIFICATION ? "class " : "label ";
      throw MonaException.data(
          "train has no sample of "
              + what
              + String.join(", ", missing)
              + " of "
              + manifest.outputs()
              + ": add samples or leave the class out of the set");
    }
  }
}
