package dev.mona.deploy.zeppelin;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What the notes ask of Zeppelin's charts, without a server and without a browser. */
class ChartSettingsTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final double ROW = 12;

  /** Characters of a name that Zeppelin's legends have room for. */
  private static final int LEGEND = 20;

  /** A paragraph that shows a table or a chart. */
  private record Chart(String title, String text, JsonNode graph) {
    String mode() {
      return graph.path("mode").asText();
    }

    JsonNode setting() {
      return graph.path("setting");
    }

    List<String> columns(String part) {
      List<String> names = new ArrayList<>();
      graph.path(part).forEach(column -> names.add(column.path("name").asText()));
      return names;
    }
  }

  private static List<Chart> charts(Path note) throws IOException {
    List<Chart> charts = new ArrayList<>();
    for (JsonNode paragraph : JSON.readTree(note.toFile()).path("paragraphs")) {
      JsonNode graph = paragraph.path("config").path("results").path("0").path("graph");
      if (!graph.isMissingNode()) {
        charts.add(
            new Chart(paragraph.path("title").asText(), paragraph.path("text").asText(), graph));
      }
    }
    assertThat(charts).as(note.toString()).isNotEmpty();
    return charts;
  }

  /** One column across, and what a chart of its kind needs beside it. */
  @ParameterizedTest
  @MethodSource("dev.mona.deploy.zeppelin.Notes#files")
  void chartsHaveTheColumnsThatTheirKindNeeds(Path note) throws IOException {
    for (Chart chart : charts(note)) {
      JsonNode own = chart.setting().path(chart.mode());
      switch (chart.mode()) {
        case "table" -> assertThat(chart.columns("keys")).as(chart.title()).isEmpty();
        case "lineChart", "multiBarChart" -> {
          assertThat(chart.columns("keys")).as(chart.title()).hasSize(1);
          assertThat(chart.columns("groups")).as(chart.title()).isEmpty();
          assertThat(chart.columns("values"))
              .as(chart.title())
              .isNotEmpty()
              .doesNotHaveDuplicates();
          assertThat(chart.columns("values"))
              .as(chart.title())
              .allMatch(name -> name.length() <= LEGEND);
          assertThat(own.path("xLabelStatus").asText()).isIn("default", "rotate");
        }
        case "scatterChart" -> {
          for (String part : List.of("xAxis", "yAxis", "group")) {
            assertThat(own.path(part).path("name").asText()).as(chart.title()).isNotEmpty();
          }
        }
        default -> throw new AssertionError(chart.title() + " is drawn as " + chart.mode());
      }
      assertThat(chart.graph().path("height").asInt()).as(chart.title()).isBetween(150, 500);
    }
  }

  /** A column that is renamed in the code alone would leave its chart to Zeppelin's guess. */
  @ParameterizedTest
  @MethodSource("dev.mona.deploy.zeppelin.Notes#files")
  void chartedColumnsAreNamedByTheirParagraph(Path note) throws IOException {
    for (Chart chart : charts(note)) {
      List<String> names = new ArrayList<>();
      for (String part : List.of("keys", "groups", "values")) {
        names.addAll(chart.columns(part));
      }
      chart.setting().path("scatterChart").forEach(c -> names.add(c.path("name").asText()));
      for (String name : names) {
        assertThat(chart.text()).as(chart.title()).contains('"' + name + '"');
      }
    }
  }

  /** Zeppelin draws nothing of a line with one point. */
  @ParameterizedTest
  @MethodSource("dev.mona.deploy.zeppelin.Notes#files")
  void linesAreCurves(Path note) throws IOException {
    for (Chart chart : charts(note)) {
      assertThat(chart.text().contains("\n  curve("))
          .as(chart.title())
          .isEqualTo(chart.mode().equals("lineChart"));
    }
  }

  /** The names of runs are long: side by side, Zeppelin would leave most of them out. */
  @ParameterizedTest
  @MethodSource("dev.mona.deploy.zeppelin.Notes#files")
  void namesOfRunsStandAslant(Path note) throws IOException {
    for (Chart chart : charts(note)) {
      if (chart.columns("keys").contains("run")) {
        assertThat(chart.setting().path(chart.mode()).path("xLabelStatus").asText())
            .as(chart.title())
            .isEqualTo("rotate");
      }
    }
  }

  @ParameterizedTest
  @MethodSource("dev.mona.deploy.zeppelin.Notes#files")
  void paragraphsSideBySideFillTheirRow(Path note) throws IOException {
    double filled = 0;
    for (JsonNode paragraph : JSON.readTree(note.toFile()).path("paragraphs")) {
      filled += paragraph.path("config").path("colWidth").asDouble();
      assertThat(filled).as(paragraph.path("title").asText()).isLessThanOrEqualTo(ROW);
      filled %= ROW;
    }
    assertThat(filled).as(note.toString()).isZero();
  }
}
