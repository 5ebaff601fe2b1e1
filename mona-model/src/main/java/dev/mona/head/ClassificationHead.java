package dev.mona.head;

import dev.mona.autodiff.Tape;
import dev.mona.autodiff.Variable;
import dev.mona.nn.LayerNorm;
import dev.mona.nn.Leaves;
import dev.mona.nn.Linear;
import dev.mona.nn.Pooling;
import dev.mona.nn.Tokens;
import dev.mona.tensor.ParameterLayout;

/**
 * Layer norm, mean over tokens, linear: {@code [batch * length, W]} to logits {@code [batch,
 * outputs]}. Serves one label of many and many labels at once.
 */
public record ClassificationHead(int width, int outputs, double epsilon) implements Head {
  static final String NORM = "LayerNorm";
  static final String CLASSIFIER = "classifier";

  private LayerNorm norm() {
    return new LayerNorm(NORM, width, epsilon);
  }

  private Linear classifier() {
    return new Linear(CLASSIFIER, width, outputs);
  }

  @Override
  public ParameterLayout layout() {
    ParameterLayout.Builder layout = ParameterLayout.builder();
    norm().declare(layout);
    classifier().declare(layout);
    return layout.build();
  }

  @Override
  public Variable apply(Tape tape, Leaves parameters, Tokens tokens) {
    Tokens normed = tokens.with(norm().apply(parameters, tokens.values()));
    Variable pooled = Pooling.MEAN.of(tape, normed);
    return classifier().apply(parameters, pooled);
  }
}
