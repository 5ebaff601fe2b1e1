package dev.mona;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The column "may use" of the tables of packages in ARCHITECTURE.md, held against the code: a
 * package uses what its row names, and all of it. A package without a row of its own belongs to
 * that of the package around it. Names in code style are packages of the same module, or another
 * module as a whole; others are libraries. {@code dev.mona} itself and what is in no library here,
 * such as the JDK and SLF4J, may be used by all.
 */
public final class MayUse {
  /** Tables of packages, one a module. */
  private static final Path DOCUMENT = Path.of("..", "ARCHITECTURE.md");

  private static final String ROOT = "dev.mona";
  private static final Pattern PACKAGE = Pattern.compile("`([a-z0-9.]+)`");

  /** Libraries as the document calls them, by what their packages begin with. */
  private static final Map<String, String> LIBRARIES =
      Map.ofEntries(
          Map.entry("org.nd4j.", "ND4J"),
          Map.entry("org.bytedeco.", "JavaCPP"),
          Map.entry("org.deeplearning4j.spark.", "DL4J Spark"),
          Map.entry("org.deeplearning4j.", "DL4J"),
          Map.entry("org.apache.spark.", "Spark"),
          Map.entry("scala.", "Spark"),
          Map.entry("org.apache.hadoop.", "Hadoop"),
          Map.entry("org.apache.parquet.", "Parquet"),
          Map.entry("org.apache.commons.", "Commons"),
          Map.entry("com.fasterxml.jackson.", "Jackson"),
          Map.entry("com.typesafe.config.", "Typesafe Config"),
          Map.entry("com.codahale.metrics.", "Dropwizard"),
          Map.entry("com.google.flatbuffers.", "FlatBuffers"),
          Map.entry("com.google.gson.", "Gson"),
          Map.entry("com.sun.jna.", "JNA"),
          Map.entry("ai.djl.", "DJL"),
          Map.entry("io.jhdf.", "jHDF"),
          Map.entry("net.sf.extjwnl.", "extJWNL"),
          Map.entry("picocli.", "picocli"));

  private MayUse() {}

  /**
   * Holds a module's classes against its table.
   *
   * @param module the heading of its table
   */
  public static void check(JavaClasses classes, String module) throws IOException {
    Map<String, Map<String, Set<String>>> tables = tables();
    Map<String, Set<String>> used = new TreeMap<>();
    for (JavaClass type : classes) {
      slice(type.getPackageName(), tables)
          .ifPresent(
              slice -> {
                Set<String> names = used.computeIfAbsent(slice, unused -> new TreeSet<>());
                type.getDirectDependenciesFromSelf().stream()
                    .map(Dependency::getTargetClass)
                    .map(target -> target.getBaseComponentType().getName())
                    .flatMap(target -> name(target, module, tables).stream())
                    .filter(name -> !name.equals("`" + slice + "`"))
                    .forEach(names::add);
              });
    }
    assertThat(tables.get(module)).isEqualTo(used);
  }

  private static Optional<String> slice(
      String packageName, Map<String, Map<String, Set<String>>> tables) {
    if (!packageName.startsWith(ROOT + ".")) {
      return Optional.empty();
    }
    String slice = packageName.substring(ROOT.length() + 1);
    while (slice.contains(".") && !hasRow(slice, tables)) {
      slice = slice.substring(0, slice.lastIndexOf('.'));
    }
    return Optional.of(slice);
  }

  private static boolean hasRow(String slice, Map<String, Map<String, Set<String>>> tables) {
    return tables.values().stream().anyMatch(rows -> rows.containsKey(slice));
  }

  private static Optional<String> name(
      String className, String module, Map<String, Map<String, Set<String>>> tables) {
    if (className.startsWith(ROOT + ".")) {
      Optional<String> slice = slice(className.substring(0, className.lastIndexOf('.')), tables);
      return slice.map(
          name ->
              tables.entrySet().stream()
                  .filter(table -> !table.getKey().equals(module))
                  .filter(table -> table.getValue().containsKey(name))
                  .map(table -> "`" + table.getKey() + "`")
                  .findFirst()
                  .orElse("`" + name + "`"));
    }
    return LIBRARIES.entrySet().stream()
        .filter(library -> className.startsWith(library.getKey()))
        .max(Map.Entry.comparingByKey())
        .map(Map.Entry::getValue);
  }

  /** Rows by module and package. */
  private static Map<String, Map<String, Set<String>>> tables() throws IOException {
    Map<String, Map<String, Set<String>>> tables = new TreeMap<>();
    String module = "";
    for (String line : Files.readAllLines(DOCUMENT)) {
      if (line.startsWith("#")) {
        module = line.startsWith("### ") ? line.substring(4) : "";
      } else if (!module.isEmpty() && line.startsWith("| `")) {
        List<String> cells = Arrays.stream(line.split("\\|")).map(String::strip).toList();
        Matcher row = PACKAGE.matcher(cells.get(1));
        if (row.matches() && !row.group(1).equals(ROOT)) {
          tables
              .computeIfAbsent(module, unused -> new TreeMap<>())
              .put(row.group(1), names(cells.get(3)));
        }
      }
    }
    return tables;
  }

  private static Set<String> names(String cell) {
    return Arrays.stream(cell.split(","))
        .map(String::strip)
        .filter(name -> !name.equals("-"))
        .collect(Collectors.toCollection(TreeSet::new));
  }
}
