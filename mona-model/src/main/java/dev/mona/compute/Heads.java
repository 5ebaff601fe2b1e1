package dev.mona.compute;

/**
 * Matrices {@code [batch, heads, rows, columns]}: an array of that shape, or tokens whose columns
 * are the heads one after the other, seen apart without a copy.
 *
 * @param array {@code [batch, heads, rows, columns]}, or {@code [batch * length, width]}
 * @param heads how many heads; 0 where the array has its four axes
 * @param length tokens of one sample; 0 where the array has its four axes
 */
public record Heads(Array array, int heads, int length) {
  /** Matrices that lie one after the other. */
  public static Heads of(Array matrices) {
    return new Heads(matrices, 0, 0);
  }

  /**
   * Tokens {@code [batch * length, width]} by head: {@code [batch, heads, length, width/heads]}.
   */
  public static Heads of(Array tokens, int heads, int length) {
    return new Heads(tokens, heads, length);
  }

  /** Whether the matrices are a strided view of tokens. */
  public boolean tokens() {
    return heads > 0;
  }
}
