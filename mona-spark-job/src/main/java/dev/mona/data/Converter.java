package dev.mona.data;

import dev.mona.MonaException;
import dev.mona.task.TaskKind;
import java.io.IOException;
import java.io.OutputStream;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes a data set, Parquet files with a manifest, from NumPy arrays with a card. Everything is
 * written beside the output and renamed at the end: a failure leaves nothing behind. The same input
 * gives the same bytes.
 *
 * <p>Samples are numbered through the splits in the order train, val, test, from 0.
 */
public final class Converter {
  private static final Logger LOG = LoggerFactory.getLogger(Converter.class);
  private static final int MAX_CARD_BYTES = 4 << 20;

  private Converter() {}

  /**
   * Converts one set. An output that holds the same set already is left as it is, so that a
   * scheduler can repeat the command.
   *
   * @return its manifest
   * @throws MonaException if the input is refused, the output holds something else or the file
   *     system fails
   */
  public static Manifest convert(Configuration hadoop, ConvertOptions options) {
    Path output = new Path(options.output());
    // an instance of its own: the cached one is shared, and the next line changes it
    try (FileSystem target = FileSystem.newInstance(output.toUri(), hadoop)) {
      target.setWriteChecksum(false);
      boolean exists = target.exists(output);
      if (exists && !target.exists(new Path(output, Manifest.FILE))) {
        throw taken(output);
      }
      Path absolute = target.makeQualified(output);
      Path temporary =
          new Path(
              absolute.getParent(), "." + absolute.getName() + ".converting-" + UUID.randomUUID());
      try {
        Manifest manifest = write(hadoop, options, target, temporary);
        if (exists) {
          if (!new SameSet(target).holds(temporary, manifest, absolute)) {
            throw taken(output);
          }
          LOG.info("converted before name={} output={}", manifest.name(), absolute);
          return manifest;
        }
        if (!target.rename(temporary, absolute)) {
          throw new IOException("cannot rename " + temporary + " to " + absolute);
        }
        LOG.info(
            "converted name={} output={} channels={} length={} outputs={} samples={}",
            manifest.name(),
            absolute,
            manifest.channels(),
            manifest.length(),
            manifest.outputs(),
            manifest.splits().values().stream().mapToLong(SplitFile::samples).sum());
        return manifest;
      } finally {
        target.delete(temporary, true);
      }
    } catch (IOException e) {
      throw new MonaException(
          MonaException.Category.STORAGE,
          "cannot convert " + options.input() + " to " + output + ": " + e.getMessage(),
          e);
    }
  }

  private static MonaException taken(Path output) {
    return MonaException.data(
        output
            + " exists and is not this data set: choose another output or remove it, nothing is"
            + " overwritten");
  }

  private static Manifest write(
      Configuration hadoop, ConvertOptions options, FileSystem target, Path directory)
      throws IOException {
    Path input = new Path(options.input());
    FileSystem origin = input.getFileSystem(hadoop);
    Card card = card(origin, new Path(input, Card.FILE));
    Map<Split, SplitFile> files = new EnumMap<>(Split.class);
    @Nullable Standardisation standardisation = null;
    int channels = 0;
    int length = 0;
    long firstId = 0;
    try (ArraySource arrays = ArraySource.open(origin, input, card)) {
      for (Split split : Split.values()) {
        Optional<NpyArray> x = arrays.read("x_" + split.id());
        if (x.isEmpty()) {
          if (split == Split.VAL && !card.samples().containsKey(split)) {
            continue;
          }
          throw absent(input, "x_" + split.id());
        }
        NpyArray y =
            arrays.read("y_" + split.id()).orElseThrow(() -> absent(input, "y_" + split.id()));
        ArraySamples samples = new ArraySamples(split, x.get(), y, card, options.encoding());
        if (split == Split.TRAIN) {
          channels = samples.channels();
          length = samples.length();
          standardisation = options.standardise() ? Standardisation.of(samples) : null;
        } else if (channels != samples.channels() || length != samples.length()) {
          throw MonaException.data(
              "x_"
                  + split.id()
                  + " has samples of "
                  + samples.channels()
                  + " x "
                  + samples.length()
                  + " values and x_train of "
                  + channels
                  + " x "
                  + length
                  + ": all splits must have one shape");
        }
        files.put(split, write(target, directory, split, samples, card, standardisation, firstId));
        firstId += samples.size();
      }
    }
    Manifest manifest =
        new Manifest(
            card.name(),
            card.modality(),
            card.kind(),
            channels,
            length,
            card.outputs(),
            card.classNames(),
            options.encoding(),
            standardisation,
            files,
            card.source(),
            card.licence());
    try (OutputStream out = target.create(new Path(directory, Manifest.FILE), false)) {
      out.write(ManifestJson.write(manifest));
    }
    return manifest;
  }

  private static SplitFile write(
      FileSystem target,
      Path directory,
      Split split,
      ArraySamples samples,
      Card card,
      @Nullable Standardisation standardisation,
      long firstId)
      throws IOException {
    float[] features = new float[samples.channels() * samples.length()];
    float[] labels = new float[card.kind() == TaskKind.CLASSIFICATION ? 1 : card.outputs()];
    SampleWriter writer = new SampleWriter(target, directory, split.id() + ".parquet", card.kind());
    try (writer) {
      for (int i = 0; i < samples.size(); i++) {
        samples.features(i, features);
        if (standardisation != null) {
          standardisation.apply(features);
        }
        samples.labels(i, labels);
        writer.write(new Sample(firstId + i, features, labels));
      }
    }
    return writer.written();
  }

  private static Card card(FileSystem origin, Path path) throws IOException {
    byte[] json =
        JsonFields.bytes(
            origin,
            path,
            MAX_CARD_BYTES,
            "the input needs a card that names classes, source and licence");
    return Card.read(json, path.toString());
  }

  private static MonaException absent(Path input, String array) {
    return MonaException.data(
        input
            + " has no array "
            + array
            + ": x and y of train and test are needed"
            + ", and of every split that the card counts");
  }
}
