package dev.mona.config;

import dev.mona.learner.StageOptions;
import dev.mona.optimizer.OptimizerOptions;
import dev.mona.optimizer.ScheduleOptions;
import java.util.List;
import java.util.Locale;

/** Keys that every stage has, under the stage's own prefix. */
final class StageSection implements Section {
  private final String title;
  final Key<Integer> epochs;
  final Key<Integer> batchSize;
  final Key<Integer> accumulation;
  final Key<Double> clipNorm;
  final Key<OptimizerOptions.Kind> kind;
  final Key<Double> learningRate;
  final Key<Double> beta1;
  final Key<Double> beta2;
  final Key<Double> epsilon;
  final Key<Double> momentum;
  final Key<Double> weightDecay;
  final Key<Double> scheduleWarmup;
  final Key<Double> scheduleDecay;

  StageSection(String title, String stage) {
    this.title = title;
    epochs =
        Key.between(
            0,
            100_000,
            stage + ".epochs",
            "Passes over the target training data; 0 switches the stage off");
    batchSize =
        Key.between(
            1, 65_536, stage + ".batch-size", "Samples of one forward and backward pass of a task");
    accumulation =
        Key.between(
            1,
            65_536,
            stage + ".accumulation",
            "Passes whose mean gradient makes one optimizer step");
    clipNorm =
        Key.notNegative(stage + ".clip-norm", "Bound of the gradient's global norm; 0 for none");
    kind = Key.choice(OptimizerOptions.Kind.class, stage + ".optimizer.kind", "Update rule");
    learningRate = Key.positive(stage + ".optimizer.learning-rate", "Peak learning rate");
    beta1 = Key.fraction(stage + ".optimizer.beta1", "Decay of Adam's first moment");
    beta2 = Key.fraction(stage + ".optimizer.beta2", "Decay of Adam's second moment");
    epsilon =
        Key.positive(stage + ".optimizer.epsilon", "Added to the root of Adam's second moment");
    momentum = Key.fraction(stage + ".optimizer.momentum", "Momentum of SGD; 0 for none");
    weightDecay =
        Key.notNegative(
            stage + ".optimizer.weight-decay",
            "L2 penalty in the gradient (sgd, adam) or decoupled decay (adamw)");
    scheduleWarmup =
        Key.notNegative(
            stage + ".schedule.warmup-epochs", "Epochs of linear warm-up of the rate from 0");
    scheduleDecay =
        Key.notNegative(
            stage + ".schedule.decay-epochs",
            "Epoch at which the rate has decayed linearly to 0; 0 for a constant rate");
  }

  @Override
  public String title() {
    return title;
  }

  @Override
  public List<Key<?>> keys() {
    return List.of(
        epochs,
        batchSize,
        accumulation,
        clipNorm,
        kind,
        learningRate,
        beta1,
        beta2,
        epsilon,
        momentum,
        weightDecay,
        scheduleWarmup,
        scheduleDecay);
  }

  @Override
  public void check(Values values, Problems problems) {
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
        new OptimizerOptions(
            values.get(kind),
            values.get(learningRate),
            values.get(beta1),
            values.get(beta2),
            values.get(epsilon),
            values.get(momentum),
            values.get(weightDecay)),
        new ScheduleOptions(values.get(scheduleWarmup), values.get(scheduleDecay)),
        values.get(clipNorm));
  }
}
