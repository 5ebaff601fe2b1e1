package dev.mona.learner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.mona.backbone.Backbone;
import dev.mona.backbone.SwinTransformer;
import dev.mona.compute.TestDevice;
import dev.mona.encoder.Hiera;
import dev.mona.encoder.ImageShape;
import dev.mona.encoder.TransformerShape;
import dev.mona.encoder.Vit;
import dev.mona.learner.SmallLearner.Kind;
import dev.mona.tensor.ParameterGroup;
import dev.mona.tensor.ParameterLayout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class FinetuneScopeTest {
  private static final RoundWork WORK =
      new RoundWork(Stage.FINETUNING, 0, 0, new StepRange(0, 3, 3));

  private static RoundResult run(SmallLearner options) {
    FrozenModel frozen = options.frozen();
    try (MonaLearner learner = new MonaLearner(frozen, TestDevice.floats())) {
      TrainingState state = SmallLearner.start(learner, frozen, Stage.FINETUNING);
      return learner.run(WORK, state, SmallLearner.block(12));
    }
  }

  /** Whether the stage may change a parameter of the encoder, from the definition of the scope. */
  private static boolean mayChange(FinetuneScope scope, String name) {
    boolean norm = name.endsWith("LayerNorm.weight") || name.endsWith("LayerNorm.bias");
    return switch (scope) {
      case ALL -> true;
      case LAYER_NORM -> norm;
      case NON_ATTENTION -> norm || !name.contains(".attention.");
    };
  }

  @ParameterizedTest
  @EnumSource(FinetuneScope.class)
  void onlyWhatTheScopeNamesChanges(FinetuneScope scope) {
    SmallLearner options =
        new SmallLearner().scope(scope).optimizer(Kind.ADAMW, 0, 0.1).constantRate();
    FrozenModel frozen = options.frozen();
    float[] after = run(options).state().parameters();
    int start = Math.toIntExact(frozen.network().layout(ParameterGroup.EMBEDDER).length());
    float[] before = SmallLearner.WEIGHTS.encoder();
    List<String> changed = new ArrayList<>();
    List<String> expected = new ArrayList<>();
    for (ParameterLayout.Entry entry : frozen.network().layout(ParameterGroup.ENCODER).entries()) {
      int from = (int) entry.offset();
      int to = (int) (entry.offset() + entry.length());
      if (!Arrays.equals(
          Arrays.copyOfRange(before, from, to),
          Arrays.copyOfRange(after, start + from, start + to))) {
        changed.add(entry.name());
      }
      if (mayChange(scope, entry.name())) {
        expected.add(entry.name());
      }
    }
    assertThat(changed).containsExactlyElementsOf(expected);
    assertThat(expected).isNotEmpty();
  }

  private static List<String> trained(FinetuneScope scope, Backbone encoder, String block) {
    return encoder.layout().entries().stream()
        .filter(entry -> entry.name().startsWith(block) && scope.trains(entry.role()))
        .map(entry -> entry.name().substring(block.length()))
        .toList();
  }

  @Test
  void knowsTheNamesOfEncodersOfImages() {
    Backbone hiera = Hiera.SAM2_TINY.backbone();
    assertThat(trained(FinetuneScope.LAYER_NORM, hiera, "blocks.1."))
        .containsExactlyInAnyOrder("norm1.weight", "norm1.bias", "norm2.weight", "norm2.bias");
    assertThat(trained(FinetuneScope.NON_ATTENTION, hiera, "blocks.1."))
        .containsExactlyInAnyOrder(
            "norm1.weight",
            "norm1.bias",
            "proj.weight",
            "proj.bias",
            "norm2.weight",
            "norm2.bias",
            "mlp.layers.0.weight",
            "mlp.layers.0.bias",
            "mlp.layers.1.weight",
            "mlp.layers.1.bias");
    Backbone swin = new SwinTransformer(32, List.of(1, 1), List.of(1, 2), 7, 1e-5);
    String stage = "encoder.layers.0.";
    assertThat(trained(FinetuneScope.LAYER_NORM, swin, stage))
        .containsExactlyInAnyOrder(
            "blocks.0.layernorm_before.weight",
            "blocks.0.layernorm_before.bias",
            "blocks.0.layernorm_after.weight",
            "blocks.0.layernorm_after.bias",
            "downsample.norm.weight",
            "downsample.norm.bias");
    assertThat(trained(FinetuneScope.NON_ATTENTION, swin, stage))
        .containsExactlyInAnyOrder(
            "blocks.0.layernorm_before.weight",
            "blocks.0.layernorm_before.bias",
            "blocks.0.layernorm_after.weight",
            "blocks.0.layernorm_after.bias",
            "blocks.0.intermediate.dense.weight",
            "blocks.0.intermediate.dense.bias",
            "blocks.0.output.dense.weight",
            "blocks.0.output.dense.bias",
            "downsample.reduction.weight",
            "downsample.norm.weight",
            "downsample.norm.bias");
    assertThat(trained(FinetuneScope.LAYER_NORM, swin, "layernorm.")).hasSize(2);
    Backbone dino =
        new Vit(
                Vit.Variant.DINOV2,
                new TransformerShape(6, 1, 2, 12, 1e-6),
                new ImageShape(8, 4, 3))
            .backbone();
    String layer = "encoder.layer.0.";
    assertThat(trained(FinetuneScope.LAYER_NORM, dino, layer))
        .containsExactlyInAnyOrder("norm1.weight", "norm1.bias", "norm2.weight", "norm2.bias");
    assertThat(trained(FinetuneScope.NON_ATTENTION, dino, layer))
        .containsExactlyInAnyOrder(
            "norm1.weight",
            "norm1.bias",
            "norm2.weight",
            "norm2.bias",
            "mlp.fc1.weight",
            "mlp.fc1.bias",
            "mlp.fc2.weight",
            "mlp.fc2.bias",
            "layer_scale1.lambda1",
            "layer_scale2.lambda1");
    assertThat(trained(FinetuneScope.LAYER_NORM, dino, "layernorm.")).hasSize(2);
  }

  /** What the scope leaves out is not computed, and what it trains does not notice. */
  @Test
  void aStepWithinAScopeIsTheStepOfAllBitForBit() {
    SmallLearner base = new SmallLearner().optimizer(Kind.SGD, 0, 0).constantRate().clipNorm(0);
    RoundWork one = new RoundWork(Stage.FINETUNING, 0, 0, new StepRange(0, 1, 3));
    float[] all = after(base.scope(FinetuneScope.ALL), one);
    for (FinetuneScope scope : List.of(FinetuneScope.LAYER_NORM, FinetuneScope.NON_ATTENTION)) {
      FrozenModel frozen = base.scope(scope).frozen();
      float[] expected = all.clone();
      int start = Math.toIntExact(frozen.network().layout(ParameterGroup.EMBEDDER).length());
      for (ParameterLayout.Entry entry :
          frozen.network().layout(ParameterGroup.ENCODER).entries()) {
        if (!mayChange(scope, entry.name())) {
          int from = (int) entry.offset();
          System.arraycopy(
              SmallLearner.WEIGHTS.encoder(), from, expected, start + from, (int) entry.length());
        }
      }
      assertThat(after(base, one)).as(scope.name()).isEqualTo(expected).isNotEqualTo(all);
    }
  }

  private static float[] after(SmallLearner options, RoundWork work) {
    FrozenModel frozen = options.frozen();
    try (MonaLearner learner = new MonaLearner(frozen, TestDevice.floats())) {
      TrainingState state = SmallLearner.start(learner, frozen, Stage.FINETUNING);
      return learner.run(work, state, SmallLearner.block(12)).state().parameters();
    }
  }

  @Test
  void embedderAndHeadAlwaysTrain() {
    for (FinetuneScope scope : FinetuneScope.values()) {
      SmallLearner options = new SmallLearner().scope(scope).constantRate();
      FrozenModel frozen = options.frozen();
      try (MonaLearner learner = new MonaLearner(frozen, TestDevice.floats())) {
        TrainingState state = SmallLearner.start(learner, frozen, Stage.FINETUNING);
        float[] after = learner.run(WORK, state, SmallLearner.block(12)).state().parameters();
        float[] before = state.parameters();
        assertThat(after[0]).as(scope + ": embedder").isNotEqualTo(before[0]);
        int last = before.length - 1;
        assertThat(after[last]).as(scope + ": head").isNotEqualTo(before[last]);
      }
    }
  }

  /** Clipping sees the gradients of what trains: the frozen ones must not shrink the step. */
  @Test
  void theGradientNormIsThatOfTheTrainedParameters() {
    SmallLearner base = new SmallLearner().optimizer(Kind.SGD, 0, 0).constantRate().clipNorm(0);
    RoundWork one = new RoundWork(Stage.FINETUNING, 0, 0, new StepRange(0, 1, 3));
    for (FinetuneScope scope : List.of(FinetuneScope.LAYER_NORM, FinetuneScope.NON_ATTENTION)) {
      FrozenModel frozen = base.scope(scope).frozen();
      try (MonaLearner learner = new MonaLearner(frozen, TestDevice.floats())) {
        TrainingState state = SmallLearner.start(learner, frozen, Stage.FINETUNING);
        RoundResult result = learner.run(one, state, SmallLearner.block(12));
        double squares = 0;
        for (int i = 0; i < state.parameters().length; i++) {
          double move = state.parameters()[i] - (double) result.state().parameters()[i];
          squares += move * move;
        }
        // a plain step moves by rate 0.01 times the gradient
        double norm = result.metrics().getOrDefault("gradient_norm", Double.NaN);
        assertThat(Math.sqrt(squares) / 0.01).as(scope.name()).isCloseTo(norm, within(1e-3 * norm));
      }
    }
  }
}
