package dev.mona.example;

import dev.mona.backbone.HieraTransformer;
import dev.mona.backbone.SwinTransformer;
import dev.mona.encoder.Encoder;
import dev.mona.encoder.Hiera;
import dev.mona.encoder.ImageShape;
import dev.mona.encoder.Swin;
import dev.mona.encoder.TransformerShape;
import dev.mona.encoder.Vit;
import dev.mona.nn.WindowFit;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import javax.imageio.ImageIO;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/** Random encoders of images of 16 x 16 pixels, and a set of images for them. */
public final class SmallVision {
  public static final Hiera HIERA =
      new Hiera(
          new HieraTransformer(
              8,
              1,
              new HieraTransformer.Blocks(List.of(1, 2), List.of(4, 4), Set.of(2)),
              WindowFit.PADDED,
              1e-6),
          3,
          16);

  public static final Swin SWIN =
      new Swin(
          new SwinTransformer(8, List.of(2, 1), List.of(2, 2), 2, 1e-5), new ImageShape(16, 4, 3));

  public static final Vit VIT =
      new Vit(Vit.Variant.VIT, new TransformerShape(8, 2, 2, 16, 1e-6), new ImageShape(16, 4, 3));

  /** Classes of the source images. */
  public static final List<String> CLASSES = List.of("dark", "light", "red");

  private static final int SIDE = 10;

  private SmallVision() {}

  /** Writes the folder of an encoder; the same seed gives the same bytes. */
  public static Path write(Path folder, Encoder config, long seed) throws IOException {
    return SmallEncoder.write(folder, config, seed);
  }

  /** Writes noisy images of three classes as PNG in Parquet, some of each. */
  public static Path images(SparkSession spark, Path folder, int perClass, long seed)
      throws IOException {
    Random random = new Random(seed);
    List<Row> rows = new ArrayList<>();
    for (int i = 0; i < CLASSES.size() * perClass; i++) {
      int label = i % CLASSES.size();
      rows.add(RowFactory.create(png(label, random), CLASSES.get(label)));
    }
    StructType schema =
        new StructType()
            .add("image", DataTypes.BinaryType, false)
            .add("label", DataTypes.StringType, false);
    spark.createDataFrame(rows, schema).coalesce(1).write().parquet(folder.toString());
    return folder;
  }

  private static byte[] png(int label, Random random) throws IOException {
    BufferedImage image = new BufferedImage(SIDE, SIDE, BufferedImage.TYPE_INT_RGB);
    for (int y = 0; y < SIDE; y++) {
      for (int x = 0; x < SIDE; x++) {
        int level = (label == 1 ? 160 : 20) + random.nextInt(80);
        int red = label == 2 ? 200 : level;
        image.setRGB(x, y, red << 16 | level << 8 | level);
      }
    }
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ImageIO.write(image, "png", out);
    return out.toByteArray();
  }
}
