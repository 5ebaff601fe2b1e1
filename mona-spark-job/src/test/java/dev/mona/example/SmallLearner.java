package dev.mona.example;

import dev.mona.learner.Held;
import dev.mona.learner.HeldOnHost;
import dev.mona.learner.Learner;
import dev.mona.learner.LearnerFactory;
import dev.mona.learner.LearnerOptions;
import dev.mona.learner.RoundResult;
import dev.mona.learner.RoundWork;
import dev.mona.learner.Stage;
import dev.mona.learner.StageOptions;
import dev.mona.learner.TrainingState;
import dev.mona.optimizer.Adam;
import dev.mona.optimizer.FlatOptimizer;
import dev.mona.optimizer.Sgd;
import dev.mona.task.PartitionSamples;
import dev.mona.task.SampleBlock;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * Softmax regression behind a linear embedder and a diagonal encoder: {@code logits = H (theta * (E
 * x)) + b}, gradients by hand in double, state in float after every step. Groups: embedder {@code E
 * [d, f]}, encoder {@code theta [d]}, head {@code H [o, d], b [o]}. In the alignment stage the
 * embedder is also pulled to zero. Momentum SGD and Adam; a decay in the schedule makes the
 * iteration count matter.
 */
public final class SmallLearner implements Learner {

  /**
   * Makes small learners.
   *
   * @param hidden d
   * @param frozen theta while the encoder is not trained, {@code [d]}
   * @param disturbance happens before every round
   */
  public record Factory(LearnerOptions options, int hidden, float[] frozen, Disturbance disturbance)
      implements LearnerFactory {
    @Override
    public SmallLearner create() {
      return new SmallLearner(this);
    }
  }

  private static final double PULL = 0.05;

  private final Factory factory;
  private final LearnerOptions options;
  private final int features;
  private final int hidden;
  private final int outputs;
  private final double[] embedded;
  private final double[] encoded;
  private final double[] delta;
  private double[] gradient = {};

  SmallLearner(Factory factory) {
    this.factory = factory;
    this.options = factory.options();
    this.features = options.task().featureLength();
    this.hidden = factory.hidden();
    this.outputs = options.task().outputs();
    this.embedded = new double[hidden];
    this.encoded = new double[hidden];
    this.delta = new double[outputs];
  }

  @Override
  public TrainingState initialState(Stage stage, float[] parameters) {
    int copies = 2;
    if (options.stage(stage).optimizer().rule() instanceof Sgd sgd) {
      copies = sgd.momentum() == 0 ? 0 : 1;
    }
    return new TrainingState(parameters.clone(), new float[copies * parameters.length], 0);
  }

  @Override
  public Held hold(Stage stage, TrainingState state) {
    return new HeldOnHost(this, stage, state);
  }

  @Override
  public RoundResult run(
      RoundWork work, TrainingState state, PartitionSamples samples, Runnable step) {
    return run(work, state, samples);
  }

  @Override
  public RoundResult run(RoundWork work, TrainingState state, PartitionSamples samples) {
    factory.disturbance().before(work);
    SampleBlock block = SmallJob.join(samples);
    StageOptions stage = options.stage(work.stage());
    int[] order = order(options.seed(), work.stage(), work.epoch(), block.ids());
    int perStep = stage.batchSize() * stage.accumulation();
    float[] parameters = state.parameters().clone();
    float[] moments = state.moments().clone();
    gradient = gradient.length == parameters.length ? gradient : new double[parameters.length];
    long iteration = state.iteration();
    long examples = 0;
    double loss = 0;
    for (int s = work.steps().first(); s < work.steps().first() + work.steps().count(); s++) {
      int from = s * perStep;
      if (from >= order.length) {
        break;
      }
      int[] batch = Arrays.copyOfRange(order, from, Math.min(order.length, from + perStep));
      loss += gradient(work.stage(), parameters, block, batch);
      update(stage, work.steps().perEpoch(), parameters, moments, iteration++);
      examples += batch.length;
    }
    return new RoundResult(
        work.partition(),
        examples,
        new TrainingState(parameters, moments, iteration),
        Map.of("loss", loss),
        Map.of("loss", examples));
  }

  /** Positions of the samples in the order of an epoch. */
  public static int[] order(long seed, Stage stage, int epoch, long[] ids) {
    long salt = mix(seed * 1_000_003 + stage.id().hashCode() * 8191L + epoch);
    return IntStream.range(0, ids.length)
        .boxed()
        .sorted(
            Comparator.<Integer>comparingLong(i -> mix(salt ^ ids[i]))
                .thenComparingLong(i -> ids[i]))
        .mapToInt(Integer::intValue)
        .toArray();
  }

  private static long mix(long value) {
    long z = (value + 0x9E3779B97F4A7C15L) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    return z ^ (z >>> 31);
  }

