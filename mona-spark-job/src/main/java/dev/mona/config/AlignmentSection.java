package dev.mona.config;

import dev.mona.hypergradient.Estimator;
import dev.mona.learner.Alignment;
import dev.mona.learner.SourceOptions;
import dev.mona.metalearning.MetaStepOptions;
import dev.mona.metalearning.MetaStepOptions.HeadGradient;
import dev.mona.metalearning.OuterData;
import dev.mona.metalearning.OuterPoint;
import dev.mona.metalearning.Preconditioning;
import dev.mona.metalearning.Strength;
import dev.mona.metalearning.VirtualSteps;
import dev.mona.objective.OuterOptions;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Keys of the alignment stage beyond those of every stage. */
final class AlignmentSection extends Section {
  /** Strengths by name. */
  enum StrengthMode {
    LAMBDA,
    RATIO
  }

  /** Ways to the mixed term by name: an estimator, and where the outer gradient is taken. */
  enum EstimatorName {
    EXACT,
    FINITE_DIFFERENCE,
    GRADIENT_ALIGNMENT
  }

  /** Virtual steps by name. */
  enum VirtualStep {
    PLAIN,
    PRECONDITIONED
  }

  /** Target batches of virtual steps by name. */
  enum StepBatches {
    SAME,
    NEW
  }

  /** Whose loss the outer objective is, by name. */
  enum OuterOn {
    SOURCE,
    TARGET
  }

  final Key<Double> alpha =
      add(
          Key.positive(
              "alignment.alpha",
              "Virtual step: a factor of the gradient in mode lambda, the step's length in mode"
                  + " ratio"));
  final Key<StrengthMode> mode =
      add(
          Key.choice(
              StrengthMode.class,
              "alignment.strength.mode",
              "`lambda` is the paper's formula; `ratio` takes a virtual step of fixed length and"
                  + " scales the mixed term to a ratio of the inner gradient"));
  final Key<Double> lambda =
      add(
          Key.notNegative(
              "alignment.strength.lambda", "Weight of the outer loss, read in mode lambda"));
  final Key<Double> ratio =
      add(
          Key.notNegative(
              "alignment.strength.ratio",
              "Norm of the mixed term over the norm of the embedder's inner gradient, read in mode"
                  + " ratio; 0 switches the outer signal off"));
  final Key<EstimatorName> estimator =
      add(
          Key.choice(
              EstimatorName.class,
              "alignment.estimator",
              "How the mixed second-order term is computed; `gradient-alignment` takes the outer"
                  + " gradient at the pretrained encoder"));
  final Key<Integer> innerSteps =
      add(
          Key.between(
              1,
              64,
              "alignment.inner-steps",
              "Virtual steps unrolled; more than 1 with the exact estimator only"));
  final Key<VirtualStep> virtualStep =
      add(
          Key.choice(
                  VirtualStep.class,
                  "alignment.virtual-step",
                  "`plain` goes along the gradient; `preconditioned` along Adam's step, each"
                      + " parameter by its gradients so far, as finetuning goes")
              .decisiveUnlessDefault());
  final Key<Double> decay =
      add(
          Key.fraction(
                  "alignment.preconditioner.decay",
                  "With `preconditioned`, decay of the running mean of squared gradients")
              .decisiveUnlessDefault());
  final Key<Double> epsilon =
      add(
          Key.positive(
                  "alignment.preconditioner.epsilon", "With `preconditioned`, added to its root")
              .decisiveUnlessDefault());
  final Key<StepBatches> stepBatches =
      add(
          Key.choice(
                  StepBatches.class,
                  "alignment.virtual-steps.batches",
                  "Whether all virtual steps take the gradient of one target batch or each that"
                      + " of a new one")
              .decisiveUnlessDefault());
  final Key<OuterOn> outerOn =
      add(
          Key.choice(
                  OuterOn.class,
                  "alignment.outer.data",
                  "`source` is MoNA; `target` takes the task loss of a held-out target batch after"
                      + " the virtual step as the outer loss (MeRLin)")
              .decisiveUnlessDefault());
  final Key<OuterOptions.Kind> loss =
      add(
          Key.choice(
              OuterOptions.Kind.class,
              Map.of(OuterOptions.Kind.SUPERVISED_CONTRASTIVE, "supcon"),
              "alignment.outer.loss",
              "Alignment plus uniformity, either of them alone, or the supervised contrastive loss"));
  final Key<Double> temperature =
      add(Key.positive("alignment.outer.temperature", "t of the uniformity loss"));
  final Key<Double> tau =
      add(Key.positive("alignment.outer.tau", "Temperature of the supervised contrastive loss"));
  final Key<Integer> classes =
      add(Key.between(2, 4096, "alignment.source-batch.classes", "Source classes in a batch"));
  final Key<Integer> samplesPerClass =
      add(
          Key.between(
              2,
              4096,
              "alignment.source-batch.samples-per-class",
              "Source texts of each class in a batch; two make a positive pair"));
  final Key<Integer> batches =
      add(
          Key.between(
                  1,
                  1024,
                  "alignment.source-batch.count",
                  "Source batches of a step, whose mean is the outer gradient: 1, or an even number, by which its noise is measured too")
              .decisiveUnlessDefault());
  final Key<Integer> reuse =
      add(
          Key.between(
              1,
              65_536,
              "alignment.outer-gradient-reuse",
              "Target batches that share one outer gradient; more than 1 with the"
                  + " gradient-alignment estimator only"));
  final Key<HeadGradient> headGradient =
      add(
          Key.choice(
              HeadGradient.class,
              "alignment.head-gradient",
              "Whether the head gets the inner gradient only or the mixed term too"));

