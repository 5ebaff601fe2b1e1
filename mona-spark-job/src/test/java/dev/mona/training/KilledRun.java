package dev.mona.training;

import dev.mona.checkpoint.CheckpointStore;
import dev.mona.checkpoint.EpochScore;
import dev.mona.example.Disturbance;
import dev.mona.example.Errors;
import dev.mona.example.SmallJob;
import dev.mona.learner.LearnerOptions;
import dev.mona.learner.TrainingState;
import dev.mona.rounds.AveragingOptions;
import dev.mona.rounds.Round;
import dev.mona.rounds.RoundOutcome;
import dev.mona.storage.RunDirectory;
import dev.mona.task.SampleBlock;
import dev.mona.tensor.ParameterGroup;
import dev.mona.weights.Safetensors;
import dev.mona.weights.WeightTensor;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.api.java.JavaRDD;

/** The small job on one worker without Spark, with a checkpoint after every round. */
final class KilledRun {
  private static final SampleBlock TRAINING = SmallJob.blocks(5, 37).get(0);
  private static final SampleBlock VALIDATION = SmallJob.blocks(77, 30).get(0);

  private KilledRun() {}

  /**
   * Arguments: the run's directory, kind and number of a moment, the file that says it is there.
   */
  public static void main(String[] arguments) {
    Moments.standAt(
        Moments.Kind.valueOf(arguments[1]), Integer.parseInt(arguments[2]), Path.of(arguments[3]));
    run(Path.of(arguments[0]));
  }

  /** Starts or goes on; ends with the same files in any case. */
  static void run(Path directory) {
    Configuration configuration = new Configuration();
    configuration.setClass(
        "fs.file.impl", Moments.Disk.class, org.apache.hadoop.fs.FileSystem.class);
    try (RunDirectory run = RunDirectory.open(directory.toUri().toString(), configuration)) {
      LearnerOptions options = SmallJob.threeStages();
      TrainingSummary summary =
          TrainingDriver.builder(
                  new TrainingOptions(
                      options, new AveragingOptions(1, 2, 16), StoppingOptions.NEVER),
                  SmallJob.learners(options, Disturbance.NONE))
              .validation(validation())
              .evaluator(
                  (stage, epoch, model) ->
                      Map.of("head", (double) model.of(ParameterGroup.HEAD)[0]))
              .interval(new CheckpointInterval(1, Duration.ZERO))
              .resume(new CheckpointStore(run, "abc", 2))
              .build()
              .train(new Machine(options), SmallTraining.INITIAL);
      List<WeightTensor> tensors = new ArrayList<>();
      for (ParameterGroup group : ParameterGroup.values()) {
        float[] values = summary.parameters().of(group);
        tensors.add(new WeightTensor(group.name(), new long[] {values.length}, values));
      }
      run.write(SmallTraining.FINAL, out -> Safetensors.write(out, tensors, Map.of()));
      StringBuilder history = new StringBuilder();
      for (EpochScore epoch : summary.history()) {
        history.append(epoch).append('\n');
      }
      run.writeText(SmallTraining.HISTORY, history.toString());
    }
  }

  /** The worker scores its own block. */
  @SuppressWarnings("NullAway")
  private static Validation validation() {
    return new Validation((JavaRDD<SampleBlock>) null, new Errors());
  }

  private static final class Machine extends OneMachine {
    Machine(LearnerOptions options) {
      super(SmallJob.learners(options, Disturbance.NONE).create(), TRAINING, VALIDATION);
    }

    @Override
    public RoundOutcome run(Round round, TrainingState state) {
      Moments.pass(Moments.Kind.ROUND, "");
      return super.run(round, state);
    }
  }
}
