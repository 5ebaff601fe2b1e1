package dev.mona;

/**
 * What whoever calls the model has chosen and a {@link MonaException} may be about. The model does
 * not know how users write it down; who reads a configuration does.
 */
public enum Setting {
  /** Side in pixels of the images that an encoder gets. */
  IMAGE_SIZE,
  /** Kernel of the target embedder. */
  KERNEL,
  /** Most tokens that the target embedder makes of a sample. */
  TARGET_LENGTH,
  /** What the source samples are. */
  SOURCE,
  /** Longest source text. */
  SOURCE_TOKENS,
  /** Source samples kept of a class. */
  SOURCE_SAMPLES,
  /** Classes of a source batch. */
  SOURCE_CLASSES,
  /** The loss of the task. */
  LOSS,
  /** Whether classes weigh the same. */
  CLASS_WEIGHTS,
  /** What is done to samples against small sets. */
  AUGMENTATION
}
