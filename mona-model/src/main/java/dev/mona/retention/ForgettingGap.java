package dev.mona.retention;

import dev.mona.compute.Array;
import dev.mona.compute.Vectors;
import dev.mona.finetuning.TaskStep;
import dev.mona.learner.FrozenModel;
import dev.mona.task.SampleBlock;
import dev.mona.tensor.ParameterGroup;
import dev.mona.tensor.ParameterSet;
import dev.mona.tensor.Parameters;
import java.util.List;

/**
 * How much a target step would harm the source: {@code L_outer(theta_0 - alpha g / |g|) -
 * L_outer(theta_0)}, with g the encoder's gradient on a fixed target batch. The best low-noise sign
 * that alignment works: it falls while the embedder is aligned.
 */
public final class ForgettingGap implements AutoCloseable {
  private final FrozenModel frozen;
  private final SourceRetention retention;
  private final SampleBlock batch;
  private final ParameterSet parameters;
  private final ParameterSet gradient;
  private final Parameters moved;
  private final TaskStep step;
  private final double before;

  /**
   * A gap to L_outer of the pretrained encoder.
   *
   * @param retention holds the fixed source batches
   * @param batch the fixed target batch
   */
  public ForgettingGap(FrozenModel frozen, SourceRetention retention, SampleBlock batch) {
    this.frozen = frozen;
    this.retention = retention;
    this.batch = batch;
    parameters = frozen.network().zeros(retention.device());
    gradient = parameters.zeros();
    moved = gradient.encoder().zerosLike();
    step = new TaskStep(frozen.network(), parameters);
    parameters.encoder().assign(frozen.pretrained().encoder());
    before = retention.pretrained().outerLoss();
  }

  /** The gap for an embedder and a head. */
  public double measure(float[] embedder, float[] head) {
    parameters.embedder().assign(embedder);
    parameters.head().assign(head);
    gradient.encoder().clear();
    step.addGradient(batch, parameters, List.of(ParameterGroup.ENCODER), 1, gradient);
    Array g = gradient.encoder().vector();
    Vectors vectors = retention.device().vectors();
    double norm = Math.sqrt(vectors.dot(g, g).value());
    double alpha = frozen.options().source().gapStep();
    vectors.scale(g, norm > 0 ? -alpha / norm : 0, moved.vector());
    vectors.add(moved.vector(), parameters.encoder().vector(), moved.vector());
    return retention.outerLoss(moved) - before;
  }

  @Override
  public void close() {
    step.close();
    parameters.close();
    gradient.close();
    moved.close();
  }
}
