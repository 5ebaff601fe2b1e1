package dev.mona.config;

import com.typesafe.config.ConfigException;
import java.util.ArrayList;
import java.util.List;

/**
 * Checks the text of a configuration before the parser, which is recursive, sees it. The text is
 * read as HOCON's lexer reads it: strings end on their line, comments begin with {@code #} or
 * {@code //}.
 *
 * <p>What is bounded: the depth, as the braces, brackets and dots of keys around a place; the
 * characters outside of comments, over all files of a configuration; the length of a line, since
 * values on one line are joined one by one; the substitutions. Strings in three quotes are refused,
 * so that no string goes over a line, and so is {@code +=}, which no key needs.
 */
final class ConfigText {
  static final int DEEPEST = 32;
  static final int LONGEST_LINE = 1 << 14;
  static final int MOST_CHARACTERS = 1 << 16;
  static final int MOST_SUBSTITUTIONS = 256;

  private int characters;
  private int substitutions;
  private List<String> names = new ArrayList<>();

  /** Braces, brackets and dots around the current place, and those of each open brace. */
  private int depth;

  private int dots;

  /** Dots of the line before, whose key may wait for its brace. */
  private int waiting;

  private final int[] opened = new int[DEEPEST];
  private int open;

  /**
   * Refuses text that is deeper or longer than a configuration can be; counts on from the texts
   * before it.
   *
   * @param where its file, for messages
   * @return what its substitutions name
   * @throws ConfigException with the sentence
   */
  List<String> check(String where, String text) {
    names = new ArrayList<>();
    depth = 0;
    dots = 0;
    waiting = 0;
    open = 0;
    int number = 0;
    for (String line : text.split("\n", -1)) {
      number++;
      String start = line.stripLeading();
      if (!start.startsWith("#") && !start.startsWith("//")) {
        line(line, where + ":" + number);
      }
    }
    return names;
  }

  private void line(String line, String at) {
    characters += line.length();
    require(line.length() <= LONGEST_LINE, at, "is a line of more than 16384 characters");
    require(
        characters <= MOST_CHARACTERS,
        at,
        "goes beyond the 65536 characters that a configuration may have outside of comments");
    require(!line.contains("\"\"\""), at, "holds a string in three quotes: use one quote");
    if (!line.matches("[\\s=:+]*")) {
      waiting = dots;
    }
    dots = 0;
    boolean quoted = false;
    for (int i = 0; i < line.length(); i++) {
      char c = line.charAt(i);
      char next = i + 1 < line.length() ? line.charAt(i + 1) : '\n';
      if (quoted) {
        if (c == '\\') {
          i++;
        } else if (c == '"') {
          quoted = false;
        }
      } else if (c == '#' || (c == '/' && next == '/')) {
        return;
      } else {
        quoted = c == '"';
        require(c != '+' || next != '=', at, "holds +=, but no key takes a list: use =");
        if (c == '$' && next == '{') {
          name(line, i + 2, at);
        }
        structure(c, at);
      }
    }
  }

  private void name(String line, int start, String at) {
    int end = line.indexOf('}', start);
    require(end >= 0, at, "holds a substitution ${ without its }");
    substitutions++;
    require(
        substitutions <= MOST_SUBSTITUTIONS,
        at,
        "goes beyond the " + MOST_SUBSTITUTIONS + " substitutions that a configuration may have");
    String name = line.substring(start, end);
    names.add((name.startsWith("?") ? name.substring(1) : name).trim());
  }

  private void structure(char c, String at) {
    switch (c) {
      case '.' -> dots++;
      case ',' -> nextKey();
      case '{', '[' -> {
        int deeper = waiting + dots + 1;
        require(depth + deeper <= DEEPEST, at, "is deeper than " + DEEPEST + " sections");
        opened[open] = deeper;
        depth += deeper;
        open++;
        nextKey();
      }
      case '}', ']' -> {
        if (open > 0) {
          open--;
          depth -= opened[open];
        }
        nextKey();
      }
      default -> {}
    }
    require(depth + dots <= DEEPEST, at, "is deeper than " + DEEPEST + " sections");
  }

  private void nextKey() {
    dots = 0;
    waiting = 0;
  }

  private static void require(boolean good, String at, String problem) {
    if (!good) {
      throw new ConfigException.Generic(at + " " + problem);
    }
  }
}
