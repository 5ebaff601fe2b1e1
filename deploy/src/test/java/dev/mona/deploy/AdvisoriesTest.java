package dev.mona.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The dependencies of this build, held against {@code tools/security/advisories.tsv}. */
class AdvisoriesTest {
  private static final Path HOME = Installation.home();
  private static final Path DOCUMENT = HOME.resolve("docs/security.md");
  private static final String BEGIN = "<!-- accepted -->\n";
  private static final String END = "<!-- end of accepted -->\n";

  /** group:artifact:type[:classifier]:version:scope, as maven-dependency-plugin lists it. */
  private static final Pattern MAVEN =
      Pattern.compile("\\s*([\\w.-]+):([\\w.-]+):[\\w-]+(?::[\\w.-]+)?:([\\w.-]+):(\\w+)\\b.*");

  private static final Pattern PYTHON = Pattern.compile("([\\w.-]+)==([\\w.]+).*");

  private static List<Advisory> advisories() throws IOException {
    return Advisory.read(HOME.resolve("tools/security/advisories.tsv"));
  }

  /** The versions in use, by component. */
  private static Map<String, Set<String>> components() throws IOException {
    Map<String, Set<String>> found = new TreeMap<>();
    for (String list :
        List.of(
            "mona-spark-job/target/dependencies.txt",
            "tools/distributions/spark/target/dependencies.txt")) {
      for (String line : Files.readAllLines(HOME.resolve(list))) {
        Matcher matcher = MAVEN.matcher(line.replaceAll("\u001b\\[[0-9;]*m", ""));
        if (matcher.matches() && !matcher.group(4).equals("test")) {
          found
              .computeIfAbsent(matcher.group(1) + ":" + matcher.group(2), k -> new TreeSet<>())
              .add(matcher.group(3));
        }
      }
    }
    for (String line : Files.readAllLines(HOME.resolve("deploy/airflow/constraints-3.3.2.txt"))) {
      Matcher matcher = PYTHON.matcher(line);
      if (matcher.matches()) {
        found
            .computeIfAbsent(
                "pypi:" + matcher.group(1).toLowerCase(Locale.ROOT), k -> new TreeSet<>())
            .add(matcher.group(2));
      }
    }
    return found;
  }

  private static boolean applies(Advisory advisory, Map<String, Set<String>> components) {
    return components.getOrDefault(advisory.component(), Set.of()).stream()
        .anyMatch(advisory::affects);
  }

  @Test
  void whatAppliesIsAcceptedWithAReasonAndNothingElseIs() throws IOException {
    Map<String, Set<String>> components = components();
    assertThat(components).hasSizeGreaterThan(200).containsKey("org.apache.spark:spark-core_2.12");
    for (Advisory advisory : advisories()) {
      Set<String> versions = components.getOrDefault(advisory.component(), Set.of());
      if (applies(advisory, components)) {
        assertThat(advisory.accepted())
            .as(
                "%s applies to %s %s: take version %s, or say in advisories.tsv why it is accepted",
                advisory.id(), advisory.component(), versions, advisory.fixed())
            .isNotEmpty();
      } else {
        assertThat(advisory.accepted())
            .as(
                "%s is accepted but does not apply to %s %s: remove its reason",
                advisory.id(), advisory.component(), versions)
            .isEmpty();
      }
    }
  }

  @Test
  void theListIsWhole() throws IOException {
    assertThat(advisories().stream().map(a -> a.id() + a.component())).doesNotHaveDuplicates();
    assertThat(advisories())
        .allSatisfy(
            a -> {
              assertThat(a.id()).matches("CVE-20\\d\\d-\\d{4,6}");
              assertThat(a.component()).matches("[\\w.-]+:[\\w.-]+");
              assertThat(a.fixed()).matches("\\d+(\\.\\d+)+");
              assertThat(a.what()).matches("[^|]+\\.");
              assertThat(a.reaches()).isIn("no", "in part");
              assertThat(a.accepted()).doesNotContain("|");
            });
  }

  @Test
  void versionsAreComparedByTheirNumbers() {
    assertThat(Advisory.compare("4.1.96.Final", "4.1.108")).isNegative();
    assertThat(Advisory.compare("4.1.118.Final", "4.1.118")).isZero();
    assertThat(Advisory.compare("32.0.0-jre", "32.0")).isZero();
    assertThat(Advisory.compare("2.10", "2.9")).isPositive();
    Advisory since = new Advisory("", "", "4.1.91", "4.1.118", "", "", "");
    assertThat(since.affects("4.1.90.Final")).isFalse();
    assertThat(since.affects("4.1.91.Final")).isTrue();
    assertThat(since.affects("4.1.118.Final")).isFalse();
  }

  /** Written anew with -Dmona.docs.write=true. */
  @Test
  void theDocumentHoldsEachAcceptedOne() throws IOException {
    String table =
        "| vulnerability | in | what it is | reaches us | why it is accepted |\n|---|---|---|---|---|\n"
            + advisories().stream()
                .filter(a -> !a.accepted().isEmpty())
                .map(
                    a ->
                        "| %s | `%s` before %s | %s | %s | %s |\n"
                            .formatted(
                                a.id(),
                                a.component(),
                                a.fixed(),
                                a.what(),
                                a.reaches(),
                                a.accepted()))
                .collect(Collectors.joining());
    String document = Files.readString(DOCUMENT);
    int begin = document.indexOf(BEGIN) + BEGIN.length();
    int end = document.indexOf(END);
    if (Boolean.getBoolean("mona.docs.write")) {
      Files.writeString(DOCUMENT, document.substring(0, begin) + table + document.substring(end));
      return;
    }
    assertThat(document.substring(begin, end)).isEqualTo(table);
  }
}
