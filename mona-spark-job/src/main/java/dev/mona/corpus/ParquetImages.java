package dev.mona.corpus;

import dev.mona.MonaException;
import dev.mona.Quoted;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/**
 * A Parquet set as labelled images. Its columns are {@code label}, a name or whole number, and
 * either encoded images, a binary column or Hugging Face's {@code struct<bytes, path>}, or {@code
 * features}, square images of values 0 to 255 as {@code mona convert} writes them. A {@code
 * card.json} in the same folder may name the classes ({@link ClassNames}).
 */
public final class ParquetImages {
  private static final String LABEL = "label";
  private static final String FEATURES = "features";
  private static final int LARGEST_LEVEL = 255;

  private ParquetImages() {}

  /**
   * Reads a file or the files of a folder.
   *
   * @throws MonaException of the category {@code DATA} when it cannot be read, has other columns,
   *     or has rows without image or class
   */
  public static LabelledImages read(SparkSession spark, String path) {
    return ParquetRows.read(
        spark,
        path,
        "read source images",
        ParquetRows.budget(path),
        set -> {
          Optional<Column> encoded = encoded(set.schema());
          boolean raw = type(set.schema(), FEATURES).equals("array<float>");
          if (!ClassNames.areLabels(type(set.schema(), LABEL)) || (encoded.isEmpty() && !raw)) {
            throw MonaException.data(
                path
                    + " has the columns "
                    + Quoted.of(set.schema().simpleString())
                    + "; a set of images has label (a name or whole number) and a column of encoded"
                    + " images, or label and features");
          }
          ClassNames names = ClassNames.of(path, spark.sparkContext().hadoopConfiguration());
          Classed<byte[]> images = new Classed<>();
          List<RowOfFile> rows = new ArrayList<>();
          Column content = encoded.orElseGet(() -> functions.col(FEATURES));
          Column label = functions.col(LABEL).cast(DataTypes.StringType);
          Column bytes =
              encoded.isPresent() ? functions.octet_length(content) : functions.size(content);
          set.select(bytes, content, label)
              .forEachRemaining(
                  row -> {
                    RowOfFile place = ParquetRows.place(row);
                    byte[] image = content(row, encoded.isPresent(), place, path);
                    images.add(image, names.name(row.getString(1), place));
                    rows.add(place);
                  });
          Classed.Numbered classes = images.numbered(path);
          names.reportMissing(images.names());
          List<byte[]> contents = images.samples();
          ImageDecoder decoder =
              encoded.isPresent() ? new EncodedImages(path) : raw(contents, rows, path);
          return new LabelledImages(
              contents, rows, classes.labels(), classes.classNames(), decoder);
        });
  }

  /** The first column of bytes, or of structures with a field {@code bytes}. */
  private static Optional<Column> encoded(StructType schema) {
    for (StructField field : schema.fields()) {
      DataType type = field.dataType();
      if (type.equals(DataTypes.BinaryType)) {
        return Optional.of(functions.col(field.name()));
      }
      if (type instanceof StructType struct && type(struct, "bytes").equals("binary")) {
        return Optional.of(functions.col(field.name()).getField("bytes"));
      }
    }
    return Optional.empty();
  }

  /** Type of a column, empty when there is none. */
  private static String type(StructType schema, String column) {
    for (StructField field : schema.fields()) {
      if (field.name().equals(column)) {
        return field.dataType().catalogString();
      }
    }
    return "";
  }

  private static byte[] content(Row row, boolean encoded, RowOfFile place, String path) {
    if (row.isNullAt(0) || row.isNullAt(1)) {
      throw MonaException.data(
          "%s has a row without image or label, %s; remove it".formatted(path, place));
    }
    if (encoded) {
      return row.getAs(0);
    }
    List<Float> levels = row.getList(0);
    byte[] bytes = new byte[levels.size()];
    for (int i = 0; i < bytes.length; i++) {
      float level = levels.get(i);
      if (!(level >= 0 && level <= LARGEST_LEVEL)) {
        throw MonaException.data(
            "%s has the value %s in the image of %s; convert the images without standardising, to values 0 to 255"
                .formatted(path, level, place));
      }
      bytes[i] = (byte) Math.round(level);
    }
    return bytes;
  }

  private static RawImages raw(List<byte[]> contents, List<RowOfFile> rows, String path) {
    int values = contents.get(0).length;
    for (int i = 0; i < contents.size(); i++) {
      if (contents.get(i).length != values) {
        throw MonaException.data(
            String.format(
                Locale.ROOT,
                "%s has an image of %d values in %s beside one of %d in %s; bring all to one size",
                path,
                contents.get(i).length,
                rows.get(i),
                values,
                rows.get(0)));
      }
    }
    return RawImages.of(values)
        .orElseThrow(
            () ->
                MonaException.data(
                    String.format(
                        Locale.ROOT,
                        "%s has images of %d values, which are no squares in grey or colour; bring them to one square size",
                        path,
                        values)));
  }
}
