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
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The column "may use" of the tables of packages in ARCHITECTURE.md, held against the code: a
 * package uses what its row names, and all of it. Names in code style are packages of the project,
 * others are libraries; {@code dev.mona} itself and what is in no library here, such as the JDK and
 * SLF4J, may be used by all.
 */
public final class MayUse {
  /** Tables of packages, one a module. */
  private static final Path DOCUMENT = Path.of("..", "ARCHITECTURE.md");

  private static final String ROOT = "dev.mona";
  private static final Pattern PACKAGE = Pattern.compile("`([a-z0-9]+)`");

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
    Map<String, Set<String>> used = new TreeMap<>();
    for (JavaClass type : classes) {
      slice(type.getPackageName())
          .ifPresent(
              slice -> {
                Set<String> names = used.computeIfAbsent(slice, unused -> new TreeSet<>());
                type.getDirectDependenciesFromSelf().stream()
                    .map(Dependency::getTargetClass)
                    .map(target -> name(target.getBaseComponentType().getName()))
                    .flatMap(Optional::stream)
                    .filter(name -> !name.equals("`" + slice + "`"))
                    .forEach(names::add);
              });
    }
    assertThat(table(module)).isEqualTo(used);
  }

  private static Optional<String> slice(String packageName) {
    return packageName.startsWith(ROOT + ".")
        ? Optional.of(packageName.substring(ROOT.length() + 1).split("\\.", 2)[0])
        : Optional.empty();
  }

  private static Optional<String> name(String className) {
    if (className.startsWith(ROOT + ".")) {
      int end = className.lastIndexOf('.');
      return slice(className.substring(0, end)).map(slice -> "`" + slice + "`");
    }
    return LIBRARIES.entrySet().stream()
        .filter(library -> className.startsWith(library.getKey()))
        .max(Map.Entry.comparingByKey())
        .map(Map.Entry::getValue);
  }

  private static Map<String, Set<String>> table(String module) throws IOException {
    Map<String, Set<String>> rows = new TreeMap<>();
    boolean within = false;
    for (String line : Files.readAllLines(DOCUMENT)) {
      if (line.startsWith("#")) {
        within = line.equals("### " + module);
      } else if (within && line.startsWith("| `")) {
        List<String> cells = Arrays.stream(line.split("\\|")).map(String::strip).toList();
        PACKAGE
            .matcher(cells.get(1))
            .results()
            .map(MatchResult::group)
            .forEach(p -> rows.put(p.substring(1, p.length() - 1), names(cells.get(3))));
      }
    }
    assertThat(rows).as("rows of the table %s in %s", module, DOCUMENT).isNotEmpty();
    return rows;
  }

  private static Set<String> names(String cell) {
    return Arrays.stream(cell.split(","))
        .map(String::strip)
        .filter(name -> !name.equals("-"))
        .collect(Collectors.toCollection(TreeSet::new));
  }
}
