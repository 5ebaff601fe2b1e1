package dev.mona.corpus;

import dev.mona.ByteBudget;
import dev.mona.MonaException;
import dev.mona.fuzz.Fuzz;
import java.awt.Color;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import javax.imageio.ImageIO;
import org.apache.hadoop.conf.Configuration;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.example.data.simple.SimpleGroup;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.hadoop.example.ExampleParquetWriter;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.MessageTypeParser;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Damaged pictures, tokenizers and names of classes. */
class CorpusFuzzTest {
  @TempDir private Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"png", "jpg", "gif", "bmp", "tiff"})
  void images(String format) throws IOException {
    Fuzz.binary(format)
        .seed(image(format, BufferedImage.TYPE_INT_RGB))
        .seed(image(format, BufferedImage.TYPE_BYTE_GRAY))
        .seed(image(format, BufferedImage.TYPE_BYTE_GRAY, 40))
        .slow(2)
        .check(
            file ->
                new EncodedImages("a set")
                    .decode(
                        List.of(file),
                        List.of(new RowOfFile("a file", 0)),
                        new int[] {0},
                        List.of("a"),
                        ByteBudget.of(MonaException.Category.DATA, "a set", 64 << 20)));
  }

  private static byte[] image(String format, int type) throws IOException {
    return image(format, type, 8);
  }

  private static byte[] image(String format, int type, int side) throws IOException {
    BufferedImage image = new BufferedImage(side, side, type);
    for (int k = 0; k < side * side; k++) {
      image.setRGB(k % side, k / side, new Color(k * 37 % 256, k * 11 % 256, k % 256).getRGB());
    }
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    if (!ImageIO.write(image, format, out)) {
      throw new IllegalArgumentException("no writer of " + format);
    }
    return out.toByteArray();
  }

  /** Each starts a process, whose death would be one sentence too. */
  @Test
  void tokenizers() {
    String tokenizer =
        """
        {"version": "1.0", "truncation": null, "padding": null,
         "added_tokens": [{"id": 2, "content": "[CLS]", "single_word": false, "lstrip": false,
           "rstrip": false, "normalized": false, "special": true}],
         "normalizer": {"type": "Lowercase"}, "pre_tokenizer": {"type": "WhitespaceSplit"},
         "post_processor": null, "decoder": null,
         "model": {"type": "WordLevel", "vocab": {"[PAD]": 0, "[UNK]": 1, "[CLS]": 2, "a": 3},
           "unk_token": "[UNK]"}}
        """;
    Fuzz.text("tokenizer.json")
        .seed(tokenizer.getBytes(StandardCharsets.UTF_8))
        .slow(60)
        .check(
            file -> {
              try (TextTokenizer opened =
                  TextTokenizer.open(
                      new ByteArrayInputStream(file),
                      10,
                      8,
                      new TokenizerLimits(20, 1024),
                      "a file")) {
                opened.encodeAll(List.of("a b", ""));
              }
            });
  }

  /** The footers, with what Spark's reading makes of their exceptions. */
  @Test
  void footersOfParquet() throws IOException {
    Path parquet = folder.resolve("a.parquet");
    Configuration hadoop = new Configuration();
    var path = new org.apache.hadoop.fs.Path(parquet.toUri());
    MessageType schema =
        MessageTypeParser.parseMessageType(
            "message set { required binary text (STRING); optional group tags (LIST) {"
                + " repeated group list { optional int32 element; } } required int64 label; }");
    try (ParquetWriter<Group> writer =
        ExampleParquetWriter.builder(path).withType(schema).withConf(hadoop).build()) {
      writer.write(new SimpleGroup(schema).append("text", "a").append("label", 1L));
    }
    Fuzz.binary("parquet")
        .seed(Files.readAllBytes(parquet))
        .check(
            file -> {
              Files.write(parquet, file);
              try {
                ParquetColumns.columns(parquet.toUri().toString(), "a set", hadoop);
              } catch (MonaException e) {
                throw e;
              } catch (Exception e) {
                throw MonaException.data("a set cannot be read as Parquet");
              }
            });
  }

  @Test
  void namesOfClasses() {
    Configuration hadoop = new Configuration();
    Fuzz.text("class-names")
        .seed("{\"classes\": 2, \"class_names\": [\"a\", \"b\"]}".getBytes(StandardCharsets.UTF_8))
        .check(
            file -> {
              Files.write(folder.resolve("card.json"), file);
              ClassNames names = ClassNames.of(folder.toString(), hadoop);
              names.name("1", new RowOfFile("a file", 0));
            });
  }
}
