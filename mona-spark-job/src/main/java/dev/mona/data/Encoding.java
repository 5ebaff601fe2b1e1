package dev.mona.data;

/** How the numbers of a source array became features. */
public sealed interface Encoding {

  /** Name in the manifest. */
  String id();

  /** Numbers as they are: {@code [L]} becomes {@code [1, L]}, {@code [C, L]} stays. */
  record Plain() implements Encoding {
    @Override
    public String id() {
      return "plain";
    }
  }

  /**
   * Symbols {@code 0 .. symbols - 1} of a sequence {@code [L]} become {@code [symbols, L]}: channel
   * {@code s} is 1 where the symbol is {@code s} and 0 elsewhere.
   *
   * @param symbols size of the alphabet
   */
  record OneHot(int symbols) implements Encoding {
    public OneHot {
      if (symbols < 2 || symbols > 1024) {
        throw new IllegalArgumentException("one-hot needs 2 to 1024 symbols, not " + symbols);
      }
    }

    @Override
    public String id() {
      return "one_hot";
    }
  }
}
