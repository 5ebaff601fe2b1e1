package dev.mona.corpus;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.mona.ByteOrderMark;
import dev.mona.MonaException;
import dev.mona.Quoted;
import dev.mona.StoredJson;
import dev.mona.storage.Location;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Names for the numbers that stand for classes in a Parquet set, from the {@code class_names} of
 * the {@code card.json} in the folder of the set. Without such a card, numbers name themselves.
 */
final class ClassNames {
  private static final Logger log = LoggerFactory.getLogger(ClassNames.class);
  private static final String CARD = "card.json";
  private static final int MAX_BYTES = 1 << 20;
  private static final Pattern NUMBER = Pattern.compile("[0-9]+");
  private static final Pattern NEGATIVE = Pattern.compile("-[0-9]+");

  /** Spark's names of the types that labels have: names or whole numbers. */
  private static final Set<String> LABELS =
      Set.of("string", "tinyint", "smallint", "int", "bigint");

  private final List<String> names;
  private final Set<String> known = new HashSet<>();
  private final String where;

  /**
   * Names of classes.
   *
   * @param names name of class 0, 1, ...; empty when there are none
   * @param where the card, for messages
   * @throws MonaException of the category {@code DATA} when one is blank or stands for two classes
   */
  ClassNames(List<String> names, String where) {
    this.names = List.copyOf(names);
    this.where = where;
    for (String name : names) {
      if (name.isBlank()) {
        throw MonaException.data(
            String.format(
                Locale.ROOT, "%s names class %d with blanks; give it a name", where, known.size()));
      }
      if (!known.add(name)) {
        throw MonaException.data(
            "%s has the name %s for two classes; give each its own"
                .formatted(where, Quoted.of(name)));
      }
    }
  }

  /** Whether a column of a type, by Spark's name of it, can hold classes. */
  static boolean areLabels(String type) {
    return LABELS.contains(type);
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
    byte[] json;
    try (InputStream in = files.open(card)) {
      json = in.readNBytes(MAX_BYTES + 1);
    }
    if (json.length > MAX_BYTES) {
      throw MonaException.data(card + " is longer than 1 MiB; shorten or remove it");
    }
    return new ClassNames(names(json, card), card.toString());
  }

  private static List<String> names(byte[] json, Path card) {
    JsonNode content;
    try {
      content = StoredJson.tree(new String(ByteOrderMark.without(json), StandardCharsets.UTF_8));
    } catch (JsonProcessingException e) {
      throw new MonaException(
          MonaException.Category.DATA,
          "%s is not valid JSON: %s; correct or remove it"
              .formatted(card, Quoted.of(e.getOriginalMessage())),
          e);
    }
    JsonNode names = content.path("class_names");
    if (names.isMissingNode() || names.isNull()) {
      return List.of();
    }
    List<String> list = new ArrayList<>();
    for (JsonNode name : names) {
      if (!names.isArray() || !name.isTextual()) {
        break;
      }
      list.add(name.textValue());
    }
    if (!names.isArray() || list.size() < names.size()) {
      throw MonaException.data(
          "class_names of %s is no list of names; correct or remove it".formatted(card));
    }
    JsonNode classes = content.path("classes");
    if (classes.isIntegralNumber() && !list.isEmpty() && classes.longValue() != list.size()) {
      throw MonaException.data(
          String.format(
              Locale.ROOT,
              "%s has %s classes and %d class_names; correct one of them",
              card,
              classes,
              list.size()));
    }
    return list;
  }

  /**
   * The name of the class of a sample.
   *
   * @param given what its row says: a name already, or a number
   * @param row where it says so
   */
  String name(String given, RowOfFile row) {
    if (given.isBlank()) {
      throw MonaException.data("The label in %s is blank; remove the row".formatted(row));
    }
    if (NEGATIVE.matcher(given).matches()) {
      throw MonaException.data(
          "The label in %s is %s, and classes count from 0; remove rows without a class"
              .formatted(row, Quoted.of(given)));
    }
    String name = tag(given, row);
    if (!names.isEmpty() && !known.contains(name)) {
      throw MonaException.data(
          "The label in %s is %s, which is no name of %s; correct one of them"
              .formatted(row, Quoted.of(given), where));
    }
    return name;
  }

  /** The name of the class of a token, which may carry the prefix of a span. */
  String tag(String given, RowOfFile row) {
    if (names.isEmpty() || !NUMBER.matcher(given).matches()) {
      return given;
    }
    int number = given.length() > 9 ? Integer.MAX_VALUE : Integer.parseInt(given);
    if (number >= names.size()) {
      throw MonaException.data(
          String.format(
              Locale.ROOT,
              "The label in %s is class %s, but %s names %d classes; correct one of them",
              row,
              Quoted.of(given),
              where,
              names.size()));
    }
    return names.get(number);
  }

  /** Says which names no sample has. */
  void reportMissing(Set<String> present) {
    List<String> missing = names.stream().filter(name -> !present.contains(name)).toList();
    if (!missing.isEmpty()) {
      log.warn(
          "{} names {} classes of which no sample is there, {} the first: they are left out",
          where,
          missing.size(),
          Quoted.of(missing.get(0)));
    }
  }
}
