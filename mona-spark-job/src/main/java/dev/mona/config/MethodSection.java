package dev.mona.config;

import dev.mona.adapter.LoraOptions;
import dev.mona.learner.FinetuneScope;
import dev.mona.learner.FinetuningOptions;
import dev.mona.learner.Replay;
import dev.mona.learner.Stages;
import dev.mona.optimizer.WeightAverage;
import java.util.Arrays;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Keys that concern several stages. */
final class MethodSection extends Section {
  final Key<Method> method =
      add(
          Key.choice(
              Method.class,
              "method",
              Arrays.stream(Method.values())
                  .map(each -> "`" + each.id() + "` " + each.summary())
                  .collect(Collectors.joining("; "))));
  private final Key<FinetuneScope> scope =
      add(
          Key.choice(
              FinetuneScope.class,
              Map.of(FinetuneScope.LAYER_NORM, "layernorm"),
              "finetuning.scope",
              "Encoder parameters that finetuning changes; embedder and head always train"));
  private final Key<Double> dropout =
      add(
          Key.fraction(
              "finetuning.dropout",
              "Dropout rate in finetuning: of the encoder's input tokens, and of what attention and feed-forward add to them in each layer"));
  private final Key<Double> pull =
      add(
          Key.notNegative(
                  "finetuning.l2-sp",
                  "Weight of the penalty `weight / 2 ||theta - theta_0||^2` in the loss of finetuning, L2-SP; 0 for none")
              .decisiveUnlessDefault());
  private final Key<Double> layerDecay =
      add(
          Key.part(
                  "finetuning.optimizer.layer-decay",
                  "Factor of the encoder's rate from a layer to the one before it, the last having it once; 1 for one rate")
              .decisiveUnlessDefault());
  private final Key<Double> ema =
      add(
          Key.upToOne(
                  "finetuning.ema",
                  "Decay a step of the average of what finetuning trains, which is scored, selected and kept in its place; 1 for the plain mean over all steps, 0 for none")
              .decisiveUnlessDefault());
  private final Key<Adapter> adapter =
      add(
          Key.choice(
                  Adapter.class,
                  "finetuning.adapter",
                  "What finetuning trains in place of the encoder: `lora` is a low-rank change of some of its projections, merged into them at the end")
              .decisiveUnlessDefault());
  private final Key<Integer> rank =
      add(
          Key.between(1, 4096, "finetuning.lora.rank", "Rank of a change by `lora`")
              .decisiveUnlessDefault());
  private final Key<Double> scale =
      add(
          Key.positive(
                  "finetuning.lora.scale", "Factor of a change by `lora`: PEFT's lora_alpha / r")
              .decisiveUnlessDefault());
  private final Key<LoraOptions.Projections> projections =
      add(
          Key.choice(
                  LoraOptions.Projections.class,
                  "finetuning.lora.projections",
                  "What `lora` changes in every layer: the projections to queries and values, all of attention, or those of the feed-forward block too")
              .decisiveUnlessDefault());

  /** What finetuning may train in place of the encoder, by name. */
  enum Adapter {
    NONE,
    LORA
  }

  private final Key<Double> replay =
      add(
          Key.notNegative(
                  "finetuning.replay.weight",
                  "Weight of the outer loss of a source batch in the loss of finetuning, by every method; 0 for none")
              .decisiveUnlessDefault());
  private final Key<Integer> replayEvery =
      add(
          Key.atLeast(
                  1,
                  "finetuning.replay.every",
                  "Local steps of which one has the outer loss, with its full weight")
              .decisiveUnlessDefault());

  MethodSection() {
    super("Method");
  }

  @Override
  void check(Values values, Problems problems) {
    Key<Integer> aligned = Schema.ALIGNMENT_STAGE.epochs;
    if (values.has(Schema.WARMUP.epochs, aligned, Schema.FINETUNING.epochs)
        && values.get(Schema.WARMUP.epochs)
                + values.get(aligned)
                + values.get(Schema.FINETUNING.epochs)
            == 0) {
      problems.add(
          "warmup.epochs, alignment.epochs and finetuning.epochs are all 0: give at least one"
              + " stage an epoch");
    }
    if (values.has(method, aligned)
        && values.get(aligned) == 0
        && !values.get(method).withoutAlignment().isEmpty()) {
      problems.add(
          values.quote(method)
              + " but alignment.epochs is 0: "
              + values.get(method).withoutAlignment());
    }
    if (values.has(method, scope) && !values.get(method).accepts(values.get(scope))) {
      problems.add(
          values.quote(method)
              + " but "
              + values.quote(scope)
              + ": the method says what finetuning changes, leave the scope at all");
    }
    checkAdapter(values, problems);
    checkPull(values, problems);
  }

  private void checkPull(Values values, Problems problems) {
    if (!values.has(pull, method, adapter) || values.get(pull) == 0) {
      return;
    }
    if (!values.get(method).startsPretrained()) {
      problems.add(
          values.quote(pull)
              + " but "
              + values.quote(method)
              + ": there is nothing pretrained to be pulled to, leave it at 0");
    } else if (values.get(adapter) != Adapter.NONE) {
      problems.add(
          values.quote(pull)
              + " but "
              + values.quote(adapter)
              + ": the encoder stays where it is, leave it at 0");
    }
  }

  private void checkAdapter(Values values, Problems problems) {
    if (!values.has(adapter) || values.get(adapter) == Adapter.NONE) {
      return;
    }
    if (values.has(method) && !values.get(method).acceptsAdapters()) {
      problems.add(
          values.quote(method)
              + " but "
              + values.quote(adapter)
              + ": adapters change a pretrained encoder in place of its own parameters, take"
              + " another method or none");
    }
    if (values.has(scope) && values.get(scope) != FinetuneScope.ALL) {
      problems.add(
          values.quote(scope)
              + " but "
              + values.quote(adapter)
              + ": adapters are trained in place of the encoder, leave the scope at all");
    }
  }

  /** The source in finetuning. */
  Replay replay(Values values) {
    return new Replay(values.get(replay), values.get(replayEvery));
  }

  /** The stages as written. */
  TrainingConfig read(Values values) {
    Stages stages =
        new Stages(
            Schema.WARMUP.read(values),
            Schema.ALIGNMENT_STAGE.read(values),
            Schema.FINETUNING.read(values).with(average(values)));
    return new TrainingConfig(
        stages,
        Schema.ALIGNMENT.bilevel(values),
        Schema.ALIGNMENT.transport(values),
        new FinetuningOptions(
            values.get(scope),
            values.get(dropout),
            values.get(pull),
            values.get(layerDecay),
            lora(values)));
  }

  private @Nullable WeightAverage average(Values values) {
    double decay = values.get(ema);
    return decay == 0 ? null : new WeightAverage(decay);
  }

  private @Nullable LoraOptions lora(Values values) {
    return switch (values.get(adapter)) {
      case NONE -> null;
      case LORA -> new LoraOptions(values.get(rank), values.get(scale), values.get(projections));
    };
  }
}