  final Key<Integer> transportSamples =
      add(
          Key.between(
              2,
              4096,
              "alignment.transport.source-samples",
              "Source samples that stand for the source in method orca; all where there are"
                  + " fewer"));
  final Key<Double> regularisation =
      add(
          Key.positive(
              "alignment.transport.regularisation",
              "Entropic regularisation of method orca, in the units of squared feature distances"));
  final Key<Integer> clusters =
      add(
          Key.between(
              2,
              1024,
              "alignment.transport.clusters",
              "Pseudo classes of method orca for targets whose labels are not classes: k-means of"
                  + " the labels"));

  AlignmentSection() {
    super("Alignment");
  }

  @Override
  void check(Values values, Problems problems) {
    if (values.has(reuse, estimator)
        && values.get(reuse) > 1
        && values.get(estimator) != EstimatorName.GRADIENT_ALIGNMENT) {
      problems.add(
          values.quote(reuse)
              + " but "
              + values.quote(estimator)
              + ": only gradient-alignment can reuse an outer gradient");
    }
    if (values.has(innerSteps, estimator)
        && values.get(innerSteps) > 1
        && values.get(estimator) != EstimatorName.EXACT) {
      problems.add(
          values.quote(innerSteps)
              + " but "
              + values.quote(estimator)
              + ": only exact can unroll several inner steps");
    }
    if (values.has(stepBatches, innerSteps)
        && values.get(stepBatches) == StepBatches.NEW
        && values.get(innerSteps) == 1) {
      problems.add(
          values.quote(stepBatches)
              + " but "
              + values.quote(innerSteps)
              + ": there is no second virtual step to take a batch of its own");
    }
    if (values.has(outerOn) && values.get(outerOn) == OuterOn.TARGET) {
      checkHeldOut(values, problems);
    }
    checkSourceBatch(values, problems);
  }

