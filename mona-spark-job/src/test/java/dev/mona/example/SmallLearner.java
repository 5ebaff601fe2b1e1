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
import dev.mona.optimizer.WeightAverage;
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
 * embedder is also pulled to zero. Momentum SGD and Adam, with an average of the parameters where
 * there is to be one; a decay in the schedule makes the iteration count matter.
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
    long moments = options.stage(stage).optimizer().momentLength(parameters.length);
    return new TrainingState(parameters.clone(), new float[Math.toIntExact(moments)], 0);
  }

  /** Parameters of each group of a stage. */
  public static int[] lengths(Stage stage, int features, int hidden, int outputs) {
    int embedder = features * hidden;
    int head = outputs * hidden + outputs;
    return stage == Stage.FINETUNING
        ? new int[] {embedder, hidden, head}
        : new int[] {embedder, head};
  }

  @Override
  public Held hold(Stage stage, TrainingState state) {
    int[] lengths = lengths(stage, features, hidden, outputs);
    return new HeldOnHost(this, stage, state) {
      @Override
      protected float[] result(TrainingState reached) {
        return options.stage(stage).result(reached, lengths);
      }
    };
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
      int group = 0;
      int at = 0;
      double rate = rate(stage, work.steps().perEpoch(), iteration);
      for (int length : lengths(work.stage(), features, hidden, outputs)) {
        for (int i = 0; i < length; i++) {
          int[] where = {group + i, at + i, length};
          update(stage.optimizer().rule(), rate, parameters, moments, where, iteration);
        }
        group += length;
        at += Math.toIntExact(stage.optimizer().momentLength(length));
        WeightAverage average = stage.optimizer().average();
        if (average != null) {
          for (int i = 1; i <= length; i++) {
            double theta = parameters[group - i];
            double share = share(average.decay(), iteration + 1.0);
            moments[at - i] = (float) (share * theta + (1 - share) * moments[at - i]);
          }
        }
      }
      iteration++;
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

  private static double share(double decay, double t) {
    return decay == 1 ? 1 / t : (1 - decay) / (1 - Math.pow(decay, t));
  }

  private static double rate(StageOptions stage, int stepsPerEpoch, long iteration) {
    double peak = stage.optimizer().learningRate();
    double decay = stage.schedule().decayEpochs();
    return decay == 0 ? peak : peak * Math.max(0, 1 - iteration / (decay * stepsPerEpoch));
  }

  /**
   * Updates one parameter.
   *
   * @param where its place, that of its first moment, and from there to the second
   */
  private void update(
      FlatOptimizer rule,
      double rate,
      float[] parameters,
      float[] moments,
      int[] where,
      long iteration) {
    int i = where[0];
    int m = where[1];
    double step;
    if (rule instanceof Adam o) {
      int v = m + where[2];
      moments[m] = (float) (o.beta1() * moments[m] + (1 - o.beta1()) * gradient[i]);
      moments[v] = (float) (o.beta2() * moments[v] + (1 - o.beta2()) * gradient[i] * gradient[i]);
      double first = moments[m] / (1 - Math.pow(o.beta1(), iteration + 1.0));
      double second = moments[v] / (1 - Math.pow(o.beta2(), iteration + 1.0));
      step = first / (Math.sqrt(second) + o.epsilon());
    } else if (rule instanceof Sgd o && o.momentum() > 0) {
      moments[m] = (float) (o.momentum() * moments[m] + gradient[i]);
      step = moments[m];
    } else {
      step = gradient[i];
    }
    parameters[i] = (float) (parameters[i] - rate * step);
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
