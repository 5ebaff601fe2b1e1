package dev.mona.optimizer;

import dev.mona.compute.Array;
import dev.mona.tensor.ParameterLayout;
import java.util.ArrayList;
import java.util.List;

/**
 * Rates that fall from layer to layer towards the input (Howard and Ruder, ACL 2018, section 3.1;
 * in the form of Bao et al., ICLR 2022): layer l of L has the rate
 *
 * <pre>
 * learningRate * decay^(L + 1 - l)
 * </pre>
 *
 * <p>What belongs to no layer has the rate itself. The moments of a layer lie side by side, layer
 * after layer.
 */
public final class LayerDecay {
  private final List<Span> spans = new ArrayList<>();

  /** Parameters of one layer, and the factor of their rate. */
  private record Span(long from, long length, double factor) {}

  /**
   * The rates of a group of parameters.
   *
   * @param decay in (0, 1]; 1 makes all rates the same
   */
  public LayerDecay(ParameterLayout layout, double decay) {
    List<ParameterLayout.Entry> entries = layout.entries();
    int layers = entries.stream().mapToInt(ParameterLayout.Entry::layer).max().orElse(0);
    long from = 0;
    for (int i = 0; i < entries.size(); i++) {
      ParameterLayout.Entry entry = entries.get(i);
      long to = entry.offset() + entry.length();
      if (i == entries.size() - 1 || entries.get(i + 1).layer() != entry.layer()) {
        int above = entry.layer() == 0 ? 0 : layers + 1 - entry.layer();
        spans.add(new Span(from, to - from, Math.pow(decay, above)));
        from = to;
      }
    }
  }

  /** One step of a rule, see {@link FlatOptimizer#step}. */
  public void step(
      FlatOptimizer rule,
      Array parameters,
      Array gradient,
      Array moments,
      long iteration,
      double learningRate) {
    for (Span span : spans) {
      long held = rule.momentLength(span.length());
      Array own = held == 0 ? moments : moments.view(rule.momentLength(span.from()), held);
      rule.step(
          parameters.view(span.from(), span.length()),
          gradient.view(span.from(), span.length()),
          own,
          iteration,
          learningRate * span.factor());
    }
  }
}
