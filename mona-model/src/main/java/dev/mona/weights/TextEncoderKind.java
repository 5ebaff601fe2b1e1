package dev.mona.weights;

import java.util.Locale;

/** The families of text encoders that can be loaded; they share one architecture. */
public enum TextEncoderKind {
  /** Devlin et al., NAACL 2019. Positions count from 0. */
  BERT("BertModel"),
  /** Liu et al., arXiv 1907.11692. Positions count from the padding id + 1. */
  ROBERTA("RobertaModel");

  private final String architecture;

  TextEncoderKind(String architecture) {
    this.architecture = architecture;
  }

  /** The {@code model_type} of a Hugging Face config.json; also the prefix of tensor names. */
  public String modelType() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The model class that a config.json names. */
  String architecture() {
    return architecture;
  }
}
