package dev.mona.numpy;

import dev.mona.MonaException;
import dev.mona.Reason;
import dev.mona.convert.Card;
import dev.mona.convert.SetSource;
import dev.mona.data.Encoding;
import dev.mona.data.JsonFields;
import dev.mona.data.Samples;
import dev.mona.data.Split;
import dev.mona.storage.Location;
import java.io.IOException;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/** A set of NumPy arrays with a card. */
public final class NumpyDirectory implements SetSource {
  private static final int MAX_CARD_BYTES = 4 << 20;

  private final NumpyOptions options;
  private final NumpyCard card;
  private final Map<Split, String> names;
  private final ArraySource arrays;

  private NumpyDirectory(
      NumpyOptions options, NumpyCard card, Map<Split, String> names, ArraySource arrays) {
    this.options = options;
    this.card = card;
    this.names = names;
    this.arrays = arrays;
  }

  /**
   * Opens a directory.
   *
   * @throws MonaException if card or files are refused or cannot be read
   */
  public static NumpyDirectory open(Configuration hadoop, NumpyOptions options) {
    Path input = Location.of(options.input());
    Map<Split, String> names = new EnumMap<>(Split.class);
    names.putAll(options.arrays());
    if (names.isEmpty()) {
      for (Split split : Split.values()) {
        names.put(split, split.id());
      }
    }
    try {
      FileSystem files = Location.files(input, hadoop);
      Path path = new Path(input, NumpyCard.FILE);
      byte[] json =
          JsonFields.bytes(
              files,
              path,
              MAX_CARD_BYTES,
              "the input needs a card that names classes, source and licence");
      NumpyCard card = NumpyCard.read(json, names, path.toString());
      return new NumpyDirectory(options, card, names, ArraySource.open(files, input, card));
    } catch (IOException e) {
      throw new MonaException(
          MonaException.Category.STORAGE, "cannot read " + input + ": " + Reason.of(e), e);
    }
  }

  @Override
  public Card card() {
    return card.card();
  }

  @Override
  public Encoding encoding() {
    return options.encoding();
  }

  @Override
  public Optional<Samples> samples(Split split) throws IOException {
    String name = names.get(split);
    if (name == null) {
      return Optional.empty();
    }
    Optional<NpyArray> x = arrays.read("x_" + name);
    if (x.isEmpty() && mayLack(split)) {
      return Optional.empty();
    }
    NpyArray features = x.orElseThrow(() -> absent("x_" + name));
    NpyArray labels = arrays.read("y_" + name).orElseThrow(() -> absent("y_" + name));
    ArraySamples samples = new ArraySamples(name, features, labels, card.card(), options);
    Integer counted = card.samples().get(split);
    if (counted != null && counted != samples.size()) {
      throw MonaException.data(
          String.format(
              Locale.ROOT,
              "x_%s has %d samples and the card says %d: mend one of the two",
              name,
              samples.size(),
              counted));
    }
    return Optional.of(samples);
  }

  private boolean mayLack(Split split) {
    return split == Split.VAL && options.arrays().isEmpty() && !card.samples().containsKey(split);
  }

  private MonaException absent(String array) {
    return MonaException.data(
        options.input()
            + " has no array "
            + array
            + ": x and y of train and test are needed, or of the splits that are asked for"
            + ", and of every split that the card counts");
  }

  @Override
  public void close() throws IOException {
    arrays.close();
  }
}
