package dev.mona.deploy.zeppelin;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import scala.Console;
import scala.Option;
import scala.collection.JavaConverters;
import scala.runtime.AbstractFunction0;
import scala.tools.nsc.Settings;
import scala.tools.nsc.interpreter.IMain;

/** What the notes print, without Spark and Zeppelin: their own text, run by Scala's interpreter. */
class NotesTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String CLASS =
      "%html <script>alert(1)</script>\t%angular\n%html x\u001b[2J\u202e";
  private static final String SHOWN = "% html < script>alert(1)< /script> % angular % html x?[2J?";

  private static String paragraph(Path note, String title) throws IOException {
    for (JsonNode paragraph : JSON.readTree(note.toFile()).path("paragraphs")) {
      if (paragraph.path("title").asText().equals(title)) {
        return paragraph.path("text").asText();
      }
    }
    throw new AssertionError(note + " has no paragraph " + title);
  }

  /** The definitions that print, which need no Spark. */
  private static String printing(String text) {
    return Arrays.stream(text.split("\n\n", -1))
        .filter(block -> block.matches("(?s).*\ndef (shown|say|cell|table)\\(.*"))
        .map(block -> block.replaceAll("(?m)^def table\\(frame.*$", ""))
        .collect(Collectors.joining("\n"));
  }

  private static String literal(String text) {
    return text.chars().mapToObj("\\u%04x"::formatted).collect(Collectors.joining("", "\"", "\""));
  }

  private static String interpreted(String code) {
    Settings settings = new Settings();
    String library =
        Path.of(Option.class.getProtectionDomain().getCodeSource().getLocation().getPath())
            .toString();
    settings.processArguments(
        JavaConverters.asScalaBuffer(List.of("-classpath", library)).toList(), true);
    PrintedOutput printed = new PrintedOutput();
    IMain interpreter = new IMain(settings, new PrintWriter(printed, true, StandardCharsets.UTF_8));
    Console.withOut(
        new PrintStream(printed, true, StandardCharsets.UTF_8),
        new AbstractFunction0<Object>() {
          @Override
          public Object apply() {
            return interpreter.interpret(code);
          }
        });
    return printed.text();
  }

  @Test
  void namesStartNoDisplaySystemAndNoHtml() throws IOException {
    String name = literal(CLASS);
    String printed =
        interpreted(
            printing(paragraph(Notes.files().get(0), "Reading and showing"))
                + "\ntable(Seq(\"true class\", \"predicted \" + %s), Seq(Seq(%s, 0.5), Seq(null, 1)))\n"
                    .formatted(name, name)
                + "say(\"Run \" + %s)".formatted(name));
    assertThat(printed)
        .contains(
            "%table true class\tpredicted "
                + SHOWN
                + "\n"
                + SHOWN
                + "\t0.5\n\t1\n"
                + "Run "
                + SHOWN
                + "\n");
  }

  /** Everything that is printed goes through them. */
  @Test
  void notesPrintInNoOtherWay() throws IOException {
    for (Path note : Notes.files()) {
      String shared = paragraph(note, "Reading and showing");
      for (JsonNode paragraph : JSON.readTree(note.toFile()).path("paragraphs")) {
        String text = paragraph.path("text").asText();
        assertThat(text.replace(printing(shared), ""))
            .as("%s: %s", note, paragraph.path("title"))
            .satisfies(
                t ->
                    assertThat(
                            t.lines()
                                .filter(
                                    l ->
                                        l.matches(
                                            ".*\\b(println|print|printf|z\\.show|z\\.html)\\b.*"))
                                .filter(l -> !shared.contains(l)))
                        .isEmpty());
      }
      assertThat(shared.lines().filter(l -> l.contains("println")))
          .allMatch(l -> l.contains("shown") || l.contains("cell"));
    }
  }

  /** Each note stands alone; what they share is the same text in all. */
  @Test
  void notesShareTheirReadingParagraphAndHoldNoResults() throws IOException {
    Set<String> reading = new TreeSet<>();
    for (Path file : Notes.files()) {
      for (JsonNode paragraph : JSON.readTree(file.toFile()).path("paragraphs")) {
        assertThat(paragraph.has("results")).as(file.toString()).isFalse();
        assertThat(paragraph.path("title").asText()).as(file.toString()).isNotEmpty();
        if (paragraph.path("title").asText().equals("Reading and showing")) {
          reading.add(paragraph.path("text").asText());
        }
      }
    }
    assertThat(Notes.files()).hasSize(5);
    assertThat(reading).hasSize(1);
  }
}
