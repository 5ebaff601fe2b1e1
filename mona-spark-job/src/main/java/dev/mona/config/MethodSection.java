package dev.mona.config;

import dev.mona.learner.FinetuneScope;
import dev.mona.learner.Replay;
import dev.mona.learner.Stages;
import java.util.Arrays;
import java.util.Map;
import java.util.stream.Collectors;

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
            Schema.FINETUNING.read(values));
    return new TrainingConfig(
        stages,
        Schema.ALIGNMENT.bilevel(values),
        Schema.ALIGNMENT.transport(values),
        values.get(scope),
        values.get(dropout));
  }
}
