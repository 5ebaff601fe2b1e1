package dev.mona.config;

import dev.mona.hypergradient.Estimator;
import dev.mona.learner.AlignmentOptions;
import dev.mona.learner.StageOptions;
import dev.mona.learner.TransportOptions;
import dev.mona.objective.OuterOptions;
import java.util.List;
import java.util.Map;

/** Keys of the alignment stage beyond those of every stage. */
final class AlignmentSection implements Section {
  final Key<Double> alpha =
      Key.positive(
          "alignment.alpha",
          "Virtual step: a factor of the gradient in mode lambda, the step's length in mode ratio");
  final Key<AlignmentOptions.Strength> mode =
      Key.choice(
          AlignmentOptions.Strength.class,
          "alignment.strength.mode",
          "`lambda` is the paper's formula; `ratio` takes a virtual step of fixed length and"
              + " scales the mixed term to a ratio of the inner gradient");
  final Key<Double> lambda =
      Key.notNegative("alignment.strength.lambda", "Weight of the outer loss, read in mode lambda");
  final Key<Double> ratio =
      Key.notNegative(
          "alignment.strength.ratio",
          "Norm of the mixed term over the norm of the embedder's inner gradient, read in mode"
              + " ratio; 0 switches the outer signal off");
  final Key<Estimator> estimator =
      Key.choice(
          Estimator.class,
          "alignment.estimator",
          "How the mixed second-order term is computed; `gradient-alignment` takes the outer"
              + " gradient at the pretrained encoder");
  final Key<Integer> innerSteps =
      Key.between(
          1,
          64,
          "alignment.inner-steps",
          "Virtual steps unrolled; more than 1 with the exact estimator only");
  final Key<OuterOptions.Kind> loss =
      Key.choice(
          OuterOptions.Kind.class,
          Map.of(OuterOptions.Kind.SUPERVISED_CONTRASTIVE, "supcon"),
          "alignment.outer.loss",
          "Alignment plus uniformity, or the supervised contrastive loss");
  final Key<Double> temperature =
      Key.positive("alignment.outer.temperature", "t of the uniformity loss");
  final Key<Double> tau =
      Key.positive("alignment.outer.tau", "Temperature of the supervised contrastive loss");
  final Key<Integer> classes =
      Key.between(2, 4096, "alignment.source-batch.classes", "Source classes in a batch");
  final Key<Integer> samplesPerClass =
      Key.between(
          2,
          4096,
          "alignment.source-batch.samples-per-class",
          "Source texts of each class in a batch; two make a positive pair");
  final Key<Integer> reuse =
      Key.between(
          1,
          65_536,
          "alignment.outer-gradient-reuse",
          "Target batches that share one outer gradient; more than 1 with the gradient-alignment"
              + " estimator only");
  final Key<AlignmentOptions.HeadGradient> headGradient =
      Key.choice(
          AlignmentOptions.HeadGradient.class,
          "alignment.head-gradient",
          "Whether the head gets the inner gradient only or the mixed term too");

  final Key<Integer> transportSamples =
      Key.between(
          2,
          4096,
          "alignment.transport.source-samples",
          "Source samples that stand for the source in method orca; all where there are fewer");
  final Key<Double> regularisation =
      Key.positive(
          "alignment.transport.regularisation",
          "Entropic regularisation of method orca, in the units of squared feature distances");
  final Key<Integer> clusters =
      Key.between(
          2,
          1024,
          "alignment.transport.clusters",
          "Pseudo classes of method orca for targets whose labels are not classes: k-means of the"
              + " labels");

  @Override
  public String title() {
    return "Alignment";
  }

  @Override
  public List<Key<?>> keys() {
    return List.of(
        alpha,
        mode,
        lambda,
        ratio,
        estimator,
        innerSteps,
        loss,
        temperature,
        tau,
        classes,
        samplesPerClass,
        reuse,
        headGradient,
        transportSamples,
        regularisation,
        clusters);
  }

  @Override
  public void check(Values values, Problems problems) {
    if (values.has(reuse, estimator)
        && values.get(reuse) > 1
        && values.get(estimator) != Estimator.GRADIENT_ALIGNMENT) {
      problems.add(
          values.quote(reuse)
              + " but "
              + values.quote(estimator)
              + ": only gradient-alignment can reuse an outer gradient");
    }
    if (values.has(innerSteps, estimator)
        && values.get(innerSteps) > 1
        && values.get(estimator) != Estimator.EXACT) {
      problems.add(
          values.quote(innerSteps)
              + " but "
              + values.quote(estimator)
              + ": only exact can unroll several inner steps");
    }
    checkSourceBatch(values, problems);
  }

  private void checkSourceBatch(Values values, Problems problems) {
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

  AlignmentOptions read(Values values, StageOptions stage) {
    return new AlignmentOptions(
        stage,
        AlignmentOptions.Objective.BILEVEL,
        values.get(alpha),
        values.get(mode),
        values.get(lambda),
        values.get(ratio),
        values.get(estimator),
        values.get(innerSteps),
        new OuterOptions(values.get(loss), values.get(temperature), values.get(tau)),
        values.get(classes),
        values.get(samplesPerClass),
        values.get(reuse),
        values.get(headGradient),
        false,
        new TransportOptions(
            values.get(transportSamples), values.get(regularisation), values.get(clusters)));
  }
}
