package dev.mona;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * The pages of the repository: links that lead somewhere, classes that exist, a complete index, a
 * short front page, a citation of this version.
 */
class DocumentationTest {
  private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();

  /** Pages that name what was, too. */
  private static final String HISTORY = ".*/(CHANGELOG\\.md|adr/.*)";

  private static final Pattern LINK = Pattern.compile("\\]\\(([^()\\s]+)\\)");
  private static final Pattern HEADING = Pattern.compile("#{1,6} +(.*?) *");
  private static final Pattern ELSEWHERE = Pattern.compile("[a-z]+:.*");

  /** A class with its package, or a test: {@code learner.MonaLearner}, {@code NpyReaderTest}. */
  private static final Pattern CLASS =
      Pattern.compile("`((?:[a-z][a-z0-9]*\\.)+[A-Z]\\w+|[A-Z]\\w+(?:Test|IT))(?:\\.\\w+)?`");

  @Test
  void everyRelativeLinkLeadsToAFileAndAHeading() throws IOException {
    List<String> broken = new ArrayList<>();
    int links = 0;
    for (Path page : files(".md")) {
      for (String link : links(page)) {
        links++;
        String[] parts = link.split("#", 2);
        Path target = parts[0].isEmpty() ? page : page.resolveSibling(parts[0]);
        boolean found =
            Files.exists(target) && (parts.length == 1 || anchors(target).contains(parts[1]));
        if (!found) {
          broken.add(ROOT.relativize(page) + ": " + link);
        }
      }
    }
    assertThat(broken).isEmpty();
    assertThat(links).isGreaterThan(100);
  }

  @Test
  void everyClassThatIsNamedExists() throws IOException {
    List<String> sources =
        files(".java").stream().map(file -> "/" + ROOT.relativize(file)).toList();
    List<String> gone = new ArrayList<>();
    int named = 0;
    for (Path page : files(".md")) {
      for (String name : page.toString().matches(HISTORY) ? List.<String>of() : classes(page)) {
        named++;
        String source = "/" + name.replace('.', '/') + ".java";
        if (sources.stream().noneMatch(file -> file.endsWith(source))) {
          gone.add(ROOT.relativize(page) + ": " + name);
        }
      }
    }
    assertThat(gone).isEmpty();
    assertThat(named).isGreaterThan(100);
  }

  @Test
  void anchorsAreThoseOfGitHub() {
    assertThat(
            anchors(List.of("# Where do I change ...", "## `mona` & docs/a_b.md", "## A", "# A")))
        .containsExactlyInAnyOrder("where-do-i-change-", "mona--docsa_bmd", "a", "a-1");
    assertThat(anchors(List.of("```sh", "# no heading", "```", "# One"))).containsExactly("one");
  }

  @Test
  void theIndexNamesEveryPage() throws IOException {
    Path index = ROOT.resolve("docs/README.md");
    try (Stream<Path> docs = Files.list(ROOT.resolve("docs"))) {
      assertThat(links(index))
          .containsAll(
              docs.map(page -> page.getFileName().toString())
                  .filter(name -> name.endsWith(".md") && !name.equals("README.md"))
                  .toList());
    }
  }

  @Test
  void theCitationIsOfThisVersion() throws IOException {
    Matcher version =
        Pattern.compile("<version>(.+?)</version>")
            .matcher(Files.readString(ROOT.resolve("pom.xml")));
    assertThat(version.find()).isTrue();
    assertThat(ROOT.resolve("CITATION.cff")).content().contains("\nversion: " + version.group(1));
  }

  @Test
  void theFrontPageIsShort() throws IOException {
    String front = Files.readString(ROOT.resolve("README.md"));
    assertThat(front.strip().split("\\s+")).hasSizeLessThanOrEqualTo(900);
  }

  /** Files with this end of name, but those that builds make. */
  private static List<Path> files(String end) throws IOException {
    List<Path> files = new ArrayList<>();
    Files.walkFileTree(
        ROOT,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
            String name = folder.getFileName().toString();
            boolean passed =
                !folder.equals(ROOT) && (name.startsWith(".") || name.equals("target"));
            return passed ? FileVisitResult.SKIP_SUBTREE : FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
            if (file.toString().endsWith(end)) {
              files.add(file);
            }
            return FileVisitResult.CONTINUE;
          }
        });
    return files;
  }

  private static List<String> classes(Path page) throws IOException {
    return text(Files.readAllLines(page)).stream()
        .flatMap(line -> CLASS.matcher(line).results())
        .map(match -> match.group(1))
        .toList();
  }

  private static List<String> links(Path page) throws IOException {
    return text(Files.readAllLines(page)).stream()
        .flatMap(line -> LINK.matcher(line.replaceAll("`[^`]*`", "")).results())
        .map(match -> match.group(1))
        .filter(link -> !ELSEWHERE.matcher(link).matches())
        .toList();
  }

  private static Set<String> anchors(Path page) throws IOException {
    return page.toString().endsWith(".md") ? anchors(Files.readAllLines(page)) : Set.of();
  }

  private static Set<String> anchors(List<String> lines) {
    Set<String> anchors = new HashSet<>();
    for (String line : text(lines)) {
      Matcher heading = HEADING.matcher(line);
      if (heading.matches()) {
        String name =
            heading
                .group(1)
                .toLowerCase(Locale.ROOT)
                .replaceAll("[^\\p{L}\\p{N}_ -]", "")
                .replace(' ', '-');
        String anchor = name;
        for (int again = 1; !anchors.add(anchor); again++) {
          anchor = name + "-" + again;
        }
      }
    }
    return anchors;
  }

  /** The lines outside of code blocks. */
  private static List<String> text(List<String> lines) {
    List<String> text = new ArrayList<>();
    boolean code = false;
    for (String line : lines) {
      boolean fence = line.strip().startsWith("```");
      if (!fence && !code) {
        text.add(line);
      }
      code ^= fence;
    }
    return text;
  }
}
