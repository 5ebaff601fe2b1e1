package dev.mona.deploy.zeppelin;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;

/**
 * A note after a run.
 *
 * @param id by which the server knows it
 * @param paragraphs in the order of the note
 */
record NoteRun(String id, List<Paragraph> paragraphs) {

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

    /** Its chart names columns of its table, each with its own index. */
    private void assertChartFits() {
      List<String> header = table().header();
      assertThat(graph.path("mode").asText()).as(title).isNotEmpty();
      List<JsonNode> columns = new ArrayList<>();
      for (String part : List.of("keys", "groups", "values")) {
        graph.path(part).forEach(columns::add);
      }
      graph.path("setting").path("scatterChart").forEach(columns::add);
      assertThat(columns.isEmpty()).isEqualTo(graph.path("mode").asText().equals("table"));
      for (JsonNode column : columns) {
        assertThat(header.get(column.path("index").asInt()))
            .as(title)
            .isEqualTo(column.path("name").asText());
      }
      for (List<String> row : table().rows()) {
        assertThat(row).as(title).hasSameSizeAs(header);
      }
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
    return new NoteRun(note.path("id").asText(), paragraphs);
  }

  /** No paragraph failed, and charts fit their tables. */
  void assertWhole() {
    assertThat(paragraphs).isNotEmpty();
    for (Paragraph paragraph : paragraphs) {
      assertThat(paragraph.status())
          .as("%s: %s", paragraph.title(), paragraph.text())
          .isEqualTo("FINISHED");
      assertThat(paragraph.text())
          .as(paragraph.title())
          .isNotBlank()
          .doesNotContain("Exception:", "\tat ");
      if (paragraph.outputs().get(0).type().equals("TABLE")) {
        paragraph.assertChartFits();
      }
    }
  }

  /** Titles of paragraphs that say why they show nothing. */
  List<String> notShown() {
    return paragraphs.stream()
        .filter(p -> p.text().startsWith("Not shown: "))
        .map(Paragraph::title)
        .toList();
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
