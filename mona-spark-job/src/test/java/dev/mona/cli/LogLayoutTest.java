package dev.mona.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.function.Consumer;
import org.apache.logging.log4j.Logger;
import org.apache.logging.log4j.core.LoggerContext;
import org.junit.jupiter.api.Test;

/** What the two log4j2 files of {@code conf} make of an event. */
class LogLayoutTest {
  private static final Path CONF = Path.of("../conf");

  private static List<String> lines(String file, Consumer<LoggerContext> work) {
    PrintStream before = System.err;
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    System.setErr(new PrintStream(bytes, true, StandardCharsets.UTF_8));
    try (LoggerContext context = new LoggerContext("layout", null, CONF.resolve(file).toUri())) {
      context.start();
      work.accept(context);
    } finally {
      System.setErr(before);
    }
    return bytes.toString(StandardCharsets.UTF_8).lines().toList();
  }

  private static void log(LoggerContext context) {
    Logger own = context.getLogger("dev.mona.training.StageRun");
    own.info("event=round stage={} say=\"{}\"", "alignment", "a\\b\nc é");
    own.warn("event=failed", new IllegalStateException("broken \"pipe\""));
    own.debug("not shown");
    context.getLogger("org.apache.spark.SparkContext").info("not shown");
    context.getLogger("org.apache.spark.storage.BlockManager").error("not shown");
  }

  @Test
  void theClusterLayoutIsAnObjectALine() throws IOException {
    List<String> lines = lines("log4j2-cluster.properties", LogLayoutTest::log);
    assertThat(lines).hasSize(2);
    JsonNode first = new ObjectMapper().readTree(lines.get(0));
    assertThat(first.path("message").asText())
        .isEqualTo("event=round stage=alignment say=\"a\\b\nc é\"");
    assertThat(first.path("level").asText()).isEqualTo("INFO");
    assertThat(first.path("logger").asText()).isEqualTo("dev.mona.training.StageRun");
    assertThat(first.path("thread").asText()).isEqualTo(Thread.currentThread().getName());
    assertThat(first.path("trace").asText()).isEmpty();
    assertThat(Instant.parse(first.path("time").asText()))
        .isBetween(Instant.now().minusSeconds(60), Instant.now().plusSeconds(1));
    JsonNode second = new ObjectMapper().readTree(lines.get(1));
    assertThat(second.path("trace").asText().strip())
        .startsWith("java.lang.IllegalStateException: broken \"pipe\"\n\tat ");
  }

  @Test
  void theLocalLayoutIsForReading() {
    List<String> lines = lines("log4j2.properties", LogLayoutTest::log);
    assertThat(lines.get(0))
        .matches("\\d\\d:\\d\\d:\\d\\d INFO  StageRun event=round stage=alignment say=\"a.b");
    assertThat(String.join("\n", lines)).doesNotContain("not shown");
  }

  /** Names out of files may hold what a terminal obeys. */
  @Test
  void controlsAndMarksOfDirectionAreNotWritten() {
    Consumer<LoggerContext> work =
        context -> {
          Logger own = context.getLogger("dev.mona.convert.Converter");
          own.info("set={}", "a\u001b[2Jb\u009bc\u202ed");
          own.warn("event=failed", new IllegalStateException("x\u001b]0;y"));
        };
    assertThat(String.join("", lines("log4j2.properties", work)))
        .contains("set=a?[2Jb?c?d", "x?]0;y")
        .doesNotContainPattern("[\\x00-\\x08\\x0b-\\x1f\\x7f-\\x9f\\u202e]");
    assertThat(String.join("", lines("log4j2-cluster.properties", work)))
        .contains("set=a\\u001B[2Jb\\u009Bc")
        .doesNotContainPattern("[\\x00-\\x08\\x0b-\\x1f\\x7f-\\x9f]");
  }
}
