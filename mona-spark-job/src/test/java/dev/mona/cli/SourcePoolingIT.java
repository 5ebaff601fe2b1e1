package dev.mona.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.mona.SharedFiles;
import dev.mona.example.LocalSpark;
import dev.mona.example.SmallEncoder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code source.pooling}: a run's source texts out of sentences with a class on every token. */
class SourcePoolingIT {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int CLASSES = 6;
  private static final int PER_CLASS = 18;

  /** What the probe holds back of each class. */
  private static final int PROBE = 4;

  private static SparkSession spark;
  private static JobFolder folder;

  @BeforeAll
  static void start(@TempDir Path root) throws IOException {
    spark = LocalSpark.session("local[2]");
    folder = JobFolder.write(spark, root);
  }

  @AfterAll
  static void stop() {
    spark.stop();
  }

  private static JsonNode source(String id, Path texts, String... settings) throws IOException {
    List<String> all =
        new ArrayList<>(
            List.of(
                "source.path=" + texts,
                "source.per-class=0",
                "warmup.epochs=1",
                "alignment.epochs=1",
                "finetuning.epochs=0",
                "evaluation.retention=false"));
    all.addAll(List.of(settings));
    Path run = folder.trained(spark, id, all.toArray(String[]::new));
    return JSON.readTree(Files.readString(run.resolve("provenance.json"))).path("source");
  }

  /** Three tokens of one class, then two of the next. */
  private static Path sentences(Path at) {
    List<Row> rows = new ArrayList<>();
    for (int i = 0; i < CLASSES * PER_CLASS; i++) {
      String own = SmallEncoder.word(SmallEncoder.firstWord() + i);
      int first = i % CLASSES;
      int next = (i + 1) % CLASSES;
      rows.add(
          RowFactory.create(
              new String[] {own, "w120", "w121", own, "w130"},
              new String[] {
                "B-c" + first, "I-c" + first, "I-c" + first, "B-c" + next, "I-c" + next
              }));
    }
    StructType schema =
        new StructType()
            .add("tokens", DataTypes.createArrayType(DataTypes.StringType))
            .add("tags", DataTypes.createArrayType(DataTypes.StringType));
    spark.createDataFrame(rows, schema).coalesce(1).write().parquet(at.toString());
    return at;
  }

  @Test
  void sentencesAreOneTextEachAndSpansOneEach(@TempDir Path scratch) throws IOException {
    Path texts = sentences(scratch.resolve("sentences"));
    JsonNode whole = source("whole", texts);
    assertThat(whole.path("samples").asInt()).isEqualTo(CLASSES * (PER_CLASS - PROBE));
    assertThat(whole.path("classes").asInt()).isEqualTo(CLASSES);
    JsonNode spans = source("spans", texts, "source.pooling=span");
    assertThat(spans.path("samples").asInt()).isEqualTo(CLASSES * (2 * PER_CLASS - PROBE));
    assertThat(spans.path("classes").asInt()).isEqualTo(CLASSES);
  }

  /** The 3,394 sentences of WNUT 17, the repeated ones left out; classes are named by its card. */
  @Test
  void namedEntitiesCanBePooledBothWays() throws IOException {
    Path texts = SharedFiles.require("data/source_wnut17_ner/train.parquet");
    List<Row> rows =
        spark.read().parquet(texts.toString()).select("tokens", "tags").collectAsList();
    JsonNode names =
        JSON.readTree(Files.readString(texts.resolveSibling("card.json"))).path("class_names");
    Set<String> sentences = new HashSet<>();
    Set<String> spans = new HashSet<>();
    Set<String> classes = new HashSet<>();
    for (Row row : rows) {
      List<String> tokens = row.getList(0);
      List<Number> tags = row.getList(1);
      sentences.add(String.join(" ", tokens));
      String span = "";
      for (int i = 0; i < tokens.size(); i++) {
        String tag = names.path(tags.get(i).intValue()).asText();
        String before = i == 0 ? "" : names.path(tags.get(i - 1).intValue()).asText();
        boolean goesOn = !tag.startsWith("B-") && bare(tag).equals(bare(before));
        if (!goesOn && i > 0) {
          spans.add(span);
        }
        span = goesOn ? span + " " + tokens.get(i) : tokens.get(i);
        classes.add(bare(tag));
      }
      spans.add(span);
    }
    int probe = PROBE * classes.size();
    JsonNode whole = source("wnut-whole", texts);
    assertThat(whole.path("samples").asInt()).isEqualTo(sentences.size() - probe);
    assertThat(whole.path("classes").asInt()).isEqualTo(classes.size());
    JsonNode pooled = source("wnut-spans", texts, "source.pooling=span");
    assertThat(pooled.path("samples").asInt()).isEqualTo(spans.size() - probe);
    assertThat(pooled.path("classes").asInt()).isEqualTo(classes.size());
  }

  private static String bare(String tag) {
    return tag.substring(tag.indexOf('-') + 1);
  }
}
