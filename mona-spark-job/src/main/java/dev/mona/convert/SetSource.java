package dev.mona.convert;

import dev.mona.data.Encoding;
import dev.mona.data.Samples;
import dev.mona.data.Split;
import java.io.IOException;
import java.util.Optional;

/** A data set before conversion, whatever its files are. */
public interface SetSource extends AutoCloseable {

  /** What the set is. */
  Card card();

  /** How its numbers become features, for the manifest. */
  default Encoding encoding() {
    return new Encoding.Plain();
  }

  /** The samples of a split, or empty if the set has no such split. */
  Optional<Samples> samples(Split split) throws IOException;

  @Override
  void close() throws IOException;
}
