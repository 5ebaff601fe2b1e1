package dev.mona.learner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.mona.adapter.LoraOptions;
import dev.mona.adapter.LoraOptions.Projections;
import dev.mona.adapter.LowRankAdapters;
import dev.mona.backbone.HieraTransformer;
import dev.mona.backbone.SwinTransformer;
import dev.mona.compute.TestDevice;
import dev.mona.learner.SmallLearner.Kind;
import dev.mona.nn.WindowFit;
import dev.mona.task.SampleBlock;
import dev.mona.tensor.ParameterGroup;
import dev.mona.tensor.ParameterLayout;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Rates of finetuning that fall from layer to layer towards the input. */
class LayerDecayTest {
  private static final SampleBlock BLOCK = SmallLearner.block(12);
  private static final RoundWork ONE =
      new RoundWork(Stage.FINETUNING, 0, 0, new StepRange(0, 1, 3));

  private static SmallLearner options(Kind kind) {
    return new SmallLearner().optimizer(kind, 0, 0).constantRate().clipNorm(0);
  }

  private static TrainingState start(SmallLearner options) {
    FrozenModel frozen = options.frozen();
    try (MonaLearner learner = new MonaLearner(frozen, TestDevice.floats())) {
      return SmallLearner.start(learner, frozen, Stage.FINETUNING);
    }
  }

  private static TrainingState after(SmallLearner options, RoundWork work, TrainingState state) {
    try (MonaLearner learner = options.create()) {
      return learner.run(work, state, BLOCK).state();
    }
  }

  /** Two layers: the first has a quarter of the rate, the second half of it, the rest all. */
  @Test
  void aStepOfALayerIsShorterByAPowerOfTheDecay() {
    for (Kind kind : Kind.values()) {
      TrainingState state = start(options(kind));
      float[] before = state.parameters();
      float[] plain = after(options(kind), ONE, state).parameters();
      float[] decayed = after(options(kind).layerDecay(0.5), ONE, state).parameters();
      int from = embedder(options(kind).frozen());
      ParameterLayout layout = SmallLearner.WEIGHTS.shape().backbone().layout();
      double[] factors = new double[before.length];
      Arrays.fill(factors, 1);
      for (ParameterLayout.Entry entry : layout.entries()) {
        double factor = entry.name().startsWith("encoder.layer.0.") ? 0.25 : 0.5;
        for (long i = entry.offset(); i < entry.offset() + entry.length(); i++) {
          factors[from + (int) i] = factor;
        }
      }
      for (int i = 0; i < before.length; i++) {
        double expected = before[i] + factors[i] * ((double) plain[i] - before[i]);
        assertThat((double) decayed[i]).as("%s, %d", kind, i).isCloseTo(expected, within(1e-6));
      }
    }
  }

  private static int embedder(FrozenModel frozen) {
    return Math.toIntExact(frozen.network().layout(ParameterGroup.EMBEDDER).length());
  }

  @Test
  void momentsOfLayersGoOnFromRoundToRound() {
    SmallLearner options = options(Kind.ADAM).layerDecay(0.7);
    TrainingState state = start(options);
    TrainingState whole =
        after(options, new RoundWork(Stage.FINETUNING, 0, 0, new StepRange(0, 3, 3)), state);
    TrainingState carried = state;
    for (int k = 0; k < 3; k++) {
      carried =
          after(options, new RoundWork(Stage.FINETUNING, 0, 0, new StepRange(k, 1, 3)), carried);
    }
    assertThat(carried).isEqualTo(whole);
    // with one rate for all, Adam's steps do not depend on how its moments lie
    TrainingState plain = after(options(Kind.ADAM), ONE, state);
    TrainingState same = after(options(Kind.ADAM).layerDecay(Math.nextDown(1.0)), ONE, state);
    for (int i = 0; i < plain.parameters().length; i++) {
      assertThat(same.parameters()[i]).isCloseTo(plain.parameters()[i], within(1e-6f));
    }
  }

  @Test
  void everyFamilySaysItsLayers() {
    ParameterLayout swin = new SwinTransformer(8, List.of(2, 1), List.of(1, 2), 2, 1e-5).layout();
    assertThat(swin.entry("encoder.layers.0.blocks.1.output.dense.weight").layer()).isEqualTo(2);
    assertThat(swin.entry("encoder.layers.0.downsample.reduction.weight").layer()).isEqualTo(2);
    assertThat(swin.entry("layernorm.bias").layer()).isEqualTo(3);
    ParameterLayout hiera =
        new HieraTransformer(
                8,
                1,
                new HieraTransformer.Blocks(List.of(1, 2), List.of(2, 2), Set.of(2)),
                WindowFit.PADDED,
                1e-6)
            .layout();
    assertThat(hiera.entry("blocks.2.norm1.weight").layer()).isEqualTo(3);
    ParameterLayout adapters =
        new LowRankAdapters(hiera, new LoraOptions(1, 1, Projections.QUERY_VALUE)).layout();
    assertThat(adapters.entries()).extracting(e -> e.layer()).containsExactly(1, 1, 2, 2, 3, 3);
    assertThatThrownBy(() -> new FinetuningOptions(FinetuneScope.ALL, 0, 0, 0, null))
        .hasMessageContaining("decay");
  }
}
