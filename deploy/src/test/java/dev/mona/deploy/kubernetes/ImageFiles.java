package dev.mona.deploy.kubernetes;

import dev.mona.deploy.Installation;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The files of an image as its Dockerfile lays them out, made of links into the checkout, and its
 * environment. Reads only {@code COPY}, {@code ENV} and the defaults of {@code ARG}.
 */
final class ImageFiles {
  private static final Pattern ASSIGNMENT = Pattern.compile("(\\w+)=(\\S+)");

  private final Path root;
  private final Map<String, String> environment = new TreeMap<>();

  ImageFiles(Path dockerfile, Path root) throws IOException {
    this.root = root;
    Map<String, String> defaults = new TreeMap<>();
    for (String raw : Files.readString(dockerfile).replace("\\\n", " ").split("\n", -1)) {
      String line = raw;
      for (Map.Entry<String, String> one : defaults.entrySet()) {
        line = line.replace("${" + one.getKey() + "}", one.getValue());
      }
      if (line.startsWith("ARG ")) {
        for (Matcher one = ASSIGNMENT.matcher(line); one.find(); ) {
          defaults.put(one.group(1), one.group(2));
        }
      } else if (line.startsWith("COPY ")) {
        copy(List.of(line.substring("COPY ".length()).strip().split("\\s+", -1)));
      } else if (line.startsWith("ENV ")) {
        for (Matcher one = ASSIGNMENT.matcher(line); one.find(); ) {
          environment.put(one.group(1), one.group(2));
        }
      }
    }
  }

  private void copy(List<String> words) throws IOException {
    String target = words.get(words.size() - 1);
    for (String pattern : words.subList(0, words.size() - 1)) {
      for (Path source : matching(pattern)) {
        Path link =
            target.endsWith("/")
                ? path(target).resolve(String.valueOf(source.getFileName()))
                : path(target);
        Files.createDirectories(link.getParent());
        Files.createSymbolicLink(link, source);
      }
    }
  }

  private static List<Path> matching(String pattern) throws IOException {
    Path whole = Installation.home().toRealPath().resolve(pattern);
    List<Path> found = new ArrayList<>();
    try (DirectoryStream<Path> files =
        Files.newDirectoryStream(whole.getParent(), String.valueOf(whole.getFileName()))) {
      files.forEach(found::add);
    }
    // Maven makes no bill of materials in its offline mode, and nothing that runs here reads it
    if (found.isEmpty() && !pattern.endsWith("/sbom.json")) {
      throw new IllegalStateException("COPY " + pattern + " finds nothing: run mvn package");
    }
    return found;
  }

  /** Where a path of the image lies here. */
  Path path(String inImage) {
    return root.resolve(inImage.substring(1));
  }

  /** Its variables, without the Java of the image. */
  Map<String, String> environment() {
    Map<String, String> all = new TreeMap<>(environment);
    all.put("JAVA_HOME", System.getProperty("java.home"));
    return all;
  }
}
