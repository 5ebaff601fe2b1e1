package dev.mona.published;

import dev.mona.ByteBudget;
import dev.mona.ByteOrderMark;
import dev.mona.MonaException;
import dev.mona.Quoted;
import dev.mona.convert.Card;
import dev.mona.convert.LogMelSpectrogram;
import dev.mona.convert.SetSource;
import dev.mona.data.Encoding;
import dev.mona.data.Samples;
import dev.mona.data.Split;
import dev.mona.storage.Location;
import dev.mona.task.SampleShape;
import dev.mona.task.TaskKind;
import java.io.IOException;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * FSD50K (Fonseca et al. 2022) in its unpacked folders: sounds in {@code FSD50K.dev_audio} and
 * {@code FSD50K.eval_audio}, labels and splits in {@code FSD50K.ground_truth}. A sample is the
 * log-mel spectrogram of the beginning of a recording, 96 mels of 102 frames: 1.06 seconds at 44.1
 * kHz.
 *
 * <p>NAS-Bench-360 halves the sample rate and takes spectrograms of this shape from all of a
 * recording, averaging its scores over them in the test.
 */
final class Fsd50k implements SetSource {
  static final int RATE = 44_100;
  static final int MELS = 96;
  private static final int FRAMES = 102;
  private static final String TRUTH = "FSD50K.ground_truth";
  private static final int MAX_TABLE_BYTES = 16 << 20;

  /** Memory of a parsed table, for each of its bytes: a field of one sign is a text. */
  private static final int BYTES_PARSED = 64;

  private static final String FILE_NAME = "[A-Za-z0-9_-]{1,64}";

  private final Card card;
  private final Map<Split, Clips> clips;

  /**
   * A recording.
   *
   * @param file its sound
   * @param labels indices of its labels
   */
  private record Clip(Path file, int[] labels) {}

  private Fsd50k(Card card, Map<Split, Clips> clips) {
    this.card = card;
    this.clips = clips;
  }

  static Fsd50k open(Configuration hadoop, Path folder, String name) throws IOException {
    FileSystem files = Location.files(folder, hadoop);
    Map<String, Integer> vocabulary = vocabulary(files, new Path(folder, TRUTH));
    Map<Split, List<Clip>> lists = new EnumMap<>(Split.class);
    Path dev = new Path(folder, TRUTH + "/dev.csv");
    for (CSVRecord row : rows(files, dev)) {
      Split split = split(dev, row);
      lists
          .computeIfAbsent(split, key -> new ArrayList<>())
          .add(clip(folder, "FSD50K.dev_audio", dev, row, vocabulary));
    }
    Path eval = new Path(folder, TRUTH + "/eval.csv");
    for (CSVRecord row : rows(files, eval)) {
      lists
          .computeIfAbsent(Split.TEST, key -> new ArrayList<>())
          .add(clip(folder, "FSD50K.eval_audio", eval, row, vocabulary));
    }
    Map<Split, Clips> clips = new EnumMap<>(Split.class);
    lists.forEach((split, list) -> clips.put(split, new Clips(files, list, vocabulary.size())));
    for (Split split : List.of(Split.TRAIN, Split.TEST)) {
      if (!clips.containsKey(split)) {
        throw MonaException.data(
            folder + " names no recording for " + split.id() + ": fetch FSD50K.ground_truth again");
      }
    }
    Card card =
        new Card(
            name,
            "sounds of everyday life, the beginning of each",
            TaskKind.MULTI_LABEL,
            vocabulary.size(),
            List.copyOf(vocabulary.keySet()),
            "FSD50K (Fonseca et al. 2022)",
            "CC BY 4.0; each recording under a licence of its own");
    return new Fsd50k(card, clips);
  }

  /** Labels by index; the file has no header. */
  private static Map<String, Integer> vocabulary(FileSystem files, Path truth) throws IOException {
    Path file = new Path(truth, "vocabulary.csv");
    Map<String, Integer> vocabulary = new LinkedHashMap<>();
    for (CSVRecord row : rows(files, file, CSVFormat.DEFAULT)) {
      if (row.size() < 2
          || !row.get(0).equals(String.valueOf(vocabulary.size()))
          || vocabulary.put(row.get(1), vocabulary.size()) != null) {
        throw MonaException.data(
            String.format(
                Locale.ROOT,
                "%s, line %d: not the next number and a new label: fetch it again",
                file,
                row.getRecordNumber()));
      }
    }
    if (vocabulary.isEmpty()) {
      throw MonaException.data(file + " names no label: fetch it again");
    }
    return vocabulary;
  }

