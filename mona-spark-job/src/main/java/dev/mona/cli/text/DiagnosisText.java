package dev.mona.cli.text;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.mona.doctor.Diagnosis;
import dev.mona.doctor.Finding;
import dev.mona.report.TextTable;
import java.util.List;

/**
 * Diagnoses, a process each.
 *
 * @param all them
 */
public record DiagnosisText(List<Diagnosis> all) implements Printed {

  /** A table a process, each followed by what is wrong there. */
  @Override
  public String text() {
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
  @Override
  public JsonNode json() {
    ArrayNode array = JsonForm.array();
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
    return array;
  }

  private static String severity(Finding finding) {
    return JsonForm.id(finding.severity());
  }
}
