package dev.mona.task;

/** What a head predicts for one sample. */
public enum TaskKind {
  /** One of {@code outputs} classes; the label is one class index. */
  CLASSIFICATION,
  /** Any subset of {@code outputs} labels; the label is a 0/1 vector. */
  MULTI_LABEL,
  /** {@code outputs} values at every point of the sample's grid; the label is such a field. */
  DENSE
}
