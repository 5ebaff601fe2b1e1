package dev.mona.corpus;

import dev.mona.ByteBudget;
import dev.mona.MonaException;
import dev.mona.Quoted;
import java.util.List;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/**
 * A Parquet set as labelled text. Its columns are either {@code text} and {@code label}, one class
 * a text, or {@code tokens} and {@code tags}, one class a token, pooled as {@link TagPooling} says.
 * Labels and tags are names or whole numbers; a {@code card.json} in the same folder may name the
 * numbers ({@link ClassNames}). Classes are ordered by number when all names are numbers, else by
 * name. Other columns are not read.
 */
public final class ParquetTexts {
  /** Far beyond the tokens of any encoder; what follows would be cut by the tokenizer. */
  private static final int MAX_CHARACTERS = 20_000;

  private ParquetTexts() {}

  /**
   * Reads a file or the files of a folder, from any file system that Spark knows; their names end
   * in {@code .parquet}.
   *
   * @param pooling what to make of token-level classes; without effect on {@code text} and {@code
   *     label}
   * @throws MonaException of the category {@code DATA} when it cannot be read, has other columns,
   *     or has rows without text or class
   */
  public static LabelledTexts read(SparkSession spark, String path, TagPooling pooling) {
    return read(spark, path, pooling, ParquetRows.budget(path));
  }

  static LabelledTexts read(
      SparkSession spark, String path, TagPooling pooling, ByteBudget budget) {
    return ParquetRows.read(
        spark,
        path,
        "read source texts",
        budget,
        set -> {
          ClassNames names = ClassNames.of(path, spark.sparkContext().hadoopConfiguration());
          Classed<String> texts = new Classed<>();
          if (has(set.schema(), "text", "label")) {
            Column text = string("text");
            set.select(
                    functions.octet_length(text),
                    text,
                    functions.col("label").cast(DataTypes.StringType))
                .forEachRemaining(
                    row -> {
                      String sample = text(row, set);
                      texts.add(sample, names.name(row.getString(1), ParquetRows.place(row)));
                    });
            names.reportMissing(texts.names());
          } else if (has(set.schema(), "tokens", "tags")) {
            Column tokens = strings("tokens");
            Column bytes = functions.octet_length(functions.array_join(tokens, " "));
            set.select(bytes, tokens, strings("tags"))
                .forEachRemaining(row -> pool(row, pooling, names, texts, set));
          } else {
            throw MonaException.data(
                path
                    + " has the columns "
                    + Quoted.of(set.schema().simpleString())
                    + "; a text set has text and label (a name or whole number), or tokens and tags"
                    + " (lists of them)");
          }
          return LabelledTexts.of(texts, path);
        });
  }

  private static void pool(
      Row row, TagPooling pooling, ClassNames names, Classed<String> texts, ParquetRows set) {
    RowOfFile place = ParquetRows.place(row);
    List<String> tokens = row.getList(0);
    List<String> tags = row.getList(1);
    if (tokens == null
        || tags == null
        || tokens.isEmpty()
        || tokens.size() != tags.size()
        || tokens.contains(null)
        || tags.contains(null)) {
      throw MonaException.data(
          "%s has a row whose tokens and tags are empty or of different number, %s; correct it"
              .formatted(set.path(), place));
    }
    pooling.pool(tokens, tags.stream().map(tag -> names.tag(tag, place)).toList(), texts::add);
  }

  private static String text(Row row, ParquetRows set) {
    String text = row.getString(0);
    if (text == null || text.isBlank() || row.isNullAt(1)) {
      throw MonaException.data(
          "%s has a row without text or label, %s; remove it"
              .formatted(set.path(), ParquetRows.place(row)));
    }
    return text;
  }

  /** Whether both columns are there, as names or whole numbers or as lists of such. */
  private static boolean has(StructType schema, String words, String classes) {
    List<String> columns = List.of(schema.fieldNames());
    if (!columns.contains(words) || !columns.contains(classes)) {
      return false;
    }
    DataType word = schema.apply(words).dataType();
    DataType name = schema.apply(classes).dataType();
    if (word instanceof ArrayType wordList && name instanceof ArrayType nameList) {
      return words.equals("tokens") && scalars(wordList.elementType(), nameList.elementType());
    }
    return words.equals("text") && scalars(word, name);
  }

  private static boolean scalars(DataType word, DataType name) {
    return word.equals(DataTypes.StringType) && ClassNames.areLabels(name.catalogString());
  }

  private static Column string(String column) {
    return functions.substring(functions.col(column).cast(DataTypes.StringType), 1, MAX_CHARACTERS);
  }

  private static Column strings(String column) {
    return functions.col(column).cast(DataTypes.createArrayType(DataTypes.StringType));
  }
}
