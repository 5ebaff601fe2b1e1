package dev.mona.cli.text;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.mona.Shown;
import dev.mona.cli.ConvertedWeights;
import dev.mona.data.Manifest;
import dev.mona.job.OnnxExport;
import dev.mona.onnx.OnnxModel;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What a command made, in a few facts.
 *
 * @param text a fact a line
 * @param json an object of them
 */
public record FactsText(String text, ObjectNode json) implements Printed {

  /**
   * A data set.
   *
   * @param output its directory
   */
  public static FactsText of(Manifest set, String output) {
    Map<String, String> lines = new LinkedHashMap<>();
    lines.put("name", set.name());
    lines.put("output", output);
    lines.put("sample", "[" + set.shape().toString().replace(" x", ",") + "]");
    lines.put("outputs", String.valueOf(set.outputs()));
    set.splits().forEach((split, files) -> lines.put(split.id(), files.samples() + " samples"));
    lines.put("licence", set.origin().licence());
    ObjectNode json = JsonForm.object().put("name", set.name()).put("output", output);
    json.put("kind", JsonForm.id(set.kind())).put("outputs", set.outputs());
    json.set("sample", JsonForm.shape(set.shape()));
    ObjectNode samples = json.putObject("samples");
    set.splits().forEach((split, files) -> samples.put(split.id(), files.samples()));
    json.put("licence", set.origin().licence());
    return new FactsText(pairs(lines), json);
  }

  /**
   * A model folder.
   *
   * @param output its address
   */
  public static FactsText of(ConvertedWeights weights, String output) {
    Map<String, String> lines = new LinkedHashMap<>();
    lines.put("output", output);
    lines.put("tensors", String.valueOf(weights.tensors()));
    lines.put("parameters", String.valueOf(weights.parameters()));
    return new FactsText(
        pairs(lines),
        JsonForm.object()
            .put("output", output)
            .put("tensors", weights.tensors())
            .put("parameters", weights.parameters()));
  }

  /** An ONNX file. */
  public static FactsText of(OnnxExport.Written file) {
    Map<String, String> lines = new LinkedHashMap<>();
    lines.put("output", file.output());
    lines.put("bytes", String.valueOf(file.digest().bytes()));
    lines.put("sha256", file.digest().sha256());
    lines.put("opset", String.valueOf(OnnxModel.OPSET));
    file.interfaces().forEach((name, sizes) -> lines.put(name, sizes.toString()));
    ObjectNode json = JsonForm.object().put("output", file.output());
    json.put("bytes", file.digest().bytes()).put("sha256", file.digest().sha256());
    json.put("opset", OnnxModel.OPSET);
    ObjectNode interfaces = json.putObject("interfaces");
    file.interfaces()
        .forEach(
            (name, sizes) -> {
              ArrayNode shape = interfaces.putArray(name);
              sizes.forEach(size -> size(shape, size));
            });
    return new FactsText(pairs(lines), json);
  }

  /** A size, or the name of one that is free. */
  private static void size(ArrayNode shape, String size) {
    if (size.matches("[0-9]{1,18}")) {
      shape.add(Long.parseLong(size));
    } else {
      shape.add(size);
    }
  }

  /** {@code 797 predictions in DIR}. */
  public static FactsText written(long count, String what, String output) {
    return new FactsText(
        count + " " + what + " in " + output + "\n",
        JsonForm.object().put(what, count).put("output", output));
  }

  /** Where a page is. */
  public static FactsText report(String file) {
    return new FactsText("report " + file + "\n", JsonForm.object().put("report", file));
  }

  private static String pairs(Map<String, String> facts) {
    int width = facts.keySet().stream().mapToInt(String::length).max().orElse(0);
    StringBuilder text = new StringBuilder();
    facts.forEach(
        (name, value) ->
            text.append(name)
                .append(" ".repeat(width - name.length() + 2))
                .append(Shown.line(value))
                .append('\n'));
    return text.toString();
  }
}