  private static List<CSVRecord> rows(FileSystem files, Path file) throws IOException {
    return rows(
        files, file, CSVFormat.DEFAULT.builder().setHeader().setSkipHeaderRecord(true).build());
  }

  private static List<CSVRecord> rows(FileSystem files, Path file, CSVFormat format)
      throws IOException {
    byte[] bytes =
        WholeFile.bytes(
            files, file, MAX_TABLE_BYTES, "FSD50K", "give the folder that holds " + TRUTH);
    ByteBudget.ofHeap(MonaException.Category.DATA, file.toString())
        .take((long) BYTES_PARSED * bytes.length, "rows");
    String text = new String(ByteOrderMark.without(bytes), StandardCharsets.UTF_8);
    try (CSVParser parser = CSVParser.parse(new StringReader(text), format)) {
      return parser.getRecords();
    } catch (IllegalArgumentException
        | IllegalStateException
        | UncheckedIOException
        | IOException e) {
      // of the text, which is in memory: nothing is read here
      throw new MonaException(
          MonaException.Category.DATA,
          "%s is no table (%s): fetch it again"
              .formatted(file, Quoted.of(String.valueOf(e.getMessage()))),
          e);
    }
  }

  private static String value(Path file, CSVRecord row, String column) {
    if (!row.isSet(column)) {
      throw MonaException.data(
          String.format(
              Locale.ROOT,
              "%s, line %d has no %s: fetch it again",
              file,
              row.getRecordNumber(),
              column));
    }
    return row.get(column);
  }

  private static Split split(Path table, CSVRecord row) {
    String name = value(table, row, "split");
    return Arrays.stream(Split.values())
        .filter(split -> split.id().equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                MonaException.data(
                    String.format(
                        Locale.ROOT,
                        "%s, line %d: the split %s is not one of train, val and test: fetch it again",
                        table,
                        row.getRecordNumber(),
                        Quoted.of(name))));
  }

  private static Clip clip(
      Path folder, String audio, Path table, CSVRecord row, Map<String, Integer> vocabulary) {
    String name = value(table, row, "fname");
    if (!name.matches(FILE_NAME)) {
      throw MonaException.data(
          String.format(
              Locale.ROOT,
              "%s, line %d: fname is no name of a recording: fetch it again",
              table,
              row.getRecordNumber()));
    }
    int[] labels =
        Arrays.stream(value(table, row, "labels").split(",", -1))
            .mapToInt(
                label -> {
                  Integer index = vocabulary.get(label);
                  if (index == null) {
                    throw MonaException.data(
                        String.format(
                            Locale.ROOT,
                            "%s, line %d: the label %s is not in the vocabulary: fetch it again",
                            table,
                            row.getRecordNumber(),
                            Quoted.of(label)));
                  }
                  return index;
                })
            .toArray();
    return new Clip(Location.child(folder, audio + "/" + name + ".wav"), labels);
  }

  private static Encoding.LogMel settings() {
    Encoding.LogMel usual = Encoding.LogMel.at(RATE);
    return new Encoding.LogMel(RATE, usual.frame(), usual.hop(), MELS);
  }

  @Override
  public Card card() {
    return card;
  }

  @Override
  public Encoding encoding() {
    return settings();
  }

  @Override
  public Optional<Samples> samples(Split split) {
    return Optional.ofNullable(clips.get(split));
  }

  @Override
  public void close() {
    // files are open only while they are read
  }

  /** Recordings of a split, read one at a time. */
  private static final class Clips implements Samples {
    private final LogMelSpectrogram spectrogram = new LogMelSpectrogram(settings());
    private final int length = settings().frame() + (FRAMES - 1) * settings().hop();
    private final FileSystem files;
    private final List<Clip> clips;
    private final int labels;

    Clips(FileSystem files, List<Clip> clips, int labels) {
      this.files = files;
      this.clips = clips;
      this.labels = labels;
    }

    @Override
    public int size() {
      return clips.size();
    }

    @Override
    public SampleShape shape() {
      return new SampleShape(1, spectrogram.mels(), spectrogram.frames(length));
    }

    @Override
    public void features(int sample, double[] into) throws IOException {
      double[] sound = Sound.beginning(files, clips.get(sample).file, RATE, length);
      System.arraycopy(spectrogram.of(sound), 0, into, 0, into.length);
    }

    @Override
    public void labels(int sample, double[] into) {
      Arrays.fill(into, 0, labels, 0);
      for (int label : clips.get(sample).labels) {
        into[label] = 1;
      }
    }
  }
}
