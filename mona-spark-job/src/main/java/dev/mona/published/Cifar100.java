package dev.mona.published;

import dev.mona.MonaException;
import dev.mona.convert.Card;
import dev.mona.convert.SetSource;
import dev.mona.data.Samples;
import dev.mona.data.Split;
import dev.mona.storage.Location;
import dev.mona.task.SampleShape;
import dev.mona.task.TaskKind;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * CIFAR-100 (Krizhevsky 2009) in its binary version: {@code train.bin} and {@code test.bin} with a
 * coarse label, a fine label and 32 x 32 pixels of red, green and blue for each image, a byte each,
 * and {@code fine_label_names.txt}. The fine labels are the classes.
 */
final class Cifar100 implements SetSource {
  static final int SIDE = 32;
  static final int CLASSES = 100;
  private static final int LABELS = 2;
  private static final int PIXELS = 3 * SIDE * SIDE;
  private static final int RECORD = LABELS + PIXELS;
  private static final int MAX_BYTES = 60_000 * RECORD;
  private static final int MAX_NAMES = 1 << 16;

  private final Card card;
  private final Map<Split, byte[]> records;

  private Cifar100(Card card, Map<Split, byte[]> records) {
    this.card = card;
    this.records = records;
  }

  static Cifar100 open(Configuration hadoop, Path folder, String name) throws IOException {
    FileSystem files = Location.files(folder, hadoop);
    Map<Split, byte[]> records = new EnumMap<>(Split.class);
    for (Split split : List.of(Split.TRAIN, Split.TEST)) {
      Path file = new Path(folder, split.id() + ".bin");
      byte[] bytes = bytes(files, file, MAX_BYTES);
      if (bytes.length == 0 || bytes.length % RECORD != 0) {
        throw MonaException.data(
            String.format(
                Locale.ROOT,
                "%s has %d bytes, no multiple of the %d of an image: fetch it again",
                file,
                bytes.length,
                RECORD));
      }
      records.put(split, bytes);
    }
    Path names = new Path(folder, "fine_label_names.txt");
    String text = new String(bytes(files, names, MAX_NAMES), StandardCharsets.UTF_8);
    List<String> classes = text.lines().map(String::strip).filter(l -> !l.isEmpty()).toList();
    if (classes.size() != CLASSES) {
      throw MonaException.data(
          String.format(
              Locale.ROOT,
              "%s names %d classes, CIFAR-100 has 100: fetch it again",
              names,
              classes.size()));
    }
    return new Cifar100(
        new Card(
            name,
            "photographs of 32 x 32 pixels",
            TaskKind.CLASSIFICATION,
            CLASSES,
            classes,
            "CIFAR-100 (Krizhevsky 2009)",
            "no licence text; the author asks for a citation"),
        records);
  }

  private static byte[] bytes(FileSystem files, Path file, int most) throws IOException {
    return WholeFile.bytes(
        files, file, most, "CIFAR-100", "give the folder of CIFAR-100's binary version");
  }

  @Override
  public Card card() {
    return card;
  }

  @Override
  public Optional<Samples> samples(Split split) {
    return Optional.ofNullable(records.get(split)).map(Images::new);
  }

  @Override
  public void close() {
    // everything is in memory
  }

  /**
   * The images of a file, levels 0 to 255.
   *
   * @param bytes its records
   */
  private record Images(byte[] bytes) implements Samples {
    @Override
    public int size() {
      return bytes.length / RECORD;
    }

    @Override
    public SampleShape shape() {
      return new SampleShape(3, SIDE, SIDE);
    }

    @Override
    public void features(int sample, double[] into) {
      int from = sample * RECORD + LABELS;
      for (int k = 0; k < PIXELS; k++) {
        into[k] = bytes[from + k] & 0xFF;
      }
    }

    @Override
    public void labels(int sample, double[] into) {
      int label = bytes[sample * RECORD + 1] & 0xFF;
      if (label >= CLASSES) {
        throw MonaException.data(
            String.format(
                Locale.ROOT,
                "image %d has the class %d, CIFAR-100 has 0 to 99: fetch the file again",
                sample,
                label));
      }
      into[0] = label;
    }
  }
}
