package dev.mona.cli.text;

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

/** The header of a safetensors file, for people. */
public final class SafetensorsText {
  private SafetensorsText() {}

  public static String render(Configuration hadoop, FileStatus file) {
    SafetensorsHeader header;
    try (InputStream in =
        new BufferedInputStream(Location.files(file.getPath(), hadoop).open(file.getPath()))) {
      header = Safetensors.readHeader(in, file.getLen(), file.getPath().toString());
    } catch (IOException e) {
      throw StoredText.unreadable(file.getPath(), e);
    }
    TextTable table = new TextTable("tensor", "type", "shape", "elements");
    long total = 0;
    for (SafetensorsHeader.Entry entry : header.entries()) {
      long elements = 1;
      for (long size : entry.shape()) {
        elements *= size;
      }
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
}
