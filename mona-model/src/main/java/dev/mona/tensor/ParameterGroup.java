package dev.mona.tensor;

/** The three parts of {@code h(f_theta(e_phi(x)))}, in the order in which flat states list them. */
public enum ParameterGroup {
  /** The target embedder, phi. */
  EMBEDDER,
  /** The pretrained encoder, theta. */
  ENCODER,
  /** The task head, h. */
  HEAD
}
