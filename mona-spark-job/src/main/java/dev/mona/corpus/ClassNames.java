package dev.mona.corpus;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.mona.MonaException;
import dev.mona.storage.Location;
import dev.mona.storage.StoredJson;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * Names for the numbers that stand for classes in a Parquet set, from the {@code class_names} of
 * the {@code card.json} in the folder of the set. Without such a card, numbers name themselves.
 *
 * @param names name of class 0, 1, ...; empty when there are none
 * @param where the card, for messages
 */
record ClassNames(List<String> names, String where) {
  private static final String CARD = "card.json";
  private static final int MAX_BYTES = 1 << 20;

  ClassNames {
    names = List.copyOf(names);
  }

  /** The names that lie with the set at a path, a file or a folder. */
  static ClassNames of(String path, Configuration hadoop) throws IOException {
    Path set = Location.of(path);
    FileSystem files = Location.files(set, hadoop);
    Path folder = files.exists(set) && files.getFileStatus(set).isFile() ? set.getParent() : set;
    Path card = new Path(folder, CARD);
    if (!files.exists(card)) {
      return new ClassNames(List.of(), card.toString());
    }
    try (InputStream in = files.open(card)) {
      byte[] bytes = in.readNBytes(MAX_BYTES + 1);
      if (bytes.length > MAX_BYTES) {
        throw MonaException.data(card + " is longer than 1 MiB; shorten or remove it");
      }
      JsonNode names =
          StoredJson.tree(new String(bytes, StandardCharsets.UTF_8)).path("class_names");
      List<String> list = new ArrayList<>();
      names.forEach(name -> list.add(name.asText()));
      return new ClassNames(list, card.toString());
    } catch (JsonProcessingException e) {
      throw new MonaException(
          MonaException.Category.DATA, card + " is not valid JSON; correct or remove it", e);
    }
  }

  /** The name of a class as a row gives it: a name already, or a number. */
  String name(String given) {
    if (names.isEmpty() || !given.chars().allMatch(Character::isDigit)) {
      return given;
    }
    int number = given.length() > 9 ? Integer.MAX_VALUE : Integer.parseInt(given);
    if (number >= names.size()) {
      throw MonaException.data(
          "A row has class %s, but %s names %d classes; correct one of them"
              .formatted(given, where, names.size()));
    }
    return names.get(number);
  }
}
