package dev.mona.hypergradient;

/** How the mixed second-order term is computed. */
public enum Estimator {
  /** Forward-mode tangent along v, then one reverse pass. */
  EXACT,
  /** Central difference of the embedder's gradient along v. */
  FINITE_DIFFERENCE
}
