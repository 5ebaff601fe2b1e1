package dev.mona.source;

/** A batch of source samples. */
public sealed interface SourceBatch permits TextBatch, ImageBatch {
  /** Class of each sample. */
  int[] labels();

  /** Number of samples. */
  default int size() {
    return labels().length;
  }
}
