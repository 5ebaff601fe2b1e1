package dev.mona.weights;

/**
 * IEEE 754 binary16 (1 sign, 5 exponent, 10 fraction bits), as the bits of a {@code short}. JDK 17
 * has no conversion of its own.
 */
public final class Float16 {
  /** Value of the smallest positive subnormal, 2^-24. */
  private static final float SUBNORMAL_UNIT = 0x1p-24f;

  private Float16() {}

  /** The value of the half, exact: every half is a float. */
  public static float toFloat(short bits) {
    int sign = (bits & 0x8000) << 16;
    int exponent = (bits >>> 10) & 0x1f;
    int fraction = bits & 0x3ff;
    if (exponent == 0x1f) {
      return Float.intBitsToFloat(sign | 0x7f800000 | fraction << 13);
    }
    if (exponent == 0) {
      float magnitude = fraction * SUBNORMAL_UNIT;
      return sign == 0 ? magnitude : -magnitude;
    }
    return Float.intBitsToFloat(sign | (exponent + 112) << 23 | fraction << 13);
  }

  /**
   * The half nearest to the value, ties to even; beyond the largest half, infinity. NaN stays NaN.
   */
  public static short fromFloat(float value) {
    int bits = Float.floatToRawIntBits(value);
    int sign = bits >>> 16 & 0x8000;
    int magnitude = bits & 0x7fffffff;
    if (magnitude > 0x7f800000) {
      return (short) (sign | 0x7e00);
    }
    // 65520 lies half way between the largest half, 65504, and the next step.
    if (magnitude >= Float.floatToRawIntBits(65520f)) {
      return (short) (sign | 0x7c00);
    }
    if (magnitude < Float.floatToRawIntBits(0x1p-14f)) {
      float units = Float.intBitsToFloat(magnitude) / SUBNORMAL_UNIT;
      return (short) (sign | (int) Math.rint(units));
    }
    int rounded = magnitude + 0xfff + (magnitude >>> 13 & 1);
    return (short) (sign | (rounded >>> 13) - (112 << 10));
  }
}
