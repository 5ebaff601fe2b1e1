package dev.mona.example;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/** Source texts in the words of {@link SmallEncoder}, as Parquet: each class prefers its own. */
public final class SmallTexts {
  public static final int CLASSES = 6;
  public static final int OWN_WORDS = 20;

  private static final int SHORTEST = 3;
  private static final int LONGEST = 9;

  private SmallTexts() {}

  /** Writes a set with some texts of each class. */
  public static Path write(SparkSession spark, Path folder, int perClass, long seed) {
    Random random = new Random(seed);
    List<Row> rows = new ArrayList<>();
    for (int i = 0; i < perClass * CLASSES; i++) {
      int label = i % CLASSES;
      rows.add(RowFactory.create(text(random, label), "class-" + label));
    }
    StructType schema =
        new StructType().add("text", DataTypes.StringType).add("label", DataTypes.StringType);
    spark.createDataFrame(rows, schema).coalesce(1).write().parquet(folder.toString());
    return folder;
  }

  private static String text(Random random, int label) {
    List<String> words = new ArrayList<>();
    int length = SHORTEST + random.nextInt(LONGEST - SHORTEST + 1);
    for (int k = 0; k < length; k++) {
      boolean own = random.nextInt(4) > 0;
      int first = SmallEncoder.firstWord() + (own ? label : CLASSES) * OWN_WORDS;
      words.add(SmallEncoder.word(first + random.nextInt(OWN_WORDS)));
    }
    return String.join(" ", words);
  }
}
