package dev.mona.deploy.zeppelin;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;

/**
 * A note after a run.
 *
 * @param paragraphs in the order of the note
 */
record NoteRun(List<Paragraph> paragraphs) {

  /**
   * One paragraph.
   *
   * @param title its title
   * @param status FINISHED, ERROR and others
   * @param fields names of its form fields
   * @param graph settings of its chart
   * @param outputs what it printed, by display system
   */
  record Paragraph(
      String title, String status, List<String> fields, JsonNode graph, List<Output> outputs) {
    /** All it printed, for messages. */
    String text() {
      return String.join("\n", outputs.stream().map(Output::data).toList());
    }

    /** The one table. */
    Table table() {
      List<Output> tables = outputs.stream().filter(o -> o.type().equals("TABLE")).toList();
      if (tables.size() != 1) {
        throw new AssertionError("\"" + title + "\" printed no table: " + text());
      }
      return Table.parse(tables.get(0).data());
    }
  }

  /**
   * Output for one display system.
   *
   * @param type TEXT, TABLE or HTML
   * @param data what it shows
   */
  record Output(String type, String data) {}

  static NoteRun of(JsonNode note) {
    List<Paragraph> paragraphs = new ArrayList<>();
    for (JsonNode paragraph : note.path("paragraphs")) {
      List<Output> outputs = new ArrayList<>();
      for (JsonNode message : paragraph.path("results").path("msg")) {
        outputs.add(new Output(message.path("type").asText(), message.path("data").asText()));
      }
      List<String> fields = new ArrayList<>();
      paragraph.path("settings").path("forms").fieldNames().forEachRemaining(fields::add);
      paragraphs.add(
          new Paragraph(
              paragraph.path("title").asText(),
              paragraph.path("status").asText(),
              fields,
              paragraph.path("config").path("results").path("0").path("graph"),
              outputs));
    }
    return new NoteRun(paragraphs);
  }

  Paragraph paragraph(String title) {
    return paragraphs.stream()
        .filter(p -> p.title().equals(title))
        .findFirst()
        .orElseThrow(() -> new AssertionError("no paragraph \"" + title + "\""));
  }

  Table table(String title) {
    return paragraph(title).table();
  }
}
