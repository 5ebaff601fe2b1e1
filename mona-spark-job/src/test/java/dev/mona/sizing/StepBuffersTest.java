package dev.mona.sizing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mona.backbone.TextEncoder;
import dev.mona.embedder.EmbedderOptions;
import dev.mona.finetuning.TaskStep;
import dev.mona.learner.Stage;
import dev.mona.network.Network;
import dev.mona.task.SampleBlock;
import dev.mona.task.SampleShape;
import dev.mona.task.TaskKind;
import dev.mona.task.TaskSpec;
import dev.mona.tensor.ParameterSet;
import dev.mona.weights.TextEncoderConfig;
import dev.mona.weights.TextEncoderKind;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.nd4j.linalg.api.buffer.DataType;

/** The formula against the buffers of a real step, none of these shapes among those of the fit. */
class StepBuffersTest {
  private static final long SEED = 5;

  @ParameterizedTest
  // the last one is MiniLM's encoder with the batch and the tokens of the quickstart
  @CsvSource({
    "40, 2, 4, 160, 8, 36",
    "112, 1, 4, 112, 16, 22",
    "160, 5, 8, 640, 2, 72",
    "384, 6, 12, 1536, 32, 20"
  })
  void predictsWhatAStepAllocates(
      int width, int layers, int heads, int inner, int batch, int tokens) {
    TextEncoderConfig config =
        new TextEncoderConfig(
            TextEncoderKind.BERT, 50, width, layers, heads, inner, 128, 2, 1e-12, 0);
    TaskSpec task = TaskSpec.of("t", TaskKind.CLASSIFICATION, SampleShape.series(4, 3 * tokens), 3);
    Network network =
        Network.of(
            task,
            new EmbedderOptions(3, tokens, EmbedderOptions.Init.RANDOM),
            new TextEncoder(config));
    ParameterSet parameters = network.zeros(DataType.FLOAT);
    ParameterSet gradient = parameters.zeros();
    Random random = new Random(SEED);
    float[] features = new float[batch * task.featureLength()];
    for (int i = 0; i < features.length; i++) {
      features[i] = (float) random.nextGaussian();
    }
    SampleBlock block = new SampleBlock(ids(batch), features, new float[batch]);
    long measured;
    try (TaskStep step = new TaskStep(network, parameters)) {
      step.addGradient(block, parameters, Stage.FINETUNING.trained(), 1, gradient);
      measured = step.allocated();
    }
    assertThat(StepBuffers.of(new TextEncoder(config)).step(batch, tokens) / (double) measured)
        .as("computed over measured, %d measured", measured)
        .isBetween(0.87, 1.15);
  }

  private static long[] ids(int n) {
    long[] ids = new long[n];
    for (int i = 0; i < n; i++) {
      ids[i] = i;
    }
    return ids;
  }
}
