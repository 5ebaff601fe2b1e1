package dev.mona.training;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mona.dl4jspark.GraphSession;
import dev.mona.example.Disturbance;
import dev.mona.example.LocalSpark;
import dev.mona.example.SmallJob;
import dev.mona.learner.Learner;
import dev.mona.learner.LearnerOptions;
import dev.mona.rounds.PlainSession;
import dev.mona.rounds.Session;
import dev.mona.task.SampleBlock;
import dev.mona.tensor.ParameterGroup;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Function;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerJobStart;
import org.junit.jupiter.api.Test;

class TrainingDriverIT {

  private static TrainingSummary train(
      String master, List<SampleBlock> training, Disturbance disturbance) {
    return train(master, PlainSession::new, training, disturbance);
  }

  private static TrainingSummary train(
      String master,
      Function<JavaSparkContext, Session> session,
      List<SampleBlock> training,
      Disturbance disturbance) {
    try (JavaSparkContext spark = LocalSpark.start(master)) {
      return SmallTraining.driver(
              spark, SmallTraining.options(SmallJob.threeStages(), training.size()), disturbance)
          .build()
          .run(session.apply(spark), SmallTraining.INITIAL, LocalSpark.partitions(spark, training));
    }
  }

  private static void assertSame(TrainingSummary actual, TrainingSummary expected, String what) {
    assertThat(actual.history()).as(what).isEqualTo(expected.history());
    for (ParameterGroup group : ParameterGroup.values()) {
      assertThat(actual.parameters().of(group))
          .as("%s, %s", what, group)
          .isEqualTo(expected.parameters().of(group));
    }
  }

  @Test
  void oneWorkerThroughAllStagesIsTheSingleMachineBitForBit() {
    List<SampleBlock> training = SmallJob.blocks(5, 40);
    TrainingSummary distributed = train("local[2]", training, Disturbance.NONE);

    LearnerOptions options = SmallJob.threeStages();
    TrainingSummary single;
    try (Learner learner = SmallJob.learners(options, Disturbance.NONE).create();
        JavaSparkContext unused = LocalSpark.start("local[1]")) {
      OneMachine machine =
          new OneMachine(learner, training.get(0), SmallJob.join(SmallTraining.VALIDATION));
      single =
          SmallTraining.driver(unused, SmallTraining.options(options, 1), Disturbance.NONE)
              .build()
              .train(machine, SmallTraining.INITIAL);
    }
    assertSame(distributed, single, "one worker");
    assertThat(distributed.history()).hasSize(7);
    assertThat(distributed.bestEpoch().orElseThrow().score())
        .as("three separable classes are learnt")
        .isLessThan(0.35);
  }

  @Test
  void sameBytesWhateverTheCoresTheArrivalAndTheRetries() {
    List<SampleBlock> training = SmallJob.blocks(5, 33, 26, 9);
    TrainingSummary expected = train("local[1]", training, Disturbance.NONE);
    assertSame(train("local[4]", training, Disturbance.sleeping(60, 4)), expected, "sleeps");
    assertSame(train("local[2,3]", training, Disturbance.failingOnce(2)), expected, "a retry");
  }

  @Test
  void sameBytesByWayOfDl4j() {
    List<SampleBlock> training = SmallJob.blocks(5, 33, 26, 9);
    TrainingSummary plain = train("local[2]", training, Disturbance.NONE);
    TrainingSummary graph =
        train(
            "local[2]",
            spark -> new GraphSession(spark, LocalSpark.graph(0.1)),
            training,
            Disturbance.NONE);
    assertSame(graph, plain, "a session of a graph");
  }

  @Test
  void theSparkUiReadsLikeALog() {
    ConcurrentLinkedQueue<String> jobs = new ConcurrentLinkedQueue<>();
    try (JavaSparkContext spark = LocalSpark.start("local[2]")) {
      spark
          .sc()
          .addSparkListener(
              new SparkListener() {
                @Override
                public void onJobStart(SparkListenerJobStart job) {
                  jobs.add(job.properties().getProperty("spark.job.description", "-"));
                }
              });
      LearnerOptions options =
          SmallJob.options(
              SmallJob.stage(0, 8, SmallJob.SGD),
              SmallJob.stage(2, 8, SmallJob.SGD),
              SmallJob.stage(0, 8, SmallJob.SGD));
      SmallTraining.driver(spark, SmallTraining.options(options, 2), Disturbance.NONE)
          .build()
          .run(
              new PlainSession(spark),
              SmallTraining.INITIAL,
              LocalSpark.partitions(spark, SmallJob.blocks(5, 24, 10)));
    }
    assertThat(jobs)
        .containsExactly(
            "load training samples",
            "alignment start",
            "alignment round 1/4: average 2 workers",
            "alignment round 2/4: average 2 workers",
            "alignment epoch 1/2 validation",
            "alignment round 3/4: average 2 workers",
            "alignment round 4/4: average 2 workers",
            "alignment epoch 2/2 validation");
  }
}
