package dev.mona.metric;

import dev.mona.task.Loss;
import dev.mona.task.LossOptions;
import dev.mona.task.SampleShape;
import dev.mona.task.TaskKind;
import dev.mona.task.TaskSpec;
import java.util.Arrays;
import java.util.Random;

/** Random predictions of a task, with {@code levels} distinct logits so that ties are common. */
record Predictions(TaskSpec task, float[] logits, float[] labels, int size) {

  static TaskSpec task(TaskKind kind, int outputs) {
    return TaskSpec.of("test", kind, SampleShape.series(1, 1), outputs);
  }

  /** A dense task on square grids; a cap for a task of distances. */
  static TaskSpec field(int side, Loss loss, double cap) {
    return TaskSpec.of("test", TaskKind.DENSE, new SampleShape(1, side, side), 1)
        .with(new LossOptions(loss, 1, cap));
  }

  static Predictions random(long seed, TaskKind kind, int n, int outputs, int levels) {
    return random(seed, task(kind, outputs), n, levels);
  }

  static Predictions random(long seed, TaskSpec task, int n, int levels) {
    Random random = new Random(seed);
    float[] logits = new float[n * task.predictionLength()];
    for (int i = 0; i < logits.length; i++) {
      logits[i] = random.nextInt(levels) - levels / 2;
    }
    float[] labels = new float[n * task.labelLength()];
    for (int i = 0; i < labels.length; i++) {
      labels[i] =
          switch (task.kind()) {
            case CLASSIFICATION -> random.nextInt(task.outputs());
            case MULTI_LABEL -> random.nextInt(10) < 3 ? 1 : 0;
            case DENSE -> fieldLabel(random, task.loss());
          };
    }
    return new Predictions(task, logits, labels, n);
  }

  /** A real number; 0 or 1; a distance up to 12. One in five of the last two is -1, unknown. */
  private static float fieldLabel(Random random, LossOptions loss) {
    boolean unknown = random.nextInt(5) == 0;
    if (loss.loss() == Loss.BINARY_CROSS_ENTROPY) {
      return unknown ? -1 : random.nextInt(2);
    }
    if (loss.cap() > 0) {
      return unknown ? -1 : 12 * random.nextFloat();
    }
    return (float) random.nextGaussian();
  }

  float logit(int sample, int output) {
    return logits[sample * task.outputs() + output];
  }

  boolean positive(int sample, int output) {
    return switch (task.kind()) {
      case CLASSIFICATION -> labels[sample] == output;
      case MULTI_LABEL, DENSE -> labels[sample * task.outputs() + output] == 1;
    };
  }

  /** Softmax probability of a class, or the logit of a label: what a ranking orders. */
  double score(int sample, int output) {
    if (task.kind() == TaskKind.MULTI_LABEL) {
      return logit(sample, output);
    }
    double sum = 0;
    for (int k = 0; k < task.outputs(); k++) {
      sum += Math.exp(logit(sample, k) - logit(sample, output));
    }
    // Rounded so that equal probabilities summed in another order stay equal.
    return Math.round(1e9 / sum) / 1e9;
  }

  void addTo(Accumulator accumulator, int sample) {
    int length = task.predictionLength();
    int labelLength = task.labelLength();
    accumulator.add(
        Arrays.copyOfRange(logits, sample * length, (sample + 1) * length),
        Arrays.copyOfRange(labels, sample * labelLength, (sample + 1) * labelLength),
        1);
  }

  double value(Metric metric) {
    Accumulator accumulator = metric.start();
    accumulator.add(logits, labels, size);
    return accumulator.value();
  }
}
