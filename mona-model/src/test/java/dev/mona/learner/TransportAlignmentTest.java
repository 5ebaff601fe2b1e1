package dev.mona.learner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.mona.SmallModel;
import dev.mona.analysis.KMeans;
import dev.mona.autodiff.Tape;
import dev.mona.compute.TestDevice;
import dev.mona.learner.SmallLearner.Kind;
import dev.mona.network.Network;
import dev.mona.nn.Leaves;
import dev.mona.nn.Pooling;
import dev.mona.objective.TransportDistance;
import dev.mona.source.SourceSampler;
import dev.mona.source.SourceTexts;
import dev.mona.source.TextBatch;
import dev.mona.task.SampleBlock;
import dev.mona.task.TaskKind;
import dev.mona.task.TaskSpec;
import dev.mona.tensor.ParameterGroup;
import dev.mona.tensor.ParameterSet;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The alignment stage of ORCA. */
class TransportAlignmentTest {
  private static final SampleBlock BLOCK = SmallLearner.block(24);

  private static SmallLearner orca() {
    return new SmallLearner().transports().batch(12, 1).constantRate();
  }

  private static RoundWork work(int epoch) {
    return new RoundWork(Stage.ALIGNMENT, epoch, 0, new StepRange(0, 2, 2));
  }

  private static double loss(RoundResult result) {
    return result.metrics().getOrDefault("loss", Double.NaN) / BLOCK.size();
  }

  @ParameterizedTest
  @EnumSource(Kind.class)
  void lowersTheDistanceAndChangesTheEmbedderAlone(Kind kind) {
    SmallLearner options = orca().optimizer(kind, 0, 0.1);
    FrozenModel frozen = options.frozen();
    int embedder = (int) frozen.network().layout(ParameterGroup.EMBEDDER).length();
    try (MonaLearner learner = new MonaLearner(frozen, TestDevice.floats())) {
      TrainingState start = SmallLearner.start(learner, frozen, Stage.ALIGNMENT);
      RoundResult first = learner.run(work(0), start, BLOCK);
      RoundResult last = first;
      for (int epoch = 1; epoch < 20; epoch++) {
        last = learner.run(work(epoch), last.state(), BLOCK);
      }
      assertThat(loss(last)).as(kind.name()).isLessThan(0.8 * loss(first));
      assertThat(first.metrics()).containsOnlyKeys("loss", "gradient_norm");
      float[] before = start.parameters();
      float[] after = last.state().parameters();
      assertThat(Arrays.copyOf(after, embedder)).isNotEqualTo(Arrays.copyOf(before, embedder));
      assertThat(Arrays.copyOfRange(after, embedder, after.length))
          .as("head, in spite of weight decay")
          .containsExactly(Arrays.copyOfRange(before, embedder, before.length));
    }
  }

  @Test
  void aRoundIsAFunctionOfItsArguments() {
    SmallLearner options = orca();
    FrozenModel frozen = options.frozen();
    try (MonaLearner fresh = new MonaLearner(frozen, TestDevice.floats());
        MonaLearner used = options.create()) {
      TrainingState start = SmallLearner.start(fresh, frozen, Stage.ALIGNMENT);
      used.run(
          new RoundWork(Stage.FINETUNING, 0, 0, new StepRange(0, 2, 2)),
          SmallLearner.start(used, frozen, Stage.FINETUNING),
          SmallLearner.block(9));
      assertThat(used.run(work(0), start, BLOCK)).isEqualTo(fresh.run(work(0), start, BLOCK));
    }
  }

