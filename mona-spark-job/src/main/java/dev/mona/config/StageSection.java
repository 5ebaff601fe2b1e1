package dev.mona.config;

import dev.mona.learner.StageOptions;
import dev.mona.optimizer.Adam;
import dev.mona.optimizer.FlatOptimizer;
import dev.mona.optimizer.OptimizerOptions;
import dev.mona.optimizer.ScheduleOptions;
import dev.mona.optimizer.Sgd;
import java.util.Locale;

/** Keys that every stage has, under the stage's own prefix. */
final class StageSection extends Section {
  /** Update rules by name. */
  enum RuleName {
    SGD,
    ADAM,
    ADAMW
  }

  final Key<Integer> epochs;
  final Key<Integer> batchSize;
  final Key<Integer> accumulation;
  private final Key<Double> clipNorm;
  private final Key<RuleName> rule;
  private final Key<Double> learningRate;
  private final Key<Double> beta1;
  private final Key<Double> beta2;
  private final Key<Double> epsilon;
  private final Key<Double> momentum;
  private final Key<Double> weightDecay;
  private final Key<Double> scheduleWarmup;
  private final Key<Double> scheduleDecay;

  StageSection(String title, String stage) {
    super(title);
    epochs =
        add(
            Key.between(
                0,
                100_000,
                stage + ".epochs",
                "Epochs over the target training data; 0 skips the stage"));
    batchSize =
        add(
            Key.between(
                1,
                65_536,
                stage + ".batch-size",
                "Samples of one forward and backward pass of a task"));
    accumulation =
        add(
            Key.between(
                1,
                65_536,
                stage + ".accumulation",
                "Batches whose mean gradient makes one optimizer step"));
    clipNorm =
        add(
            Key.notNegative(
                stage + ".clip-norm", "Bound of the gradient's global norm; 0 for none"));
    rule = add(Key.choice(RuleName.class, stage + ".optimizer.kind", "Update rule"));
    learningRate = add(Key.positive(stage + ".optimizer.learning-rate", "Peak learning rate"));
    beta1 = add(Key.fraction(stage + ".optimizer.beta1", "Decay of Adam's first moment"));
    beta2 = add(Key.fraction(stage + ".optimizer.beta2", "Decay of Adam's second moment"));
    epsilon =
        add(
            Key.positive(
                stage + ".optimizer.epsilon", "Added to the root of Adam's second moment"));
    momentum = add(Key.fraction(stage + ".optimizer.momentum", "Momentum of SGD; 0 for none"));
    weightDecay =
        add(
            Key.notNegative(
                stage + ".optimizer.weight-decay",
                "L2 penalty in the gradient (sgd, adam) or decoupled decay (adamw)"));
    scheduleWarmup =
        add(
            Key.notNegative(
                stage + ".schedule.warmup-epochs", "Epochs of linear warm-up of the rate from 0"));
    scheduleDecay =
        add(
            Key.notNegative(
                stage + ".schedule.decay-epochs",
                "Epoch at which the rate has decayed linearly to 0; 0 for a constant rate"));
  }

  @Override
  void check(Values values, Problems problems) {
    if (values.has(scheduleWarmup, scheduleDecay)
        && values.get(scheduleDecay) != 0
        && values.get(scheduleDecay) <= values.get(scheduleWarmup)) {
      problems.add(
          values.quote(scheduleDecay)
              + " but "
              + values.quote(scheduleWarmup)
              + ": the decay must end after the warm-up, or be 0");
    }
    if (values.has(batchSize, accumulation)) {
      long step = (long) values.get(batchSize) * values.get(accumulation);
      if (step > Integer.MAX_VALUE) {
        problems.add(
            String.format(
                Locale.ROOT,
                "%s and %s make a step of %d samples, and one has at most %d: use smaller ones",
                values.quote(accumulation),
                values.quote(batchSize),
                step,
                Integer.MAX_VALUE));
      }
    }
    if (values.has(epochs, batchSize, accumulation, TaskConfig.TRAIN_SAMPLES)) {
      long step = (long) values.get(batchSize) * values.get(accumulation);
      int samples = values.get(TaskConfig.TRAIN_SAMPLES);
      if (values.get(epochs) > 0 && samples > 0 && step > samples) {
        problems.add(
            values.quote(accumulation)
                + " and "
                + values.quote(batchSize)
                + ", "
                + step
                + " samples a step of the "
                + samples
                + " in task.train-samples: use smaller ones");
      }
    }
  }

  StageOptions read(Values values) {
    return new StageOptions(
        values.get(epochs),
        values.get(batchSize),
        values.get(accumulation),
        new OptimizerOptions(rule(values), values.get(learningRate), values.get(clipNorm)),
        new ScheduleOptions(values.get(scheduleWarmup), values.get(scheduleDecay)));
  }

  private FlatOptimizer rule(Values values) {
    return switch (values.get(rule)) {
      case SGD -> new Sgd(values.get(momentum), values.get(weightDecay));
      case ADAM -> adam(values, false);
      case ADAMW -> adam(values, true);
    };
  }

  private Adam adam(Values values, boolean decoupled) {
    return new Adam(
        values.get(beta1),
        values.get(beta2),
        values.get(epsilon),
        values.get(weightDecay),
        decoupled);
  }
}
