package dev.mona.adapter;

import dev.mona.autodiff.Tape;
import dev.mona.nn.Leaves;
import dev.mona.nn.Linear;
import dev.mona.nn.LowRank;
import dev.mona.random.SplitMix64;
import dev.mona.tensor.ParameterLayout;
import dev.mona.tensor.Parameters;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;

/**
 * LoRA (Hu et al., ICLR 2022): the encoder stays as it is, and a projection with an adapter becomes
 *
 * <pre>
 * y = x W^T + b + s (x A^T) B^T        A [r, inputs], B [outputs, r]
 * </pre>
 *
 * <p>A starts uniform within {@code 1 / sqrt(inputs)}, as in the authors' code and in PEFT (the
 * paper says Gaussian), B at zero, so that the encoder starts as it was. A and B are what trains.
 * {@link #merged} gives an encoder of its own shape that computes the same.
 */
public final class LowRankAdapters {
  private static final String DOWN = ".lora_A.weight";
  private static final String UP = ".lora_B.weight";

  private final LoraOptions options;
  private final ParameterLayout encoder;
  private final List<String> projections = new ArrayList<>();
  private final ParameterLayout layout;

  /**
   * Adapters of an encoder.
   *
   * @param encoder the layout of its parameters
   */
  public LowRankAdapters(ParameterLayout encoder, LoraOptions options) {
    this.options = options;
    this.encoder = encoder;
    ParameterLayout.Builder factors = ParameterLayout.builder();
    int layer = 0;
    for (ParameterLayout.Entry entry : encoder.entries()) {
      for (; layer < entry.layer(); layer++) {
        factors.nextLayer();
      }
      // a bias has the role of its weight
      if (entry.shape().length == 2 && options.projections().include(entry.role())) {
        String name = entry.name().substring(0, entry.name().length() - Linear.WEIGHT.length());
        projections.add(name);
        factors
            .add(entry.role(), name + DOWN, options.rank(), entry.shape()[1])
            .add(entry.role(), name + UP, entry.shape()[0], options.rank());
      }
    }
    this.layout = factors.build();
  }

  public LoraOptions options() {
    return options;
  }

  /** Names of the projections that have an adapter, as the encoder's checkpoints have them. */
  public List<String> projections() {
    return List.copyOf(projections);
  }

  /**
   * A and B of each projection, {@code <name>.lora_A.weight} and {@code <name>.lora_B.weight}, with
   * its role.
   */
  public ParameterLayout layout() {
    return layout;
  }

  /** Values to start from, a pure function of the seed. */
  public float[] initial(long seed) {
    float[] values = new float[Math.toIntExact(layout.length())];
    for (String name : projections) {
      ParameterLayout.Entry down = layout.entry(name + DOWN);
      Random random = new Random(SplitMix64.hash(seed, down.name().hashCode()));
      double bound = 1 / Math.sqrt((double) down.shape()[1]);
      int from = Math.toIntExact(down.offset());
      for (int i = 0; i < down.length(); i++) {
        values[from + i] = (float) (bound * (2 * random.nextDouble() - 1));
      }
    }
    return values;
  }

  /**
   * An encoder's leaves with the adapters at work; gradients are collected of A and B.
   *
   * @param factors values of {@link #layout}
   */
  public Leaves on(Tape tape, Leaves leaves, Parameters factors) {
    Leaves all = Leaves.of(tape, factors);
    Map<String, LowRank> changes = new LinkedHashMap<>();
    for (String name : projections) {
      changes.put(name, new LowRank(all.get(name + DOWN), all.get(name + UP), options.scale()));
    }
    return leaves.changed(changes, all);
  }

  /**
   * The weights {@code W + s B A} of an encoder that computes the same without adapters.
   *
   * @param values flat parameters of the encoder, not changed
   * @param factors flat values of {@link #layout}
   */
  public float[] merged(float[] values, float[] factors) {
    if (values.length != encoder.length() || factors.length != layout.length()) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "%d values and %d of adapters do not fit an encoder of %d and adapters of %d",
              values.length,
              factors.length,
              encoder.length(),
              layout.length()));
    }
    float[] merged = values.clone();
    for (String name : projections) {
      ParameterLayout.Entry weight = encoder.entry(name + Linear.WEIGHT);
      int a = Math.toIntExact(layout.entry(name + DOWN).offset());
      int b = Math.toIntExact(layout.entry(name + UP).offset());
      int inputs = Math.toIntExact(weight.shape()[1]);
      double[] row = new double[inputs];
      for (int o = 0; o < weight.shape()[0]; o++) {
        Arrays.fill(row, 0);
        for (int k = 0; k < options.rank(); k++) {
          double factor = options.scale() * factors[b + o * options.rank() + k];
          for (int i = 0; i < inputs; i++) {
            row[i] += factor * factors[a + k * inputs + i];
          }
        }
        int at = Math.toIntExact(weight.offset()) + o * inputs;
        for (int i = 0; i < inputs; i++) {
          merged[at + i] = (float) (values[at + i] + row[i]);
        }
      }
    }
    return merged;
  }
}
