package dev.mona.published;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mona.MonaException;
import dev.mona.convert.LogMelSpectrogram;
import dev.mona.convert.SetSource;
import dev.mona.data.Encoding;
import dev.mona.data.Samples;
import dev.mona.data.Split;
import dev.mona.task.SampleShape;
import dev.mona.task.TaskKind;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import javax.sound.sampled.AudioFileFormat;
import javax.sound.sampled.AudioFormat;
import javax.sound.sampled.AudioInputStream;
import javax.sound.sampled.AudioSystem;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class Fsd50kTest {
  /** 102 frames of 2048 samples, 441 apart. */
  private static final int LENGTH = 2048 + 101 * 441;

  private static final int RATE = 44_100;

  @TempDir private Path folder;

  @BeforeEach
  void write() throws IOException {
    truth("vocabulary.csv", "0,Bark,/m/05tny_\n1,Dog,/m/0bt9lr\n2,Rain,/m/06mb1\n");
    truth(
        "dev.csv",
        """
        fname,labels,mids,split
        11,"Bark,Dog","/m/05tny_,/m/0bt9lr",train
        12,Rain,/m/06mb1,val
        13,Rain,/m/06mb1,train
        """);
    truth("eval.csv", "fname,labels,mids\n21,Dog,/m/0bt9lr\n");
    Files.createDirectory(folder.resolve("FSD50K.dev_audio"));
    Files.createDirectory(folder.resolve("FSD50K.eval_audio"));
    sound("FSD50K.dev_audio/11.wav", 2 * RATE, 440);
    sound("FSD50K.dev_audio/12.wav", RATE, 220);
    sound("FSD50K.dev_audio/13.wav", RATE / 2, 880);
    sound("FSD50K.eval_audio/21.wav", RATE, 110);
  }

  private void truth(String file, String content) throws IOException {
    Files.createDirectories(folder.resolve("FSD50K.ground_truth"));
    Files.writeString(folder.resolve("FSD50K.ground_truth").resolve(file), content);
  }

  private static short sample(int i, double hertz) {
    return (short) Math.round(20_000 * Math.sin(2 * Math.PI * hertz * i / RATE));
  }

  private void sound(String file, int samples, double hertz) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(2 * samples).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < samples; i++) {
      bytes.putShort(sample(i, hertz));
    }
    wav(file, bytes.array(), new AudioFormat(RATE, 16, 1, true, false));
  }

  private void wav(String file, byte[] bytes, AudioFormat format) throws IOException {
    long frames = bytes.length / format.getFrameSize();
    try (AudioInputStream sound =
        new AudioInputStream(new ByteArrayInputStream(bytes), format, frames)) {
      AudioSystem.write(sound, AudioFileFormat.Type.WAVE, folder.resolve(file).toFile());
    }
  }

  private SetSource open() throws IOException {
    return PublishedFiles.open(PublishedFormat.FSD50K, folder, 1);
  }

  private static double[] spectrogram(int samples, double hertz) {
    double[] sound = new double[LENGTH];
    for (int i = 0; i < samples; i++) {
      sound[i] = sample(i, hertz) / 32_768.0;
    }
    return new LogMelSpectrogram(new Encoding.LogMel(RATE, 2048, 441, 96)).of(sound);
  }

  @Test
  void theBeginningBecomesASpectrogramWithItsLabels() throws IOException {
    try (SetSource set = open()) {
      assertThat(set.card().kind()).isEqualTo(TaskKind.MULTI_LABEL);
      assertThat(set.card().classNames()).containsExactly("Bark", "Dog", "Rain");
      assertThat(set.encoding()).isEqualTo(new Encoding.LogMel(RATE, 2048, 441, 96));
      Samples train = PublishedFiles.samples(set, Split.TRAIN);
      assertThat(train.size()).isEqualTo(2);
      assertThat(train.shape()).isEqualTo(new SampleShape(1, 96, 102));
      assertThat(PublishedFiles.labels(train, 0, 3)).containsExactly(1, 1, 0);
      assertThat(PublishedFiles.labels(train, 1, 3)).containsExactly(0, 0, 1);
      assertThat(PublishedFiles.features(train, 0)).containsExactly(spectrogram(LENGTH, 440));
      assertThat(PublishedFiles.features(train, 1)).containsExactly(spectrogram(RATE / 2, 880));
      Samples test = PublishedFiles.samples(set, Split.TEST);
      assertThat(PublishedFiles.labels(test, 0, 3)).containsExactly(0, 1, 0);
      assertThat(PublishedFiles.samples(set, Split.VAL).size()).isEqualTo(1);
    }
  }

  @Test
  void refusesTablesThatDoNotFit() throws IOException {
    truth("eval.csv", "fname,labels,mids\n21,Cat,/m/01yrx\n");
    assertRefused("line 1: the label 'Cat' is not in the vocabulary");
    truth("eval.csv", "fname,labels,mids\n../21,Dog,/m/0bt9lr\n");
    assertRefused("fname is no name of a recording");
    truth("eval.csv", "fname,mids\n21,/m/0bt9lr\n");
    assertRefused("line 1 has no labels");
    truth("eval.csv", "fname,labels,mids\n");
    assertRefused("names no recording for test");
    truth("vocabulary.csv", "0,Bark,/m/05tny_\n2,Dog,/m/0bt9lr\n");
    assertRefused("line 2: not the next number and a new label");
    Files.delete(folder.resolve("FSD50K.ground_truth/vocabulary.csv"));
    assertRefused("give the folder that holds FSD50K.ground_truth");
  }

  private void assertRefused(String problem) {
    assertThatThrownBy(() -> open().close())
        .isInstanceOf(MonaException.class)
        .hasMessageContaining(problem);
  }

  @Test
  void refusesSoundsThatDoNotFit() throws IOException {
    String file = "FSD50K.eval_audio/21.wav";
    wav(file, new byte[4 * RATE], new AudioFormat(RATE, 16, 2, true, false));
    assertSoundRefused("not one channel of 16 bits at 44100 Hz");
    wav(file, new byte[RATE], new AudioFormat(RATE, 8, 1, false, false));
    assertSoundRefused("not one channel of 16 bits at 44100 Hz");
    wav(file, new byte[RATE], new AudioFormat(22_050, 16, 1, true, false));
    assertSoundRefused("not one channel of 16 bits at 44100 Hz");
    sound(file, 0, 1);
    assertSoundRefused("holds no sound");
    sound(file, RATE, 1);
    byte[] whole = Files.readAllBytes(folder.resolve(file));
    Files.write(folder.resolve(file), Arrays.copyOf(whole, 20));
    assertSoundRefused("21.wav");
    Files.write(folder.resolve(file), Arrays.copyOf(whole, whole.length / 2));
    assertSoundRefused("ends before its sound does");
    Files.write(folder.resolve(file), new byte[100]);
    assertSoundRefused("is no WAV file");
    Files.delete(folder.resolve(file));
    assertSoundRefused("does not exist: unpack all of the audio");
  }

  /** As programs leave it that write to a pipe: no length, of the samples or of the whole. */
  @ParameterizedTest
  @CsvSource({"0, 0", "-1, -1", "36, 0", "-37, 0", "-1, 2147483647"})
  void streamedSoundsAreReadToTheirEnd(int whole, int samples) throws IOException {
    String file = "FSD50K.eval_audio/21.wav";
    sound(file, RATE / 2, 880);
    byte[] bytes = Files.readAllBytes(folder.resolve(file));
    ByteBuffer header = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    header.putInt(4, whole).putInt(40, samples == Integer.MAX_VALUE ? -1 : samples);
    Files.write(folder.resolve(file), bytes);
    try (SetSource set = open()) {
      assertThat(PublishedFiles.features(PublishedFiles.samples(set, Split.TEST), 0))
          .containsExactly(spectrogram(RATE / 2, 880));
    }
  }

  @Test
  void chunksAroundTheSamplesAreNoSound() throws IOException {
    String file = "FSD50K.eval_audio/21.wav";
    sound(file, RATE / 2, 880);
    byte[] plain = Files.readAllBytes(folder.resolve(file));
    byte[] note = "LIST\u0003\0\0\0abc\0".getBytes(StandardCharsets.ISO_8859_1);
    ByteBuffer more = ByteBuffer.allocate(plain.length + note.length + 24 + note.length);
    more.order(ByteOrder.LITTLE_ENDIAN).put(plain, 0, 12).put(note);
    // the same encoding as an extensible one
    more.put(plain, 12, 4).putInt(40).putShort((short) 0xFFFE).put(plain, 22, 14);
    more.putShort((short) 22).putShort((short) 16).putInt(4).putShort((short) 1);
    more.put(new byte[14])
        .put(plain, 36, plain.length - 36)
        .put(note)
        .putInt(4, more.capacity() - 8);
    Files.write(folder.resolve(file), more.array());
    try (SetSource set = open()) {
      assertThat(PublishedFiles.features(PublishedFiles.samples(set, Split.TEST), 0))
          .containsExactly(spectrogram(RATE / 2, 880));
    }
    byte[] silent = Arrays.copyOf(plain, 44 + note.length);
    System.arraycopy(note, 0, silent, 44, note.length);
    ByteBuffer.wrap(silent)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putInt(4, silent.length - 8)
        .putInt(40, 0);
    Files.write(folder.resolve(file), silent);
    assertSoundRefused("holds no sound");
  }

  /** What lies in the place of a file is named, whichever it is. */
  @Test
  void pointersAreNamedInThePlaceOfEachFile() throws IOException {
    byte[] pointer =
        "version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 1\n"
            .getBytes(StandardCharsets.US_ASCII);
    Files.write(folder.resolve("FSD50K.eval_audio/21.wav"), pointer);
    assertSoundRefused("21.wav is a pointer of Git LFS");
    Files.write(folder.resolve("FSD50K.ground_truth/dev.csv"), pointer);
    assertRefused("dev.csv is a pointer of Git LFS");
    for (PublishedFormat format : List.of(PublishedFormat.PDEBENCH, PublishedFormat.DARCY)) {
      Path input = folder.resolve(format == PublishedFormat.DARCY ? "" : "a.h5");
      Files.write(folder.resolve("a.h5"), pointer);
      Files.write(folder.resolve(DarcyFlow.TRAIN_FILE), pointer);
      assertThatThrownBy(() -> PublishedFiles.open(format, input, 1))
          .isInstanceOf(MonaException.class)
          .hasMessageContaining(" is a pointer of Git LFS");
    }
  }

  private void assertSoundRefused(String problem) throws IOException {
    try (SetSource set = open()) {
      Samples test = PublishedFiles.samples(set, Split.TEST);
      assertThatThrownBy(() -> PublishedFiles.features(test, 0))
          .isInstanceOf(MonaException.class)
          .hasMessageContaining(problem);
    }
  }
}
