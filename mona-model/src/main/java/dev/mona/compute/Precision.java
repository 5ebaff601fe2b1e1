package dev.mona.compute;

import java.util.Arrays;
import java.util.Locale;

/**
 * How products of matrices are computed. Whatever it is, arrays hold {@link ElementType} elements:
 * parameters, moments, norms, softmax and losses are never rounded to a smaller type.
 */
public enum Precision {
  /** Products and sums in float. */
  FLOAT32,
  /** Factors rounded to 10 bits of mantissa, sums in float: tensor cores of Ampere and newer. */
  TF32,
  /** Factors rounded to bfloat16 (7 bits of mantissa), sums in float. */
  BF16;

  /** The name in configurations: {@code float32}, {@code tf32}, {@code bf16}. */
  public String id() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * The precision of a name.
   *
   * @throws IllegalArgumentException naming those there are
   */
  public static Precision of(String id) {
    return Arrays.stream(values())
        .filter(precision -> precision.id().equals(id))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "\"" + id + "\" is not a precision: use float32, tf32 or bf16"));
  }
}
