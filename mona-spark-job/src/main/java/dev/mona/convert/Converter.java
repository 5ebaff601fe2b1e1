package dev.mona.convert;

import dev.mona.MonaException;
import dev.mona.Reason;
import dev.mona.data.Encoding;
import dev.mona.data.Features;
import dev.mona.data.Manifest;
import dev.mona.data.ManifestJson;
import dev.mona.data.Samples;
import dev.mona.data.Split;
import dev.mona.data.SplitFiles;
import dev.mona.data.Standardisation;
import dev.mona.storage.Lease;
import dev.mona.storage.Location;
import dev.mona.storage.OutputLock;
import dev.mona.task.SampleShape;
import dev.mona.task.TargetScale;
import dev.mona.task.TaskKind;
import dev.mona.task.TaskSpec;
import java.io.IOException;
import java.io.OutputStream;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes a data set, Parquet files with a manifest, from a set that is read sample by sample.
 * Everything is written beside the output and renamed at the end: a failure leaves nothing behind.
 * The same input gives the same bytes.
 *
 * <p>Samples are numbered through the splits in the order train, val, test, from 0.
 */
public final class Converter {
  private static final Logger LOG = LoggerFactory.getLogger(Converter.class);

  private Converter() {}

  /**
   * Converts one set. An output that holds the same set already is left as it is, so that a
   * scheduler can repeat the command.
   *
   * @param set what is converted; stays open
   * @return its manifest
   * @throws MonaException if the input is refused, the output holds something else or the file
   *     system fails
   */
  public static Manifest convert(Configuration hadoop, SetSource set, ConvertOptions options) {
    if (options.standardise() && set.encoding() instanceof Encoding.OneHot) {
      throw MonaException.configuration(
          "one-hot symbols cannot be standardised: leave one of the two options out");
    }
    Path output = Location.of(options.output());
    // an instance of its own: the cached one is shared, and the next line changes it
    try (FileSystem target = FileSystem.newInstance(output.toUri(), hadoop)) {
      Location.requireName(output, target);
      target.setWriteChecksum(false);
      Path absolute = target.makeQualified(output);
      SetFolder folder = new SetFolder(target, absolute);
      if (folder.isTaken()) {
        throw taken(options);
      }
      return convert(set, options, target, absolute);
    } catch (IOException e) {
      throw new MonaException(
          MonaException.Category.STORAGE,
          "cannot convert " + set.card().name() + " to " + output + ": " + Reason.of(e),
          e);
    }
  }

  private static Manifest convert(
      SetSource set, ConvertOptions options, FileSystem target, Path absolute) throws IOException {
    SetFolder folder = new SetFolder(target, absolute);
    try (OutputLock lock = OutputLock.take(target, absolute, Lease.USUAL)) {
      // whoever had the lock before may have made it
      if (folder.isTaken()) {
        throw taken(options);
      }
      boolean exists = folder.isMade();
      folder.clean();
      Path temporary = folder.unfinished(lock.attempt());
      try {
        Manifest manifest = write(set, options, target, temporary);
        if (exists) {
          if (!new SameSet(target).holds(temporary, manifest, absolute)) {
            throw taken(options);
          }
          LOG.info("converted before name={} output={}", manifest.name(), absolute);
          return manifest;
        }
        lock.verify();
        folder.publish(temporary, manifest);
        LOG.info(
            "converted name={} output={} sample={} outputs={} samples={}",
            manifest.name(),
            absolute,
            manifest.shape(),
            manifest.outputs(),
            manifest.splits().values().stream().mapToLong(SplitFiles::samples).sum());
        return manifest;
      } finally {
        target.delete(temporary, true);
      }
    }
  }

  private static MonaException taken(ConvertOptions options) {
    return MonaException.data(
        options.output()
            + " exists and is not this data set: choose another output or remove it, nothing is"
            + " overwritten");
  }

  private static Manifest write(
      SetSource set, ConvertOptions options, FileSystem target, Path directory) throws IOException {
    Card card = set.card();
    Map<Split, SplitFiles> files = new EnumMap<>(Split.class);
    @Nullable SampleShape shape = null;
    @Nullable Standardisation standardisation = null;
    TargetScale scale = TargetScale.none(card.outputs());
    long firstId = 0;
    for (Split split : Split.values()) {
      Optional<Samples> found = set.samples(split);
      if (found.isEmpty()) {
        continue;
      }
      Samples samples = found.get();
      if (split == Split.TRAIN) {
        standardisation = options.standardise() ? Standardisation.of(samples) : null;
        scale = card.kind() == TaskKind.DENSE ? LabelMoments.scale(samples, card) : scale;
      }
      if (shape != null && !shape.equals(samples.shape())) {
        throw MonaException.data(
            "%s has samples of %s values and the split before of %s: all splits must have one shape"
                .formatted(split.id(), samples.shape(), shape));
      }
      shape = samples.shape();
      files.put(
          split, write(target, directory, split, set, samples, options, standardisation, firstId));
      firstId += samples.size();
    }
    if (shape == null || !files.containsKey(Split.TEST)) {
      throw MonaException.data(card.name() + " has no test split: a set needs one");
    }
    if (options.standardise() && standardisation == null) {
      throw MonaException.data(
          card.name() + " has no train split to be standardised by: leave the standardisation out");
    }
    Manifest manifest =
        new Manifest(
            card.name(),
            card.origin(),
            new Features(shape, set.encoding(), standardisation),
            card.prediction().with(scale),
            files);
    try (OutputStream out = target.create(new Path(directory, Manifest.FILE), false)) {
      out.write(ManifestJson.write(manifest));
    }
    return manifest;
  }

  private static SplitFiles write(
      FileSystem target,
      Path directory,
      Split split,
      SetSource set,
      Samples samples,
      ConvertOptions options,
      @Nullable Standardisation standardisation,
      long firstId)
      throws IOException {
    Card card = set.card();
    TaskSpec task = TaskSpec.of(card.name(), card.kind(), samples.shape(), card.outputs());
    double[] features = new double[task.featureLength()];
    double[] labels = new double[task.labelLength()];
    Sample row = new Sample(firstId, new float[features.length], new float[labels.length]);
    Narrowing narrowing =
        new Narrowing("features of " + split.id(), "channel", samples.shape().channels());
    Narrowing labelNarrowing =
        new Narrowing(
            "labels of " + split.id(),
            "output",
            card.kind() == TaskKind.DENSE ? card.outputs() : labels.length);
    int most = options.samplesOfFile(task.featureLength() + task.labelLength());
    int folderOf = samples.size() > most ? most : 0;
    SplitWriter writer = new SplitWriter(target, directory, split, task, folderOf);
    try (writer) {
      for (int i = 0; i < samples.size(); i++) {
        samples.features(i, features);
        if (standardisation != null) {
          standardisation.apply(features);
        }
        narrowing.round(i, features, row.features());
        samples.labels(i, labels);
        labelNarrowing.round(i, labels, row.labels());
        writer.write(new Sample(firstId + i, row.features(), row.labels()));
      }
    }
    // a channel that is constant in a small test split, or a symbol that is rare, is nothing to say
    if (split == Split.TRAIN && !(set.encoding() instanceof Encoding.OneHot)) {
      narrowing.sentences().forEach(LOG::warn);
    }
    if (split == Split.TRAIN && card.kind() == TaskKind.DENSE) {
      labelNarrowing.sentences().forEach(LOG::warn);
    }
    return writer.written();
  }
}
