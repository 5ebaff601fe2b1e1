package dev.mona.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.mona.events.StopReason;
import dev.mona.example.Disturbance;
import dev.mona.example.Errors;
import dev.mona.example.SmallJob;
import dev.mona.learner.LearnerOptions;
import dev.mona.learner.Stage;
import dev.mona.learner.TrainingState;
import dev.mona.metric.Metric;
import dev.mona.optimizer.WeightAverage;
import dev.mona.rounds.AveragingOptions;
import dev.mona.rounds.Diagnostics;
import dev.mona.rounds.Round;
import dev.mona.rounds.RoundOutcome;
import dev.mona.task.SampleBlock;
import dev.mona.tensor.ParameterGroup;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.spark.api.java.JavaRDD;
import org.junit.jupiter.api.Test;

/** What the loop makes of states whose stage keeps an average of the parameters. */
class FinetuningAverageTest {
  private static final double DECAY = 0.8;
  private static final SampleBlock TRAINING = SmallJob.blocks(5, 20).get(0);
  private static final SampleBlock VALIDATION = SmallJob.blocks(77, 30).get(0);

  /** Epochs of 3 steps. */
  private static LearnerOptions options(int warmup, int epochs) {
    return SmallJob.options(
        SmallJob.stage(warmup, 8, SmallJob.ADAM),
        SmallJob.stage(0, 8, SmallJob.ADAM),
        SmallJob.stage(epochs, 8, SmallJob.ADAM).with(new WeightAverage(DECAY)));
  }

  /** Real steps one a round, made-up scores; keeps what it is given. */
  private static final class Watched extends OneMachine {
    private final double[] scores;
    private final int bad;
    private final List<float[]> path = new ArrayList<>();
    private final List<float[]> results = new ArrayList<>();
    private int finetuning;

    /** Diverges after so many rounds of finetuning. */
    Watched(LearnerOptions options, int bad, double... scores) {
      super(SmallJob.learners(options, Disturbance.NONE).create(), TRAINING, VALIDATION);
      this.bad = bad;
      this.scores = scores;
    }

    @Override
    public RoundOutcome run(Round round, TrainingState state) {
      if (round.stage() != Stage.FINETUNING) {
        return super.run(round, state);
      }
      if (!path.isEmpty()) {
        assertThat(state.parameters()).as("training goes on").isEqualTo(path.get(path.size() - 1));
      }
      RoundOutcome outcome = super.run(round, state);
      path.add(outcome.state().parameters());
      Diagnostics lost =
          new Diagnostics(Map.of("loss", Double.POSITIVE_INFINITY), Map.of("loss", 1L));
      return finetuning++ == bad
          ? new RoundOutcome(outcome.state(), outcome.examples(), lost, 0, 0)
          : outcome;
    }

    @Override
    public double validate(
        String description, Stage stage, TrainingState state, float[] result, Metric metric) {
      if (stage != Stage.FINETUNING) {
        assertThat(result).isSameAs(state.parameters());
        return 0.5;
      }
      results.add(result);
      return scores[results.size() - 1];
    }

    /** The average by its definition, after so many steps. */
    double[] average(int steps) {
      double[] sum = new double[path.get(0).length];
      double mass = 0;
      for (int t = 0; t < steps; t++) {
        double weight = Math.pow(DECAY, steps - 1 - t);
        mass += weight;
        for (int i = 0; i < sum.length; i++) {
          sum[i] += weight * path.get(t)[i];
        }
      }
      for (int i = 0; i < sum.length; i++) {
        sum[i] /= mass;
      }
      return sum;
    }
  }

  private static TrainingDriver.Builder driver(LearnerOptions options, int patience) {
    return TrainingDriver.builder(
        new TrainingOptions(
            options, new AveragingOptions(1, 1, 16), new StoppingOptions(patience, 0, 0)),
        SmallJob.learners(options, Disturbance.NONE));
  }

  /** Scores come from the workers; the blocks are never looked at. */
  @SuppressWarnings("NullAway")
  private static Validation validation() {
    return new Validation((JavaRDD<SampleBlock>) null, new Errors());
  }

  private static void assertClose(float[] found, double[] expected) {
    assertThat(found).hasSameSizeAs(expected);
    for (int i = 0; i < expected.length; i++) {
      assertThat((double) found[i]).as("value " + i).isCloseTo(expected[i], within(1e-6));
    }
  }

  private static float[] flat(ModelParameters model) {
    return model.flat(Stage.FINETUNING.trained());
  }

  @Test
  void theAverageIsScoredMeasuredSelectedAndHandedOn() {
    LearnerOptions options = options(1, 9);
    List<ModelParameters> measured = new ArrayList<>();
    ModelParameters[] exported = new ModelParameters[1];
    Watched workers = new Watched(options, -1, 0.4, 0.2, 0.3, 0.25);
    TrainingSummary summary =
        driver(options, 2)
            .validation(validation())
            .export((stage, model) -> exported[0] = model)
            .evaluator(
                (stage, epoch, model) -> {
                  measured.add(model);
                  return Map.of();
                })
            .build()
            .train(workers, SmallTraining.INITIAL);
    assertThat(summary.stopReason()).isEqualTo(StopReason.EARLY_STOPPING);
    assertThat(workers.results).hasSize(4);
    for (int epoch = 0; epoch < 4; epoch++) {
      assertClose(workers.results.get(epoch), workers.average(3 * (epoch + 1)));
      assertThat(flat(measured.get(1 + epoch))).isEqualTo(workers.results.get(epoch));
    }
    assertThat(flat(summary.parameters()))
        .isEqualTo(workers.results.get(1))
        .isNotEqualTo(workers.path.get(5));
    assertThat(exported[0]).isEqualTo(summary.parameters());
  }

  @Test
  void withoutValidationItIsThatOfTheLastEpoch() {
    LearnerOptions options = options(0, 2);
    Watched workers = new Watched(options, -1);
    TrainingSummary summary = driver(options, 0).build().train(workers, SmallTraining.INITIAL);
    assertThat(workers.path).hasSize(6);
    assertClose(flat(summary.parameters()), workers.average(6));
  }

  @Test
  void afterADivergenceItIsThatOfTheLastFiniteEpoch() {
    LearnerOptions options = options(0, 3);
    Watched workers = new Watched(options, 7);
    TrainingSummary summary = driver(options, 0).build().train(workers, SmallTraining.INITIAL);
    assertThat(summary.stopReason()).isEqualTo(StopReason.DIVERGED);
    assertClose(flat(summary.parameters()), workers.average(6));
    Watched early = new Watched(options, 1);
    ModelParameters none =
        driver(options, 0).build().train(early, SmallTraining.INITIAL).parameters();
    for (ParameterGroup group : ParameterGroup.values()) {
      assertThat(none.of(group)).isEqualTo(SmallTraining.INITIAL.of(group));
    }
  }
}
