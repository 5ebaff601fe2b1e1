package dev.mona.published;

import dev.mona.MonaException;
import java.io.BufferedInputStream;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.ShortBuffer;
import javax.sound.sampled.AudioFormat;
import javax.sound.sampled.AudioInputStream;
import javax.sound.sampled.AudioSystem;
import javax.sound.sampled.UnsupportedAudioFileException;
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
    try (InputStream in = new BufferedInputStream(files.open(file));
        AudioInputStream sound = AudioSystem.getAudioInputStream(in)) {
      requireFormat(file, sound.getFormat(), rate);
      int present = (int) Math.min(length, Math.max(0, sound.getFrameLength()));
      byte[] bytes = sound.readNBytes(present * Short.BYTES);
      if (bytes.length < present * Short.BYTES) {
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
    } catch (FileNotFoundException e) {
      throw new MonaException(
          MonaException.Category.DATA, file + " does not exist: unpack all of the audio", e);
    } catch (UnsupportedAudioFileException e) {
      throw new MonaException(
          MonaException.Category.DATA, file + " is no WAV file: fetch it again", e);
    }
  }

  private static void requireFormat(Path file, AudioFormat format, int rate) {
    boolean plain =
        format.getEncoding().equals(AudioFormat.Encoding.PCM_SIGNED)
            && format.getSampleSizeInBits() == BITS
            && !format.isBigEndian();
    if (!plain || format.getChannels() != 1 || format.getSampleRate() != rate) {
      throw MonaException.data(
          "%s is %s, not one channel of 16 bits at %d Hz: convert it first"
              .formatted(file, format, rate));
    }
  }
}