  /** Writes the mean gradient of a batch and returns the sum of its losses. */
  private double gradient(Stage stage, float[] parameters, SampleBlock block, int[] batch) {
    Arrays.fill(gradient, 0);
    boolean encoder = stage == Stage.FINETUNING;
    int head = features * hidden + (encoder ? hidden : 0);
    double loss = 0;
    for (int sample : batch) {
      forward(stage, parameters, block, sample);
      int label = (int) block.labels()[sample];
      loss -= Math.log(softmax(delta, label));
      delta[label] -= 1;
      for (int j = 0; j < hidden; j++) {
        double theta = theta(stage, parameters, j);
        double back = 0;
        for (int o = 0; o < outputs; o++) {
          gradient[head + o * hidden + j] += delta[o] * encoded[j] / batch.length;
          back += delta[o] * parameters[head + o * hidden + j];
        }
        for (int i = 0; i < features; i++) {
          gradient[j * features + i] +=
              back * theta * block.features()[sample * features + i] / batch.length;
        }
        if (encoder) {
          gradient[features * hidden + j] += back * embedded[j] / batch.length;
        }
      }
      for (int o = 0; o < outputs; o++) {
        gradient[head + outputs * hidden + o] += delta[o] / batch.length;
      }
    }
    if (stage == Stage.ALIGNMENT) {
      for (int i = 0; i < features * hidden; i++) {
        gradient[i] += PULL * parameters[i];
      }
    }
    return loss;
  }

  /** Fills {@code embedded}, {@code encoded} and, with the logits, {@code delta}. */
  private void forward(Stage stage, float[] parameters, SampleBlock block, int sample) {
    int head = features * hidden + (stage == Stage.FINETUNING ? hidden : 0);
    for (int j = 0; j < hidden; j++) {
      double sum = 0;
      for (int i = 0; i < features; i++) {
        sum += (double) parameters[j * features + i] * block.features()[sample * features + i];
      }
      embedded[j] = sum;
      encoded[j] = sum * theta(stage, parameters, j);
    }
    for (int o = 0; o < outputs; o++) {
      double sum = parameters[head + outputs * hidden + o];
      for (int j = 0; j < hidden; j++) {
        sum += parameters[head + o * hidden + j] * encoded[j];
      }
      delta[o] = sum;
    }
  }

  private double theta(Stage stage, float[] parameters, int j) {
    return stage == Stage.FINETUNING ? parameters[features * hidden + j] : factory.frozen()[j];
  }

  /** Turns logits into probabilities and returns that of the label. */
  private static double softmax(double[] logits, int label) {
    double max = Arrays.stream(logits).max().orElse(0);
    double sum = 0;
    for (int o = 0; o < logits.length; o++) {
      logits[o] = Math.exp(logits[o] - max);
      sum += logits[o];
    }
    for (int o = 0; o < logits.length; o++) {
      logits[o] /= sum;
    }
    return logits[label];
  }

  private void update(
      StageOptions stage, int stepsPerEpoch, float[] parameters, float[] moments, long iteration) {
    FlatOptimizer rule = stage.optimizer().rule();
    double peak = stage.optimizer().learningRate();
    double decay = stage.schedule().decayEpochs();
    double rate = decay == 0 ? peak : peak * Math.max(0, 1 - iteration / (decay * stepsPerEpoch));
    int n = parameters.length;
    for (int i = 0; i < n; i++) {
      double step;
      if (rule instanceof Adam o) {
        moments[i] = (float) (o.beta1() * moments[i] + (1 - o.beta1()) * gradient[i]);
        moments[n + i] =
            (float) (o.beta2() * moments[n + i] + (1 - o.beta2()) * gradient[i] * gradient[i]);
        double first = moments[i] / (1 - Math.pow(o.beta1(), iteration + 1.0));
        double second = moments[n + i] / (1 - Math.pow(o.beta2(), iteration + 1.0));
        step = first / (Math.sqrt(second) + o.epsilon());
      } else if (rule instanceof Sgd o && moments.length == n) {
        moments[i] = (float) (o.momentum() * moments[i] + gradient[i]);
        step = moments[i];
      } else {
        step = gradient[i];
      }
      parameters[i] = (float) (parameters[i] - rate * step);
    }
  }

  @Override
  public float[] predict(Stage stage, TrainingState state, SampleBlock block) {
    float[] logits = new float[block.size() * outputs];
    for (int sample = 0; sample < block.size(); sample++) {
      forward(stage, state.parameters(), block, sample);
      for (int o = 0; o < outputs; o++) {
        logits[sample * outputs + o] = (float) delta[o];
      }
    }
    return logits;
  }

  @Override
  public void close() {}
}
