package dev.mona.metric;

import dev.mona.task.SampleShape;
import dev.mona.task.TaskKind;
import dev.mona.task.TaskSpec;
import java.util.Random;

/** Random predictions of a task, with {@code levels} distinct logits so that ties are common. */
record Predictions(TaskSpec task, float[] logits, float[] labels, int size) {

  static TaskSpec task(TaskKind kind, int outputs) {
    return TaskSpec.of("test", kind, SampleShape.series(1, 1), outputs);
  }

  static Predictions random(long seed, TaskKind kind, int n, int outputs, int levels) {
    Random random = new Random(seed);
    TaskSpec task = task(kind, outputs);
    float[] logits = new float[n * outputs];
    for (int i = 0; i < logits.length; i++) {
      logits[i] = random.nextInt(levels) - levels / 2;
    }
    float[] labels = new float[n * task.labelLength()];
    for (int i = 0; i < labels.length; i++) {
      labels[i] =
          switch (kind) {
            case CLASSIFICATION -> random.nextInt(outputs);
            case MULTI_LABEL, DENSE -> random.nextInt(10) < 3 ? 1 : 0;
          };
    }
    return new Predictions(task, logits, labels, n);
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
    int outputs = task.outputs();
    int labelLength = task.labelLength();
    accumulator.add(
        java.util.Arrays.copyOfRange(logits, sample * outputs, (sample + 1) * outputs),
        java.util.Arrays.copyOfRange(labels, sample * labelLength, (sample + 1) * labelLength),
        1);
  }

  double value(Metric metric) {
    Accumulator accumulator = metric.start();
    accumulator.add(logits, labels, size);
    return accumulator.value();
  }
}
