package dev.mona.numpy;

import dev.mona.MonaException;
import dev.mona.Quoted;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The dictionary at the head of an npy file. Read by a parser for just this dictionary, not for
 * Python literals in general: three keys, each once, with a string, a boolean and a tuple of whole
 * numbers.
 *
 * @param type element type
 * @param order order of the bytes of an element
 * @param fortranOrder whether the first index varies fastest in the file
 * @param shape sizes of the dimensions, none for a scalar
 */
record NpyHeader(NpyType type, ByteOrder order, boolean fortranOrder, List<Integer> shape) {
  private static final int MAX_DIMENSIONS = 32;

  NpyHeader {
    shape = List.copyOf(shape);
  }

  /** Bytes of the array's elements. May exceed what an array in memory can hold. */
  long dataBytes(String where) {
    long bytes = type.bytes();
    try {
      for (int size : shape) {
        bytes = Math.multiplyExact(bytes, (long) size);
      }
    } catch (ArithmeticException e) {
      throw new MonaException(
          MonaException.Category.DATA,
          where + " has shape " + shape + ", more elements than any file holds: it is corrupt",
          e);
    }
    return bytes;
  }

  static NpyHeader parse(String text, String where) {
    return new Parser(text.stripTrailing(), where).parse();
  }

  private static final class Parser {
    private final String text;
    private final String where;
    private int at;

    Parser(String text, String where) {
      this.text = text;
      this.where = where;
    }

    NpyHeader parse() {
      @Nullable String descr = null;
      @Nullable Boolean fortran = null;
      @Nullable List<Integer> shape = null;
      Set<String> seen = new HashSet<>();
      expect('{');
      while (peek() != '}') {
        String key = string();
        if (!seen.add(key)) {
          throw malformed("the key " + Quoted.of(key) + " twice");
        }
        expect(':');
        switch (key) {
          case "descr" -> {
            if (peek() == '[') {
              throw MonaException.data(
                  where + " is a structured array: save each of its fields as an array of its own");
            }
            descr = string();
          }
          case "fortran_order" -> fortran = bool();
          case "shape" -> shape = tuple();
          default -> throw malformed("the unknown key " + Quoted.of(key));
        }
        if (peek() != '}') {
          expect(',');
        }
      }
      expect('}');
      if (at < text.length()) {
        throw malformed("text after its end");
      }
      if (descr == null || fortran == null || shape == null) {
        throw malformed("not all of descr, fortran_order and shape");
      }
      // NumPy writes '<', '>' or, for single bytes, '|'; '=' is the order of the machine
      ByteOrder order = descr.startsWith(">") ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN;
      return new NpyHeader(NpyType.of(descr, where), order, fortran, shape);
    }

    private char peek() {
      while (at < text.length() && text.charAt(at) == ' ') {
        at++;
      }
      if (at == text.length()) {
        throw malformed("an end too early");
      }
      return text.charAt(at);
    }

    private void expect(char wanted) {
      char found = peek();
      if (found != wanted) {
        throw malformed(Quoted.of(String.valueOf(found)) + " in the place of '" + wanted + "'");
      }
      at++;
    }

    private String string() {
      char quote = peek();
      if (quote != '\'' && quote != '"') {
        throw malformed("no quoted text where one belongs");
      }
      int end = text.indexOf(quote, at + 1);
      if (end < 0) {
        throw malformed("an open quote");
      }
      String value = text.substring(at + 1, end);
      at = end + 1;
      return value;
    }

    private boolean bool() {
      peek();
      for (boolean value : new boolean[] {true, false}) {
        String word = value ? "True" : "False";
        if (text.startsWith(word, at)) {
          at += word.length();
          return value;
        }
      }
      throw malformed("neither True nor False as fortran_order");
    }

    private List<Integer> tuple() {
      List<Integer> sizes = new ArrayList<>();
      expect('(');
      while (peek() != ')') {
        if (sizes.size() == MAX_DIMENSIONS) {
          throw malformed("more than " + MAX_DIMENSIONS + " dimensions");
        }
        sizes.add(size());
        if (peek() != ')') {
          expect(',');
        }
      }
      expect(')');
      return sizes;
    }

    private int size() {
      int start = at;
      while (at < text.length() && text.charAt(at) >= '0' && text.charAt(at) <= '9') {
        at++;
      }
      String digits = text.substring(start, at);
      if (at < text.length() && text.charAt(at) == 'L') {
        // a long number of Python 2
        at++;
      }
      if (digits.isEmpty() || digits.length() > 10 || Long.parseLong(digits) > Integer.MAX_VALUE) {
        throw malformed("a dimension that is no whole number from 0 to " + Integer.MAX_VALUE);
      }
      return Integer.parseInt(digits);
    }

    private MonaException malformed(String what) {
      return MonaException.data(
          where + " has a malformed npy header with " + what + ": write it again with numpy.save");
    }
  }
}
