package dev.mona.data;

import static java.util.Objects.requireNonNull;

import dev.mona.MonaException;
import dev.mona.Reason;
import dev.mona.StandIn;
import dev.mona.spark.SparkJob;
import dev.mona.storage.Location;
import dev.mona.storage.Sha256;
import dev.mona.task.LossOptions;
import dev.mona.task.TaskKind;
import dev.mona.task.TaskSpec;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.SparkSession;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A data set that was checked as a whole: manifest, checksums, columns, and every value of every
 * sample. What comes out of it needs no further checks.
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
    Configuration hadoop = spark.sparkContext().hadoopConfiguration();
    Path directory = Location.of(path);
    Manifest manifest;
    try {
      FileSystem fileSystem = Location.files(directory, hadoop);
      manifest = readManifest(fileSystem, directory);
      for (SplitFile file : manifest.splits().values()) {
        verify(fileSystem, directory, file);
      }
    } catch (IOException e) {
      throw new MonaException(
          MonaException.Category.STORAGE, "cannot read " + path + ": " + Reason.of(e), e);
    }
    Map<Split, SampleRows> rows = new EnumMap<>(Split.class);
    Map<Split, SplitScan> scans = new EnumMap<>(Split.class);
    TaskSpec task = manifest.taskSpec();
    manifest
        .splits()
        .forEach(
            (split, file) -> {
              String where = new Path(directory, file.file()).toString();
              SampleRows checked =
                  SparkJob.described(
                      spark.sparkContext(),
                      "check " + split.id() + " of " + manifest.name(),
                      () -> {
                        SampleRows opened = SampleRows.open(spark, where, task, file.file());
                        SplitScan scan = opened.scan();
                        check(file, scan);
                        scans.put(split, scan);
                        return opened;
                      });
              rows.put(split, checked);
            });
    checkDistinct(scans);
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
        manifest.splits().keySet());
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
    double share = (double) train.ids().length / manifest.outputs();
    return Arrays.stream(train.positives()).mapToObj(count -> share / count).toList();
  }

  /**
   * Chooses the samples of a run. The set's own validation split is used when there is one;
   * otherwise part of train is held out, class by class. The limit on training samples is applied
   * after that. Test is what the set says it is, or a part that the seed does not choose. A set
   * without a train split has no training samples.
   */
  public TargetSplits split(SplitOptions options) {
    SplitScan train = scans.getOrDefault(Split.TRAIN, SplitScan.NONE);
    SplitScan own = scans.get(Split.VAL);
    int strata =
        switch (manifest.kind()) {
          case CLASSIFICATION -> manifest.outputs();
          case MULTI_LABEL, DENSE -> 1;
        };
    StratifiedSplit.Result result =
        StratifiedSplit.split(
            train.ids(),
            train.classes(),
            strata,
            own == null ? options.validationFraction() : 0,
            options.trainSamples(),
            options.seed());
    TargetSplits splits =
        new TargetSplits(
            options.seed(),
            rows,
            result.train(),
            own == null
                ? new TargetSplits.Validation(Split.TRAIN, result.validation())
                : new TargetSplits.Validation(Split.VAL, own.ids()),
            test(options.testSamples()));
    LOG.info(
        "split data name={} seed={} train={} validation={} test={}",
        manifest.name(),
        options.seed(),
        splits.trainSize(),
        splits.validationSize(),
        splits.testSize());
    return splits;
  }

  /** Ids to report on, drawn whatever the run's seed, so that seeds are scored on the same. */
  private long[] test(int limit) {
    long[] ids = requireNonNull(scans.get(Split.TEST)).ids();
    return StratifiedSplit.split(ids, new int[ids.length], 1, 0, limit, 0).train();
  }

  private static Manifest readManifest(FileSystem fileSystem, Path directory) throws IOException {
    Path path = new Path(directory, Manifest.FILE);
    byte[] json =
        JsonFields.bytes(
            fileSystem, path, MAX_MANIFEST_BYTES, "give the directory that mona convert made");
    return ManifestJson.read(json, path.toString());
  }

  private static void verify(FileSystem fileSystem, Path directory, SplitFile file)
      throws IOException {
    Path path = new Path(directory, file.file());
    try {
      long length = fileSystem.getFileStatus(path).getLen();
      if (length != file.bytes()) {
        try (InputStream in = fileSystem.open(path)) {
          StandIn.refuse(MonaException.Category.DATA, path.toString(), in);
        }
        throw MonaException.data(
            path
                + " has "
                + length
                + " bytes and the manifest says "
                + file.bytes()
                + ": it is truncated or was changed, convert the data again");
      }
      try (InputStream in = fileSystem.open(path)) {
        String sha256 = Sha256.of(in);
        if (!sha256.equals(file.sha256())) {
          throw MonaException.data(
              path
                  + " has SHA-256 "
                  + sha256
                  + " and the manifest says "
                  + file.sha256()
                  + ": it was changed, convert the data again");
        }
      }
    } catch (FileNotFoundException e) {
      throw new MonaException(
          MonaException.Category.DATA,
          path + " does not exist and the manifest names it: convert the data again",
          e);
    }
  }

  private static void check(SplitFile file, SplitScan scan) {
    scan.problem()
        .ifPresent(
            problem -> {
              throw MonaException.data(problem);
            });
    if (scan.ids().length != file.samples()) {
      throw MonaException.data(
          file.file()
              + " has "
              + scan.ids().length
              + " samples and the manifest says "
              + file.samples()
              + ": convert the data again");
    }
  }

  private static void checkDistinct(Map<Split, SplitScan> scans) {
    long[] ids =
        scans.values().stream().flatMapToLong(scan -> Arrays.stream(scan.ids())).sorted().toArray();
    for (int i = 1; i < ids.length; i++) {
      if (ids[i] == ids[i - 1]) {
        throw MonaException.data(
            "the sample id "
                + ids[i]
                + " occurs twice: give each sample of the set, over all splits, an id of its own");
      }
    }
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
