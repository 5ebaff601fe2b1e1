package dev.mona.corpus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mona.ByteBudget;
import dev.mona.MonaException;
import dev.mona.example.LocalSpark;
import dev.mona.example.SmallVision;
import dev.mona.source.ImageBatch;
import dev.mona.source.SourceImages;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ParquetImagesIT {
  private static final ByteBudget BUDGET =
      ByteBudget.of(MonaException.Category.DATA, "set", Integer.MAX_VALUE);

  private static SparkSession spark;

  private final Path folder;

  ParquetImagesIT(@TempDir Path folder) {
    this.folder = folder;
  }

  @BeforeAll
  static void start() {
    spark = LocalSpark.session("local[2]");
  }

  @AfterAll
  static void stop() {
    spark.stop();
  }

  private Path rows(String name, DataType type, Row... rows) {
    Path path = folder.resolve(name + rows.length);
    StructType schema = new StructType().add(name, type, true).add("label", DataTypes.LongType);
    spark.createDataFrame(List.of(rows), schema).coalesce(1).write().parquet(path.toString());
    return path;
  }

  private static LabelledImages read(Path path) {
    return ParquetImages.read(spark, path.toString());
  }

  private static void assertRefused(Path path, String message) {
    assertThatThrownBy(() -> read(path).decode(BUDGET))
        .isInstanceOf(MonaException.class)
        .hasMessageContaining(message);
  }

  /** An image of two rows and three columns whose levels are 0, 1, 2 .. in the order of a plane. */
  private static byte[] png(int type, int height, int width) throws IOException {
    BufferedImage image = new BufferedImage(width, height, type);
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        int at = y * width + x;
        image.setRGB(x, y, (100 + at) << 16 | (150 + at) << 8 | (200 + at));
      }
    }
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ImageIO.write(image, "png", out);
    return out.toByteArray();
  }

  @Test
  void colourComesFirstAndLevelsAreNormalisedWithTheMomentsOfImageNet() throws IOException {
    byte[] colour = png(BufferedImage.TYPE_INT_RGB, 2, 3);
    Path path =
        rows(
            "jpeg",
            DataTypes.BinaryType,
            RowFactory.create(colour, 4L),
            RowFactory.create(colour, 1L));
    SourceImages images = read(path).decode(BUDGET);
    assertThat(images.height()).isEqualTo(2);
    assertThat(images.width()).isEqualTo(3);
    assertThat(images.classNames()).containsExactly("1", "4");
    assertThat(images.labels()).containsExactly(1, 0);
    byte[] expected = new byte[18];
    for (int i = 0; i < 18; i++) {
      expected[i] = (byte) (100 + 50 * (i / 6) + i % 6);
    }
    assertThat(Arrays.copyOf(images.pixels(), 18)).isEqualTo(expected);
    ImageBatch batch = images.batch(new int[] {1});
    assertThat(batch.labels()).containsExactly(0);
    float red = (float) ((103 / 255.0 - 0.485) / 0.229);
    float blue = (float) ((205 / 255.0 - 0.406) / 0.225);
    assertThat(batch.values()).hasSize(18);
    assertThat(batch.values()[3]).isCloseTo(red, Assertions.within(1e-6f));
    assertThat(batch.values()[17]).isCloseTo(blue, Assertions.within(1e-6f));
  }

  @Test
  void huggingFacesStructureAndACardWithNames() throws IOException {
    byte[] image = png(BufferedImage.TYPE_BYTE_GRAY, 2, 2);
    StructType struct =
        new StructType().add("bytes", DataTypes.BinaryType).add("path", DataTypes.StringType);
    Path path =
        rows(
            "img",
            struct,
            RowFactory.create(RowFactory.create(image, "a.png"), 0L),
            RowFactory.create(RowFactory.create(image, "b.png"), 1L));
    Files.writeString(path.resolve("card.json"), "{\"class_names\": [\"cat\", \"dog\"]}");
    SourceImages images = read(path).decode(BUDGET);
    assertThat(images.classNames()).containsExactly("cat", "dog");
    // grey: red, green and blue are one
    byte[] pixels = images.pixels();
    assertThat(Arrays.copyOfRange(pixels, 0, 4)).isEqualTo(Arrays.copyOfRange(pixels, 8, 12));
  }

  /** What mona convert writes: square images of values 0 to 255. */
  @Test
  void convertedSetsAreSquareImages() {
    List<Float> grey = List.of(0f, 1f, 254f, 255f);
    DataType floats = DataTypes.createArrayType(DataTypes.FloatType, false);
    Path path = rows("features", floats, RowFactory.create(grey, 0L), RowFactory.create(grey, 1L));
    SourceImages images = read(path).decode(BUDGET);
    assertThat(images.height()).isEqualTo(2);
    byte[] plane = {0, 1, (byte) 254, (byte) 255};
    for (int colour = 0; colour < 3; colour++) {
      assertThat(Arrays.copyOfRange(images.pixels(), 4 * colour, 4 * colour + 4)).isEqualTo(plane);
    }
    List<Float> colours = IntStream.range(0, 12).mapToObj(i -> (float) i).toList();
    Path other =
        rows(
            "features",
            floats,
            RowFactory.create(colours, 0L),
            RowFactory.create(colours, 1L),
            RowFactory.create(colours, 1L));
    assertThat(read(other).decode(BUDGET).pixels())
        .startsWith(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11);
  }

  @Test
  void theSplitIsAFunctionOfContentAndSeed() throws IOException {
    Path path = SmallVision.images(spark, folder.resolve("set"), 12, 3);
    LabelledImages all = read(path);
    CorpusSplit<LabelledImages> split = all.split(5, 3, 1);
    assertThat(split.train().size()).isEqualTo(15);
    assertThat(split.probe().size()).isEqualTo(9);
    assertThat(split.train().contents()).doesNotContainAnyElementsOf(split.probe().contents());
    List<Integer> reversed =
        IntStream.range(0, all.size()).mapToObj(i -> all.size() - 1 - i).toList();
    assertThat(all.select(reversed).split(5, 3, 1).train().contents())
        .containsExactlyElementsOf(split.train().contents());
    assertThat(all.split(5, 3, 2).train().contents()).isNotEqualTo(split.train().contents());
    assertThat(split.train().firstPerClass(2).labels()).containsExactly(0, 0, 1, 1, 2, 2);
  }

  @Test
  void refusesWhatIsNoSetOfImages() throws IOException {
    DataType floats = DataTypes.createArrayType(DataTypes.FloatType, false);
    byte[] image = png(BufferedImage.TYPE_INT_RGB, 2, 3);
    byte[] larger = png(BufferedImage.TYPE_INT_RGB, 3, 3);
    assertRefused(
        rows("text", DataTypes.StringType, RowFactory.create("x", 0L)),
        "a set of images has label (a name or whole number) and a column of encoded images");
    assertRefused(
        rows(
            "a", DataTypes.BinaryType, RowFactory.create(image, 0L), RowFactory.create(larger, 1L)),
        "has an image of 3 x 3 pixels in row 1 (counted from 0) of part-");
    assertRefused(
        rows(
            "b",
            DataTypes.BinaryType,
            RowFactory.create(image, 0L),
            RowFactory.create(Arrays.copyOf(image, 40), 1L)),
        "the image of row 1 (counted from 0) of part-");
    assertRefused(
        rows("c", DataTypes.BinaryType, RowFactory.create(null, 0L)),
        "has a row without image or label, row 0 (counted from 0) of part-");
    assertRefused(
        rows("features", floats, RowFactory.create(List.of(0.5f, -1f, 0f, 0f), 0L)),
        "has the value -1.0 in the image of row 0 (counted from 0) of part-");
    assertRefused(
        rows(
            "features",
            floats,
            RowFactory.create(List.of(1f, 2f, 3f, 4f, 5f), 0L),
            RowFactory.create(List.of(1f, 2f, 3f, 4f, 5f), 1L)),
        "has images of 5 values, which are no squares");
  }

  /** The number is that of the file, whichever of the images are chosen. */
  @Test
  void theRowOfABrokenImageIsThatOfItsFile() throws IOException {
    byte[] image = png(BufferedImage.TYPE_INT_RGB, 2, 3);
    Row[] rows = new Row[9];
    for (int i = 0; i < rows.length; i++) {
      byte[] content = i == 5 ? Arrays.copyOf(image, 40) : image;
      rows[i] = RowFactory.create(content, (long) (i / 3));
    }
    LabelledImages all = read(rows("rows", DataTypes.BinaryType, rows));
    for (List<Integer> chosen : List.of(List.of(5), List.of(0, 7, 5), List.of(8, 5, 1, 2))) {
      assertThatThrownBy(() -> all.select(chosen).decode(BUDGET))
          .isInstanceOf(MonaException.class)
          .hasMessageContaining("the image of row 5 (counted from 0) of part-");
    }
  }

  @Test
  void labelsAreNamesOrNumbersFromZero() throws IOException {
    byte[] image = png(BufferedImage.TYPE_INT_RGB, 2, 3);
    assertRefused(
        rows(
            "n", DataTypes.BinaryType, RowFactory.create(image, 0L), RowFactory.create(image, -1L)),
        "is '-1', and classes count from 0; remove rows without a class");
    StructType doubles =
        new StructType().add("image", DataTypes.BinaryType).add("label", DataTypes.DoubleType);
    Path path = folder.resolve("doubles");
    spark
        .createDataFrame(List.of(RowFactory.create(image, Double.NaN)), doubles)
        .write()
        .parquet(path.toString());
    assertRefused(path, "a set of images has label (a name or whole number)");
  }
}
