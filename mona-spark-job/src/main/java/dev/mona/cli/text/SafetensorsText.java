package dev.mona.cli.text;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.mona.Shown;
import dev.mona.report.TextTable;
import dev.mona.storage.Location;
import dev.mona.weights.Safetensors;
import dev.mona.weights.SafetensorsHeader;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.TreeMap;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;

/**
 * The header of a safetensors file.
 *
 * @param header what it says
 */
public record SafetensorsText(SafetensorsHeader header) implements Printed {

  /** That of a file. */
  public static SafetensorsText of(Configuration hadoop, FileStatus file) {
    try (InputStream in =
        new BufferedInputStream(Location.files(file.getPath(), hadoop).open(file.getPath()))) {
      return new SafetensorsText(
          Safetensors.readHeader(in, file.getLen(), file.getPath().toString()));
    } catch (IOException e) {
      throw StoredText.unreadable(file.getPath(), e);
    }
  }

  @Override
  public String text() {
    TextTable table = new TextTable("tensor", "type", "shape", "elements");
    long total = 0;
    for (SafetensorsHeader.Entry entry : header.entries()) {
      long elements = elements(entry);
      total += elements;
      table.row(
          entry.name(),
          entry.type().name(),
          Arrays.toString(entry.shape()),
          String.valueOf(elements));
    }
    StringBuilder text = new StringBuilder(table.render());
    text.append(header.entries().size()).append(" tensors, ").append(total).append(" elements\n");
    new TreeMap<>(header.metadata())
        .forEach((k, v) -> text.append("metadata " + Shown.line(k + " = " + v) + "\n"));
    return text.toString();
  }

  /** {@code tensors} by name, each with type, shape and elements; {@code metadata} as it stands. */
  @Override
  public JsonNode json() {
    ObjectNode root = JsonForm.object();
    ObjectNode tensors = root.putObject("tensors");
    for (SafetensorsHeader.Entry entry : header.entries()) {
      ObjectNode tensor = tensors.putObject(entry.name()).put("type", entry.type().name());
      ArrayNode shape = tensor.putArray("shape");
      for (long size : entry.shape()) {
        shape.add(size);
      }
      tensor.put("elements", elements(entry));
    }
    root.put("elements", header.entries().stream().mapToLong(SafetensorsText::elements).sum());
    ObjectNode metadata = root.putObject("metadata");
    new TreeMap<>(header.metadata()).forEach(metadata::put);
    return root;
  }

  private static long elements(SafetensorsHeader.Entry entry) {
    long elements = 1;
    for (long size : entry.shape()) {
      elements *= size;
    }
    return elements;
  }
}
