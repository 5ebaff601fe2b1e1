package dev.mona.training;

import dev.mona.checkpoint.CheckpointStore;
import dev.mona.checkpoint.EpochScore;
import dev.mona.example.Disturbance;
import dev.mona.example.Errors;
import dev.mona.example.LocalSpark;
import dev.mona.example.SmallJob;
import dev.mona.learner.LearnerOptions;
import dev.mona.rounds.AveragingOptions;
import dev.mona.rounds.PlainSession;
import dev.mona.rounds.Transport;
import dev.mona.storage.RunDirectory;
import dev.mona.task.SampleBlock;
import dev.mona.tensor.ParameterGroup;
import dev.mona.weights.Safetensors;
import dev.mona.weights.WeightTensor;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.api.java.JavaSparkContext;

/** The small job from Spark context to files: all three stages, checkpoints, final state. */
final class SmallTraining {
  static final String FINAL = "finetuned/model.safetensors";
  static final String HISTORY = "finetuned/history.txt";
  static final String CONFIG_HASH = "0123";
  static final ModelParameters INITIAL = new ModelParameters(SmallJob.initial(11));
  static final List<SampleBlock> VALIDATION = SmallJob.blocks(77, 20, 15);
  static final List<SampleBlock> TRAINING = SmallJob.blocks(5, 33, 26);

  private SmallTraining() {}

  static TrainingOptions options(LearnerOptions learner, int partitions) {
    return options(learner, partitions, Transport.SHUFFLE);
  }

  private static TrainingOptions options(
      LearnerOptions learner, int partitions, Transport transport) {
    return new TrainingOptions(
        learner, new AveragingOptions(partitions, 2, 16, transport, false), StoppingOptions.NEVER);
  }

  static TrainingDriver.Builder driver(
      JavaSparkContext spark, TrainingOptions options, Disturbance disturbance) {
    return TrainingDriver.builder(options, SmallJob.learners(options.learner(), disturbance))
        .validation(new Validation(LocalSpark.partitions(spark, VALIDATION), new Errors()))
        .evaluator(
            (stage, epoch, model) -> Map.of("head", (double) model.of(ParameterGroup.HEAD)[0]));
  }

  /** Trains on {@link #TRAINING} and writes checkpoints, final parameters and history. */
  static void run(JavaSparkContext spark, Path directory, Disturbance disturbance) {
    run(spark, directory, disturbance, Transport.SHUFFLE);
  }

  /** The same by another transport. */
  static void run(
      JavaSparkContext spark, Path directory, Disturbance disturbance, Transport transport) {
    try (RunDirectory run = RunDirectory.open(directory.toUri().toString(), new Configuration())) {
      CheckpointStore store = new CheckpointStore(run, CONFIG_HASH, 2);
      TrainingDriver.Builder builder =
          driver(spark, options(SmallJob.threeStages(), TRAINING.size(), transport), disturbance);
      TrainingSummary summary =
          builder
              .checkpoints(store)
              .build()
              .run(new PlainSession(spark), INITIAL, LocalSpark.partitions(spark, TRAINING));
      List<WeightTensor> tensors = new ArrayList<>();
      for (ParameterGroup group : ParameterGroup.values()) {
        float[] values = summary.parameters().of(group);
        tensors.add(new WeightTensor(group.name(), new long[] {values.length}, values));
      }
      run.write(FINAL, out -> Safetensors.write(out, tensors, Map.of()));
      StringBuilder history = new StringBuilder();
      for (EpochScore epoch : summary.history()) {
        history.append(epoch).append('\n');
      }
      run.writeText(HISTORY, history.toString());
    }
  }
}
