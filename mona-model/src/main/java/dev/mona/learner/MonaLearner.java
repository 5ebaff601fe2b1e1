package dev.mona.learner;

import dev.mona.compute.Array;
import dev.mona.compute.Device;
import dev.mona.compute.Scalar;
import dev.mona.finetuning.TaskStep;
import dev.mona.metalearning.MetaStepResult;
import dev.mona.metalearning.OuterGradient;
import dev.mona.nn.Dropout;
import dev.mona.optimizer.GradientClipping;
import dev.mona.optimizer.LearningRate;
import dev.mona.random.SplitMix64;
import dev.mona.task.PartitionSamples;
import dev.mona.task.SampleBlock;
import dev.mona.tensor.ParameterGroup;
import dev.mona.tensor.ParameterSet;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * MoNA's learner. Metrics of a round: {@code loss} (mean over examples of the task loss, or of the
 * transport distance of their batches) and {@code gradient_norm} (before clipping); in the bilevel
 * alignment also those of {@link MetaStepResult}, with replay {@code replay_loss}, with a pull
 * towards theta_0 {@code encoder_distance}, how far the encoder is from there. Where steps are
 * dropped, theirs are left out, and {@link #DROPPED_STEPS} says how many. A warm step waits for the
 * device once, at its end; that of the alignment by transport also for the features of each batch.
 */
public final class MonaLearner implements Learner {
  private static final long DROPOUT = 6;
  static final String LOSS = "loss";
  private static final String GRADIENT_NORM = "gradient_norm";
  private static final String DISTANCE = "encoder_distance";

  private final FrozenModel frozen;
  private final Device device;
  private final LocalModel model;
  private final TaskStep taskStep;
  private final AlignmentStep alignmentStep;
  private final ReplayStep replayStep;
  private final SourceObjective source;
  private final BatchFeed feed;
  private @Nullable Holding holding;

  /**
   * Makes room for parameters, gradients and moments.
   *
   * @param device of the thread that uses the learner
   */
  public MonaLearner(FrozenModel frozen, Device device) {
    this.frozen = frozen;
    this.device = device;
    model = new LocalModel(frozen, device);
    taskStep = new TaskStep(frozen.network(), model.parameters);
    replayStep = new ReplayStep(device);
    source = new SourceObjective(frozen);
    alignmentStep = new AlignmentStep(frozen, model, source);
    feed = new BatchFeed(frozen.options());
  }

  @Override
  public Held hold(Stage stage, TrainingState state) {
    model.load(stage, state.parameters());
    model.loadMoments(stage, state.moments());
    return take(new Holding(stage, state.iteration()));
  }

  @Override
  public Held room(Stage stage, int parameters, int moments) {
    model.prepare(stage);
    if (length(model.parameters(stage)) != parameters || length(model.moments(stage)) != moments) {
      throw new IllegalArgumentException(
          "a state of "
              + parameters
              + " parameters and "
              + moments
              + " moments does not fit stage "
              + stage.id());
    }
    return take(new Holding(stage, 0));
  }

  private static long length(List<Array> arrays) {
    return arrays.stream().mapToLong(Array::length).sum();
  }

  private Held take(Holding taken) {
    holding = taken;
    return taken;
  }

  /** The state in the arrays of this learner. */
  private final class Holding implements Held {
    private final Stage stage;
    private long iteration;

    Holding(Stage stage, long iteration) {
      this.stage = stage;
      this.iteration = iteration;
    }

    private void requireHeld() {
      if (holding != this) {
        throw new IllegalStateException("the learner was given another state since");
      }
    }

    @Override
    public LocalResult run(RoundWork work, PartitionSamples samples, Runnable step) {
      requireHeld();
      if (work.stage() != stage) {
        throw new IllegalArgumentException(
            "a state of stage " + stage.id() + " is no state of stage " + work.stage().id());
      }
      LocalResult result;
      try (BatchFeed.Batches batches = feed.of(work, samples)) {
        result = steps(work, iteration, batches, step);
      }
      iteration += (result.examples() + perStep(stage) - 1) / perStep(stage);
      return result;
    }

    @Override
    public List<Array> parameters() {
      requireHeld();
      return model.parameters(stage);
    }

    @Override
    public List<Array> moments() {
      requireHeld();
      return model.moments(stage);
    }

    @Override
    public void averaged(long reached) {
      requireHeld();
      iteration = reached;
    }

    @Override
    public long iteration() {
      return iteration;
    }

    @Override
    public float[] predict(SampleBlock block) {
      requireHeld();
      boolean averages = frozen.options().stage(stage).optimizer().average() != null;
      return averages && iteration > 0
          ? model.underAverage(stage, () -> logits(stage, block))
          : logits(stage, block);
    }

    @Override
    public TrainingState save() {
      requireHeld();
      return model.save(stage, iteration);
    }
  }

  private int perStep(Stage stage) {
    StageOptions options = frozen.options().stage(stage);
    return options.batchSize() * options.accumulation();
  }

  private LocalResult steps(RoundWork work, long start, BatchFeed.Batches batches, Runnable step) {
    LearnerOptions options = frozen.options();
    StageOptions stage = options.stage(work.stage());
    LearningRate rate = new LearningRate(stage.optimizer().learningRate(), stage.schedule());
    MetricSums metrics = new MetricSums();
    long iteration = start;
    long examples = 0;
    OuterGradient outer = null;
    for (int k = 0; k < work.steps().count(); k++) {
      requireNotInterrupted(k);
      int due = batches.ofStep();
      if (due == 0) {
        break;
      }
      Measured measured = new Measured();
      model.clearGradient(work.stage());
      alignmentStep.begin();
      for (int seen = 0; seen < due; ) {
        SampleBlock batch = batches.next();
        // of this round alone: a round depends on its arguments only
        OuterGradient known = alignmentStep.takesOuterAnew(k, seen == 0) ? null : outer;
        double weight = (double) batch.size() / due;
        seen += batch.size();
        outer = addGradient(work, k, known, batch, batches.beside(), weight, measured);
      }
      addReplay(work, k, measured);
      Scalar distance = model.addPull(work.stage());
      if (distance != null) {
        measured.add(DISTANCE, distance, 1);
      }
      List<Array> gradients = gradients(work.stage());
      measured.add(GRADIENT_NORM, GradientClipping.norm(gradients), 1);
      MetricSums ofStep = measured.fetch(device.vectors());
      double norm = ofStep.sum(GRADIENT_NORM);
      boolean skips = options.nonFinite() == NonFinite.SKIP;
      boolean dropped = skips && !(Double.isFinite(ofStep.sum(LOSS)) && Double.isFinite(norm));
      if (!dropped) {
        metrics.add(ofStep);
        GradientClipping.clip(gradients, norm, stage.optimizer().clipNorm());
        int perEpoch = work.steps().perEpoch();
        // by epochs: the count is of steps that may have had another size
        double learningRate =
            rate.at((long) work.epoch() * perEpoch + work.steps().first() + k, perEpoch);
        model.step(work.stage(), iteration, learningRate);
        if (work.stage() == Stage.ALIGNMENT) {
          alignmentStep.commit();
        }
      }
      // after a dropped step too: its share of the average is that of its number
      model.average(work.stage(), iteration);
      if (skips) {
        metrics.add(DROPPED_STEPS, dropped ? 1 : 0, 1);
      }
      iteration++;
      examples += due;
      step.run();
    }
    return metrics.result(examples);
  }

  /** Spark cancels a task by an interrupt, and a round is long. The flag stays set. */
  private static void requireNotInterrupted(int steps) {
    if (Thread.currentThread().isInterrupted()) {
      throw new CancellationException("interrupted after " + steps + " local steps");
    }
  }

  /** Returns the outer gradient behind it, if there is one. */
  private @Nullable OuterGradient addGradient(
      RoundWork work,
      int k,
      @Nullable OuterGradient known,
      SampleBlock batch,
      List<SampleBlock> beside,
      double weight,
      Measured measured) {
    if (work.stage() == Stage.ALIGNMENT) {
      return alignmentStep.addGradient(work, k, known, batch, beside, weight, measured);
    }
    Scalar loss =
        taskStep.addGradient(
            batch,
            tape -> model.leaves(work.stage(), tape),
            work.stage().trained(),
            frozen.options().plan().finetuning().scope()::trains,
            dropout(work, batch),
            weight,
            model.gradients(work.stage()));
    measured.add(LOSS, loss, batch.size());
    return null;
  }

  /** What the source adds to a step of finetuning. */
  private void addReplay(RoundWork work, int k, Measured measured) {
    Replay replay = frozen.options().source().replay();
    if (replay.in(work, k)) {
      Scalar loss =
          replayStep.addGradient(
              source.of(work, k),
              tape -> model.leaves(work.stage(), tape).encoder(),
              frozen.options().plan().finetuning().scope()::trains,
              replay.weight(),
              model.gradients(work.stage()).encoder());
      measured.add("replay_loss", loss, 1);
    }
  }

  /** Of each sample once an epoch; the same wherever the sample is seen. */
  private Dropout dropout(RoundWork work, SampleBlock batch) {
    double rate = frozen.options().plan().finetuning().dropout();
    if (rate == 0 || work.stage() != Stage.FINETUNING) {
      return Dropout.NONE;
    }
    long prefix = SplitMix64.hash(frozen.options().seed(), DROPOUT, work.epoch());
    long[] keys = Arrays.stream(batch.ids()).map(id -> SplitMix64.then(prefix, id)).toArray();
    return new Dropout(rate, keys);
  }

  private List<Array> gradients(Stage stage) {
    ParameterSet parts = model.gradients(stage);
    List<Array> gradients = new ArrayList<>();
    for (ParameterGroup group : stage.trained()) {
      gradients.add(parts.get(group).vector());
    }
    return gradients;
  }

  @Override
  public float[] predict(Stage stage, TrainingState state, SampleBlock block) {
    holding = null;
    model.load(stage, state.parameters());
    return logits(stage, block);
  }

  private float[] logits(Stage stage, SampleBlock block) {
    StageOptions options = frozen.options().stage(stage);
    int outputs = frozen.network().task().predictionLength();
    float[] scores = new float[block.size() * outputs];
    for (int at = 0; at < block.size(); at += options.batchSize()) {
      int end = Math.min(block.size(), at + options.batchSize());
      int[] positions = IntStream.range(at, end).toArray();
      float[] part = taskStep.logits(block.select(positions), tape -> model.leaves(stage, tape));
      System.arraycopy(part, 0, scores, at * outputs, part.length);
    }
    return scores;
  }

  @Override
  public TrainingState initialState(Stage stage, float[] parameters) {
    return new TrainingState(parameters.clone(), new float[model.momentLength(stage)], 0);
  }

  /** Elements in the buffers of the steps: constant once warm. */
  long allocated() {
    return taskStep.allocated() + replayStep.allocated() + alignmentStep.allocated();
  }

  @Override
  public void close() {
    feed.close();
    taskStep.close();
    replayStep.close();
    alignmentStep.close();
    model.close();
  }
}
