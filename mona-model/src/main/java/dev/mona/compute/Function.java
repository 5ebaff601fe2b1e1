package dev.mona.compute;

/** A function of one element. */
public enum Function {
  EXP,
  /** Natural logarithm. */
  LOG,
  /** {@code 1 / (1 + e^-x)}. */
  SIGMOID,
  /** {@code log(1 + e^x)}. */
  SOFTPLUS,
  /** Exact GELU (Hendrycks and Gimpel 2016), {@code x Phi(x)}. */
  GELU,
  /** Its derivative, {@code Phi(x) + x phi(x)}. */
  GELU_SLOPE,
  /** Distribution function of the standard normal law, {@code Phi(x)}. */
  NORMAL_DISTRIBUTION,
  /** Its density, {@code phi(x) = exp(-x^2 / 2) / sqrt(2 pi)}. */
  NORMAL_DENSITY
}
