package dev.mona.deploy.kubernetes;

import java.nio.file.Path;
import java.util.Comparator;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Replaces paths of a container by the folders that stand for them here, longest first. */
final class PathMap {
  private final Map<String, Path> paths =
      new TreeMap<>(
          Comparator.comparingInt(String::length).reversed().thenComparing(String::toString));

  void put(String inContainer, Path here) {
    paths.put(inContainer, here);
  }

  /** The folder that stands for a path that was put. */
  Path get(String inContainer) {
    Path here = paths.get(inContainer);
    if (here == null) {
      throw new IllegalArgumentException(inContainer + " is no mount: " + paths.keySet());
    }
    return here;
  }

  boolean has(String inContainer) {
    return paths.containsKey(inContainer);
  }

  String replace(String text) {
    String any = paths.keySet().stream().map(Pattern::quote).collect(Collectors.joining("|"));
    return Pattern.compile("(?<![\\w.-])(?:" + any + ")(?![\\w.-])")
        .matcher(text)
        .replaceAll(match -> Matcher.quoteReplacement(get(match.group()).toString()));
  }
}
