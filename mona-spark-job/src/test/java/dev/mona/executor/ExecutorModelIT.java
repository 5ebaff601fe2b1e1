package dev.mona.executor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mona.SmallModel;
import dev.mona.compute.TestDevice;
import dev.mona.config.RunConfig;
import dev.mona.device.DeviceRequest;
import dev.mona.device.WantedDevice;
import dev.mona.encoder.Bert;
import dev.mona.example.LocalSpark;
import dev.mona.example.SmallJob;
import dev.mona.inputs.FixedSamples;
import dev.mona.inputs.JobModel;
import dev.mona.inputs.SourceProxy;
import dev.mona.retention.SourceRetention;
import dev.mona.source.SourceTexts;
import java.util.function.Function;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.junit.jupiter.api.Test;

/** The model that a JVM holds, from the first task that asks for it to the end of the job. */
class ExecutorModelIT {
  private static final long SEED = 5;

  private static Broadcast<JobModel> broadcast(JavaSparkContext spark) {
    SourceTexts texts = SmallModel.texts(4, 6, SEED);
    return spark.broadcast(
        new JobModel(
            SmallJob.threeStages(),
            new RunConfig.Resources(1, 0, DeviceRequest.of(WantedDevice.AUTO)),
            SmallModel.weights(Bert.Variant.BERT, SEED),
            new SourceProxy(texts, texts, texts),
            new FixedSamples(
                1, SmallJob.blocks(SEED, 8).get(0), SmallJob.blocks(SEED, 8).get(0), null)));
  }

  @Test
  void isSharedByTasksAndReleasedWithItsJobAlone() {
    try (JavaSparkContext spark = LocalSpark.start("local[2]")) {
      Broadcast<JobModel> first = broadcast(spark);
      assertThat(ExecutorModel.isHeld()).as("left by a job before this one").isFalse();
      ExecutorModel model = ExecutorModel.of(first, TestDevice.floats());
      assertThat(ExecutorModel.of(first, TestDevice.floats())).isSameAs(model);
      SourceRetention retention = model.retention(Function.identity());
      assertThat(model.<SourceRetention>retention(Function.identity())).isSameAs(retention);

      Broadcast<JobModel> second = broadcast(spark);
      assertThat(ExecutorModel.of(second, TestDevice.floats())).isNotSameAs(model);
      ExecutorModel.release(spark, first);
      assertThat(ExecutorModel.isHeld()).as("the second job goes on").isTrue();
      second.destroy();
      ExecutorModel.release(spark, second);
      assertThat(ExecutorModel.isHeld()).isFalse();
      ExecutorModel.release(spark, second);
      assertThat(ExecutorModel.isHeld()).as("again").isFalse();
    }
  }
}
