package dev.mona.source;

import java.io.Serializable;
import java.util.List;

/** The source proxy: samples of the source modality with one class each. */
public sealed interface SourceSamples extends Serializable permits SourceTexts, SourceImages {
  /** Class of each sample, {@code 0 .. classNames().size() - 1}. */
  int[] labels();

  /** Names of the classes. */
  List<String> classNames();

  /** What samples of one batch should have in common: tokens of a text, 1 for an image. */
  int length(int sample);

  /** The same samples with other labels. */
  SourceSamples withLabels(int[] labels);

  /** A batch of the samples of some indices, in that order. */
  SourceBatch batch(int[] indices);

  /** Number of samples. */
  default int size() {
    return labels().length;
  }
}
