package dev.mona.cli.text;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.mona.doctor.Diagnosis;
import dev.mona.doctor.Finding;
import dev.mona.report.TextTable;
import java.util.List;
import java.util.Locale;

/** Diagnoses as text. */
public final class DiagnosisText {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private DiagnosisText() {}

  /** A table a process, each followed by what is wrong there. */
  public static String table(List<Diagnosis> all) {
    StringBuilder text = new StringBuilder();
    for (Diagnosis diagnosis : all) {
      text.append(text.isEmpty() ? "" : "\n").append(diagnosis.process()).append("\n\n");
      if (!diagnosis.facts().isEmpty()) {
        TextTable table = new TextTable("section", "what", "value");
        diagnosis
            .facts()
            .forEach(
                (section, values) ->
                    values.forEach((name, value) -> table.row(section, name, value)));
        text.append(table.render()).append('\n');
      }
      if (diagnosis.findings().isEmpty()) {
        text.append("nothing is wrong\n");
        continue;
      }
      text.append("what is wrong\n");
      for (Finding finding : diagnosis.findings()) {
        text.append(severity(finding)).append(": ").append(finding.sentence()).append('\n');
      }
    }
    return text.toString();
  }

  /**
   * An array with an object a process: {@code process}, {@code healthy}, {@code facts} by section
   * and name, {@code findings} with {@code severity} and {@code sentence}.
   */
  public static String json(List<Diagnosis> all) {
    ArrayNode array = MAPPER.createArrayNode();
    for (Diagnosis diagnosis : all) {
      ObjectNode node = array.addObject();
      node.put("process", diagnosis.process());
      node.put("healthy", diagnosis.healthy());
      ObjectNode facts = node.putObject("facts");
      diagnosis
          .facts()
          .forEach((section, values) -> values.forEach(facts.withObject("/" + section)::put));
      ArrayNode findings = node.putArray("findings");
      diagnosis
          .findings()
          .forEach(
              finding ->
                  findings
                      .addObject()
                      .put("severity", severity(finding))
                      .put("sentence", finding.sentence()));
    }
    try {
      return MAPPER.writerWithDefaultPrettyPrinter().writeValueAsString(array) + "\n";
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a tree of texts is always JSON", e);
    }
  }

  private static String severity(Finding finding) {
    return finding.severity().name().toLowerCase(Locale.ROOT);
  }
}
