package dev.mona.deploy.zeppelin;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.mona.deploy.Installation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/** The notes of this project, as users import them. */
final class Notes {
  private static final ObjectMapper JSON = new ObjectMapper();

  private Notes() {}

  /** Their files, by number. */
  static List<Path> files() throws IOException {
    try (Stream<Path> files = Files.list(Installation.home().resolve("notebooks"))) {
      return files.filter(file -> file.toString().endsWith(".zpln")).sorted().toList();
    }
  }

  /** The note of a number, for example {@code 01}. */
  static String text(String number) throws IOException {
    for (Path note : files()) {
      if (note.getFileName().toString().startsWith(number)) {
        return Files.readString(note);
      }
    }
    throw new AssertionError("no note " + number);
  }

  /** A note with some of its paragraphs only, and those that all others need. */
  static String excerpt(String number, String... titles) throws IOException {
    ObjectNode note = (ObjectNode) JSON.readTree(text(number));
    Set<String> kept = new TreeSet<>(List.of(titles));
    kept.add("Reading and showing");
    kept.add("Run directory");
    ArrayNode paragraphs = JSON.createArrayNode();
    for (JsonNode paragraph : note.path("paragraphs")) {
      if (kept.remove(paragraph.path("title").asText())) {
        paragraphs.add(paragraph);
      }
    }
    assertThat(kept).as("missing in note " + number).isEmpty();
    return note.set("paragraphs", paragraphs).toString();
  }
}
