package dev.mona.published;

import dev.mona.convert.SetSource;
import dev.mona.data.Samples;
import dev.mona.data.Split;
import dev.mona.fuzz.Fuzz;
import dev.mona.task.TaskKind;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import us.hebi.matlab.mat.format.Mat5;
import us.hebi.matlab.mat.types.MatFile;
import us.hebi.matlab.mat.types.Matrix;

/** Damaged files in the forms in which sets are published. */
class PublishedFuzzTest {
  private static final int RATE = 44_100;

  @TempDir private Path folder;

  @Test
  void hdf5() {
    Fuzz.binary("hdf5")
        .seeds("hdf5")
        .check(file -> readAll(PublishedFormat.PDEBENCH, write("a.h5", file)));
  }

  @Test
  void matlab() throws IOException {
    Path packed = folder.resolve("seed.mat");
    try (MatFile content = fields()) {
      Mat5.writeToFile(content, packed.toFile());
    }
    Fuzz.binary("mat")
        .seeds("mat")
        .seed(Files.readAllBytes(packed))
        .check(
            file -> {
              write(DarcyFlow.TRAIN_FILE, file);
              write(DarcyFlow.TEST_FILE, file);
              readAll(PublishedFormat.DARCY, folder);
            });
  }

  private static MatFile fields() {
    Matrix field = Mat5.newMatrix(new int[] {3, 4, 4});
    for (int k = 0; k < field.getNumElements(); k++) {
      field.setDouble(k, k * 0.37);
    }
    return Mat5.newMatFile().addArray("coeff", field).addArray("sol", field);
  }

  @Test
  void wav() throws IOException {
    ByteBuffer sound = ByteBuffer.allocate(44 + 600).order(ByteOrder.LITTLE_ENDIAN);
    sound.put("RIFF".getBytes(StandardCharsets.US_ASCII)).putInt(636);
    sound.put("WAVEfmt ".getBytes(StandardCharsets.US_ASCII)).putInt(16);
    sound.putShort((short) 1).putShort((short) 1).putInt(RATE).putInt(2 * RATE);
    sound.putShort((short) 2).putShort((short) 16);
    sound.put("data".getBytes(StandardCharsets.US_ASCII)).putInt(600);
    Configuration hadoop = new Configuration();
    Fuzz.binary("wav")
        .seed(sound.array())
        .check(
            file -> {
              var path = new org.apache.hadoop.fs.Path(write("a.wav", file).toUri());
              FileSystem files = path.getFileSystem(hadoop);
              Sound.beginning(files, path, RATE, 400);
            });
  }

  @Test
  void tables() throws IOException {
    Path truth = Files.createDirectories(folder.resolve("FSD50K.ground_truth"));
    Files.writeString(truth.resolve("vocabulary.csv"), "0,Bark,/m/1\n1,Meow,/m/2\n");
    Files.writeString(truth.resolve("eval.csv"), "fname,labels,mids\n9,Bark,/m/1\n");
    String dev =
        """
        fname,labels,mids,split
        1,"Bark,Meow","/m/1,/m/2",train
        2,Meow,/m/2,val
        3,Bark,/m/1,train
        """;
    Fuzz.text("csv")
        .seed(dev.getBytes(StandardCharsets.UTF_8))
        .check(
            file -> {
              Files.write(truth.resolve("dev.csv"), file);
              PublishedFiles.open(PublishedFormat.FSD50K, folder, 1).close();
            });
  }

  @Test
  void cifar() throws IOException {
    StringBuilder names = new StringBuilder();
    for (int k = 0; k < 100; k++) {
      names.append("class").append(k).append('\n');
    }
    write("fine_label_names.txt", names.toString().getBytes(StandardCharsets.UTF_8));
    byte[] images = new byte[2 * 3074];
    write("test.bin", images);
    Fuzz.binary("cifar")
        .seed(images)
        .check(
            file -> {
              write("train.bin", file);
              readAll(PublishedFormat.CIFAR100, folder);
            });
    write("train.bin", images);
    Fuzz.text("cifar-names")
        .seed(names.toString().getBytes(StandardCharsets.UTF_8))
        .slow(2)
        .check(
            file -> {
              write("fine_label_names.txt", file);
              readAll(PublishedFormat.CIFAR100, folder);
            });
  }

  private Path write(String name, byte[] content) throws IOException {
    return Files.write(folder.resolve(name), content);
  }

  private static void readAll(PublishedFormat format, Path input) throws IOException {
    try (SetSource set = PublishedFiles.open(format, input, 1)) {
      for (Split split : Split.values()) {
        Optional<Samples> found = set.samples(split);
        if (found.isPresent()) {
          Samples samples = found.get();
          int length = set.card().kind() == TaskKind.DENSE ? samples.shape().length() : 1;
          for (int i = 0; i < Math.min(5, samples.size()); i++) {
            PublishedFiles.features(samples, i);
            PublishedFiles.labels(samples, i, length);
          }
        }
      }
    }
  }
}