  private void checkHeldOut(Values values, Problems problems) {
    if (values.has(estimator) && values.get(estimator) == EstimatorName.GRADIENT_ALIGNMENT) {
      problems.add(
          values.quote(outerOn)
              + " but "
              + values.quote(estimator)
              + ": the outer gradient on the target depends on the embedder, take exact or"
              + " finite-difference");
    }
    if (values.has(batches) && values.get(batches) > 1) {
      problems.add(
          values.quote(outerOn)
              + " but "
              + values.quote(batches)
              + ": the outer loss reads no source batch, leave it at 1");
    }
    if (values.has(Schema.METHOD.method)
        && values.get(Schema.METHOD.method) == Method.MONA_SHUFFLED) {
      problems.add(
          values.quote(outerOn)
              + " but "
              + values.quote(Schema.METHOD.method)
              + ": the outer loss reads no source labels that could be shuffled");
    }
  }

  private void checkSourceBatch(Values values, Problems problems) {
    if (values.has(batches) && values.get(batches) > 1 && values.get(batches) % 2 == 1) {
      problems.add(
          values.quote(batches) + ", which has no halves to compare: take 1 or an even number");
    }
    if (values.has(classes, SourceConfig.KIND)
        && values.get(SourceConfig.KIND) == SourceConfig.Kind.WORDNET
        && values.get(classes) > SourceConfig.WORDNET_CLASSES) {
      problems.add(
          values.quote(classes)
              + ", more than the "
              + SourceConfig.WORDNET_CLASSES
              + " classes of wordnet: use fewer");
    }
    if (values.has(samplesPerClass, SourceConfig.PER_CLASS)
        && values.get(SourceConfig.PER_CLASS) > 0
        && values.get(samplesPerClass) > values.get(SourceConfig.PER_CLASS)) {
      problems.add(
          values.quote(samplesPerClass)
              + ", more than the "
              + values.get(SourceConfig.PER_CLASS)
              + " texts that source.per-class keeps: keep more texts or draw fewer");
    }
  }

  Alignment.Bilevel bilevel(Values values) {
    return new Alignment.Bilevel(
        new MetaStepOptions(
            strength(values),
            mixedBy(values),
            new VirtualSteps(point(values), preconditioning(values)),
            values.get(headGradient),
            outer(values)),
        false);
  }

  private OuterData outer(Values values) {
    return switch (values.get(outerOn)) {
      case SOURCE -> new OuterData.Source(values.get(batches));
      case TARGET -> new OuterData.HeldOut();
    };
  }

  private @Nullable Preconditioning preconditioning(Values values) {
    return switch (values.get(virtualStep)) {
      case PLAIN -> null;
      case PRECONDITIONED -> new Preconditioning(values.get(decay), values.get(epsilon));
    };
  }

  private Strength strength(Values values) {
    return switch (values.get(mode)) {
      case LAMBDA -> new Strength.Lambda(values.get(alpha), values.get(lambda));
      case RATIO -> new Strength.Ratio(values.get(alpha), values.get(ratio));
    };
  }

  private Estimator mixedBy(Values values) {
    return switch (values.get(estimator)) {
      case EXACT, GRADIENT_ALIGNMENT -> Estimator.EXACT;
      case FINITE_DIFFERENCE -> Estimator.FINITE_DIFFERENCE;
    };
  }

  private OuterPoint point(Values values) {
    return switch (values.get(estimator)) {
      case EXACT, FINITE_DIFFERENCE ->
          new OuterPoint.Virtual(
              values.get(innerSteps), values.get(stepBatches) == StepBatches.NEW);
      case GRADIENT_ALIGNMENT -> new OuterPoint.Pretrained(values.get(reuse));
    };
  }

  Alignment.Transport transport(Values values) {
    return new Alignment.Transport(
        values.get(transportSamples), values.get(regularisation), values.get(clusters));
  }

  /** The source batches, the outer loss, which every method measures, and the replay of them. */
  SourceOptions source(Values values) {
    return new SourceOptions(
        values.get(classes),
        values.get(samplesPerClass),
        new OuterOptions(values.get(loss), values.get(temperature), values.get(tau)),
        values.get(alpha),
        Schema.METHOD.replay(values));
  }
}