  /** The bias of the embedder's layer norm moves every feature alike. */
  @Test
  void gradientReachesTheEmbedder() {
    FrozenModel frozen = orca().frozen();
    Network network = frozen.network();
    ParameterSet at = network.zeros(TestDevice.floats());
    ParameterSet gradient = at.zeros();
    try (MonaLearner learner = new MonaLearner(frozen, TestDevice.floats());
        TransportStep step = new TransportStep(network, frozen.source().transport(), at);
        Tape tape = new Tape(TestDevice.floats())) {
      float[] flat = SmallLearner.start(learner, frozen, Stage.ALIGNMENT).parameters();
      at.embedder().assign(Arrays.copyOf(flat, (int) at.embedder().length()));
      double distance = step.addGradient(BLOCK, at, 0.5, gradient).value();
      float[] features =
          Pooling.MEAN
              .of(
                  tape,
                  network.embedder().embed(tape, Leaves.of(tape, at.embedder()), BLOCK.features()))
              .value()
              .toFloats();
      int[] classes = new int[BLOCK.size()];
      for (int i = 0; i < classes.length; i++) {
        classes[i] = (int) BLOCK.labels()[i];
      }
      TransportDistance.Distance expected =
          frozen.source().transport().distance().of(features, classes);
      assertThat(distance).isEqualTo(expected.value());
      float[] bias = new float[SmallModel.WIDTH];
      for (int i = 0; i < expected.gradient().length; i++) {
        bias[i % SmallModel.WIDTH] += 0.5f * expected.gradient()[i];
      }
      assertThat(gradient.embedder().view("LayerNorm.bias").toFloats())
          .containsExactly(bias, within(1e-4f));
      assertThat(gradient.head().toFloats()).containsOnly(0);
    }
  }

  @Test
  void sourceFeaturesAreTheMeansOfEmbeddedTokens() {
    SourceTexts texts = SmallModel.texts(6, 30, 2);
    int[] chosen = SourceSampler.subset(texts, 100, SmallLearner.SEED);
    assertThat(chosen).hasSize(100).doesNotHaveDuplicates().isSorted();
    assertThat(SourceSampler.subset(texts, 100, SmallLearner.SEED)).containsExactly(chosen);
    assertThat(SourceSampler.subset(texts, 100, 1)).isNotEqualTo(chosen);
    assertThat(SourceSampler.subset(texts, 1000, 1)).hasSize(180);
    try (Tape tape = new Tape(TestDevice.floats())) {
      TextBatch batch = TextBatch.of(texts, new int[] {4, 11});
      float[] tokens =
          SmallLearner.WEIGHTS.sourceEmbedder().embed(tape, batch).values().value().toFloats();
      float[] features =
          Network.embedSource(tape, SmallLearner.WEIGHTS.sourceEmbedder(), batch)
              .value()
              .toFloats();
      for (int i = 0; i < 2; i++) {
        for (int w = 0; w < SmallModel.WIDTH; w++) {
          double mean = 0;
          for (int t = 0; t < batch.lengths()[i]; t++) {
            mean += tokens[(i * batch.length() + t) * SmallModel.WIDTH + w] / batch.lengths()[i];
          }
          assertThat(features[i * SmallModel.WIDTH + w]).isCloseTo((float) mean, within(1e-5f));
        }
      }
    }
  }

  @Test
  void labelsThatAreNoClassesBelongToTheNearestCluster() {
    TaskSpec task = SmallModel.task(TaskKind.MULTI_LABEL);
    float[] labels = {0, 0, 0, 1, 1, 1, 0, 0, 0, 1, 1, 1};
    SampleBlock batch = new SampleBlock(new long[4], new float[4 * 24], labels);
    TransportDistance distance = new TransportDistance(new float[2], new int[1], 1);
    int[] classes =
        new TransportProblem(distance, KMeans.fit(labels, 3, 2, 1)).classes(task, batch);
    assertThat(classes[0]).isEqualTo(classes[2]).isNotEqualTo(classes[1]);
    assertThat(classes[1]).isEqualTo(classes[3]);
    assertThatThrownBy(() -> new TransportProblem(distance, null).classes(task, batch))
        .hasMessageContaining("has no classes");
  }

  @Test
  void otherObjectivesPrepareNoTransport() {
    assertThat(new SmallLearner().frozen().source().problem()).isNull();
  }
}
