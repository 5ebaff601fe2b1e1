package dev.mona.published;

import dev.mona.MonaException;
import dev.mona.StandIn;
import java.io.BufferedInputStream;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.ShortBuffer;
import java.util.Locale;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/** WAV files of one channel of 16-bit samples. */
final class Sound {
  private static final int BITS = 16;
  private static final double FULL_SCALE = 1 << (BITS - 1);

  private Sound() {}

  /**
   * Reads the beginning of a sound; what is shorter ends in silence.
   *
   * @param rate samples a second that it must have
   * @param length samples to read
   * @return from -1 to 1
   */
  static double[] beginning(FileSystem files, Path file, int rate, int length) throws IOException {
    try (InputStream raw = new BufferedInputStream(files.open(file))) {
      InputStream in = StandIn.refuse(MonaException.Category.DATA, file.toString(), raw);
      WavHeader header = WavHeader.read(in, file.toString());
      if (header.code() != WavHeader.PCM
          || header.bits() != BITS
          || header.channels() != 1
          || header.rate() != rate) {
        throw MonaException.data(
            String.format(
                Locale.ROOT,
                "%s has %d channels of %d bits at %d Hz in the encoding %d, not one channel of 16 bits at %d Hz: convert it first",
                file,
                header.channels(),
                header.bits(),
                header.rate(),
                header.code(),
                rate));
      }
      return samples(in, header, file, length);
    } catch (FileNotFoundException e) {
      throw new MonaException(
          MonaException.Category.DATA, file + " does not exist: unpack all of the audio", e);
    }
  }

  private static double[] samples(InputStream in, WavHeader header, Path file, int length)
      throws IOException {
    int wanted = Math.multiplyExact(length, Short.BYTES);
    boolean streamed = header.bytes() < 0;
    int present = streamed ? wanted : (int) Math.min(wanted, header.bytes());
    byte[] bytes = in.readNBytes(present);
    if (!streamed && bytes.length < present) {
      throw MonaException.data(file + " ends before its sound does: fetch it again");
    }
    ShortBuffer samples = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asShortBuffer();
    if (!samples.hasRemaining()) {
      throw MonaException.data(file + " holds no sound: fetch it again");
    }
    double[] values = new double[length];
    for (int i = 0; samples.hasRemaining(); i++) {
      values[i] = samples.get() / FULL_SCALE;
    }
    return values;
  }
}
