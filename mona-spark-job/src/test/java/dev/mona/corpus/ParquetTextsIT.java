package dev.mona.corpus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mona.ByteBudget;
import dev.mona.MonaException;
import dev.mona.SharedFiles;
import dev.mona.example.LocalSpark;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.example.data.simple.SimpleGroupFactory;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.hadoop.example.ExampleParquetWriter;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.MessageTypeParser;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ParquetTextsIT {
  private static SparkSession spark;

  private final Path folder;

  ParquetTextsIT(@TempDir Path folder) {
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

  @Test
  void classesAreOrderedByNameOrByNumber() {
    LabelledTexts named =
        read(
            sql("select * from values ('x', 'dog'), ('y', 'cat'), ('z', 'dog') as t(text, label)"));
    assertThat(named.texts()).containsExactly("x", "y", "z");
    assertThat(named.classNames()).containsExactly("cat", "dog");
    assertThat(named.labels()).containsExactly(1, 0, 1);

    LabelledTexts numbered =
        read(sql("select * from values ('x', 10), ('y', 2), ('z', 1) as t(text, label)"));
    assertThat(numbered.classNames()).containsExactly("1", "2", "10");
    assertThat(numbered.labels()).containsExactly(2, 1, 0);
  }

  @Test
  void aCardNamesTheNumbers() throws IOException {
    Path path = sql("select * from values ('x', 1), ('y', 0) as t(text, label)");
    Files.writeString(path.resolve("card.json"), "{\"class_names\": [\"cat\", \"dog\"]}");
    assertThat(read(path).classNames()).containsExactly("cat", "dog");
    assertThat(read(path).labels()).containsExactly(1, 0);
    Files.writeString(path.resolve("card.json"), "{\"class_names\": [\"cat\"]}");
    assertThatThrownBy(() -> read(path))
        .isInstanceOf(MonaException.class)
        .hasMessageContaining("The label in row 0 (counted from 0) of part-")
        .hasMessageContaining("is class '1', but")
        .hasMessageContaining("names 1 classes");
    Files.writeString(path.resolve("card.json"), "{");
    assertThatThrownBy(() -> read(path))
        .isInstanceOf(MonaException.class)
        .hasMessageContaining("is not valid JSON");
  }

  /** Nanoseconds, as pandas writes them, and times of day are of no kind that Spark knows. */
  @Test
  void columnsThatAreNotUsedAreNotRead() throws IOException {
    MessageType schema =
        MessageTypeParser.parseMessageType(
            "message m { required int64 when (TIMESTAMP(NANOS,true)); required int64 hour"
                + " (TIME(MICROS,true)); required binary text (STRING);"
                + " required int64 label; }");
    Path file = folder.resolve("times.parquet");
    try (ParquetWriter<Group> writer =
        ExampleParquetWriter.builder(new org.apache.hadoop.fs.Path(file.toUri()))
            .withType(schema)
            .build()) {
      SimpleGroupFactory rows = new SimpleGroupFactory(schema);
      for (int i = 0; i < 4; i++) {
        writer.write(
            rows.newGroup()
                .append("when", 1L)
                .append("hour", 1L)
                .append("text", "x" + i)
                .append("label", i % 2L));
      }
    }
    LabelledTexts texts = read(file);
    assertThat(texts.texts()).containsExactly("x0", "x1", "x2", "x3");
    assertThat(texts.labels()).containsExactly(0, 1, 0, 1);
  }

  @Test
  void classesOfACardAreNamesAndOfTheirNumber() throws IOException {
    Path path = sql("select * from values ('x', '1'), ('y', 'cat') as t(text, label)");
    for (String[] pair :
        new String[][] {
          {"{\"class_names\": [\"cat\", \"cat\"]}", "has the name 'cat' for two classes"},
          {"{\"class_names\": [\"cat\", \" \"]}", "names class 1 with blanks"},
          {"{\"class_names\": [\"cat\", 7]}", "is no list of names"},
          {"{\"class_names\": {\"a\": \"b\"}}", "is no list of names"},
          {
            "{\"class_names\": [\"cat\", \"dog\"], \"classes\": 3}",
            "has 3 classes and 2 class_names"
          },
          {"{\"class_names\": [\"bird\", \"dog\"]}", "is 'cat', which is no name of"},
        }) {
      Files.writeString(path.resolve("card.json"), pair[0]);
      assertRefused(path, pair[1]);
    }
    Files.write(path.resolve("card.json"), new byte[] {'{', '"', (byte) 0xff, '"'});
    assertRefused(path, "is not valid JSON");
    // A name without a sample is left out, and a byte order mark passed over.
    Files.writeString(
        path.resolve("card.json"), "\uFEFF{\"class_names\": [\"cat\", \"dog\", \"bird\"]}");
    assertThat(read(path).classNames()).containsExactly("cat", "dog");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "('x', 0), ('y', -1) | is '-1', and classes count from 0",
        "('x', 'a'), ('y', '  ') | is blank; remove the row",
        "('x', 'a'), ('y', 'a ') | which differ in blanks only",
      },
      quoteCharacter = '"')
  void labelsAreNotTakenOnTrust(String values, String expected) {
    Path path = sql("select * from values " + values + " as t(text, label)");
    assertThatThrownBy(() -> read(path))
        .isInstanceOf(MonaException.class)
        .hasMessageContaining(expected);
  }

  /** Runs of one value: 20 kB of text in each row, and a few bytes for it in the file. */
  @Test
  void aSmallFileOfLongTextsIsHeldToTheBudget() throws IOException {
    Path path = sql("select repeat('a ', 10000) as text, id % 2 as label from range(1000)");
    long bytes = 0;
    try (Stream<Path> files = Files.list(path)) {
      for (Path file : files.toList()) {
        bytes += Files.size(file);
      }
    }
    assertThat(bytes).isLessThan(50_000);
    ByteBudget budget = ByteBudget.of(MonaException.Category.DATA, "set", 10 << 20);
    assertThatThrownBy(() -> ParquetTexts.read(spark, path.toString(), TagPooling.SPAN, budget))
        .isInstanceOf(MonaException.class)
        .hasMessageContaining(
            "set asks for 19 MiB of memory by its 1000 samples, and reading it may take 10 MiB");
  }

  @Test
  void tokensAreJoinedAndTagsPooled() {
    Path path =
        sql(
            "select * from values"
                + " (array('Ann', 'saw', 'Rome'), array('B-per', 'O', 'B-loc'), 1),"
                + " (array('it', 'rains'), array('O', 'O'), 2) as t(tokens, tags, other)");
    LabelledTexts sentences = ParquetTexts.read(spark, path.toString(), TagPooling.SENTENCE);
    assertThat(sentences.texts()).containsExactly("Ann saw Rome", "it rains");
    assertThat(sentences.classNames()).containsExactly("O", "per");
    LabelledTexts spans = ParquetTexts.read(spark, path.toString(), TagPooling.SPAN);
    assertThat(spans.texts()).containsExactly("Ann", "saw", "Rome", "it rains");
    assertThat(spans.classNames()).containsExactly("O", "loc", "per");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "select * from values ('x', 1.5), ('y', 2.5) as t(text, label)",
        "select * from values ('x', 1) as t(words, label)",
        "select * from values (array('x'), 'O') as t(tokens, tags)",
        "select * from values (1, 1) as t(text, label)"
      })
  void refusesOtherColumns(String query) {
    assertRefused(sql(query), "a text set has text and label");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "select * from values ('x', 'a'), (null, 'b') as t(text, label)",
        "select * from values ('x', 'a'), ('y', null) as t(text, label)",
        "select * from values ('x', 'a'), (' ', 'b') as t(text, label)"
      })
  void refusesRowsWithoutTextOrLabel(String query) {
    assertRefused(sql(query), "a row without text or label");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "select array('x', 'y') as tokens, array('O') as tags",
        "select array('x', null) as tokens, array('O', 'O') as tags",
        "select array('x') as tokens, cast(null as array<string>) as tags",
        "select cast(array() as array<string>) as tokens, cast(array() as array<string>) as tags"
      })
  void refusesSentencesWithoutATagForEachToken(String query) {
    assertRefused(sql(query), "tokens and tags are empty or of different number");
  }

  @Test
  void refusesOneClassAndFilesThatAreNotThere() throws IOException {
    assertRefused(
        sql("select * from values ('x', 'a'), ('y', 'a') as t(text, label)"),
        "2 samples of 1 classes");
    assertRefused(folder.resolve("nowhere"), "cannot be read as Parquet");
    Path damaged = Files.writeString(folder.resolve("damaged.parquet"), "PAR1 no parquet at all");
    assertRefused(damaged, "is not a Parquet file");
  }

  @Test
  void readsNamedEntities() {
    Path path = SharedFiles.require("data/source_wnut17_ner/train.parquet");
    LabelledTexts texts = ParquetTexts.read(spark, path.toString(), TagPooling.SENTENCE);
    assertThat(texts.size()).isEqualTo(3394);
    assertThat(texts.classNames())
        .containsExactly(
            "O", "corporation", "creative-work", "group", "location", "person", "product");
    assertThat(texts.perClass()).doesNotContain(0);
  }

  @Test
  void readsPartsOfSpeech() {
    Path path = SharedFiles.require("data/source_ud_ewt_pos/dev.parquet");
    LabelledTexts spans = ParquetTexts.read(spark, path.toString(), TagPooling.SPAN);
    assertThat(spans.classNames()).hasSize(17).contains("ADJ", "NOUN", "VERB", "X");
    assertThat(spans.perClass()).doesNotContain(0);
    // Runs cover all 25,147 tokens of the split.
    long tokens =
        spans.texts().stream().mapToLong(text -> Arrays.asList(text.split(" ", -1)).size()).sum();
    assertThat(tokens).isEqualTo(25_147);
    LabelledTexts sentences = ParquetTexts.read(spark, path.toString(), TagPooling.SENTENCE);
    assertThat(sentences.size()).isEqualTo(2001);
  }

  private static void assertRefused(Path path, String expected) {
    assertThatThrownBy(() -> read(path))
        .asInstanceOf(InstanceOfAssertFactories.throwable(MonaException.class))
        .returns(MonaException.Category.DATA, MonaException::category)
        .hasMessageContaining(path.toString())
        .hasMessageContaining(expected);
  }

  private static LabelledTexts read(Path path) {
    return ParquetTexts.read(spark, path.toString(), TagPooling.SENTENCE);
  }

  /** Writes the rows of a query as one Parquet file, in their order. */
  private Path sql(String query) {
    Path path = folder.resolve("set-" + List.of(query).hashCode());
    Dataset<Row> rows = spark.sql(query);
    rows.coalesce(1).write().parquet(path.toString());
    return path;
  }
}
