package dev.mona.retention;

import dev.mona.finetuning.TaskStep;
import dev.mona.learner.FrozenModel;
import dev.mona.task.SampleBlock;
import dev.mona.tensor.InnerProduct;
import dev.mona.tensor.ParameterGroup;
import dev.mona.tensor.ParameterSet;
import dev.mona.tensor.Parameters;
import java.util.List;
import org.nd4j.linalg.api.buffer.DataType;

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
   * Measures L_outer of the pretrained encoder.
   *
   * @param retention holds the fixed source batches
   * @param batch the fixed target batch
   */
  public ForgettingGap(FrozenModel frozen, SourceRetention retention, SampleBlock batch) {
    this.frozen = frozen;
    this.retention = retention;
    this.batch = batch;
    parameters = frozen.network().zeros(DataType.FLOAT);
    gradient = parameters.zeros();
    moved = gradient.encoder().zerosLike();
    step = new TaskStep(frozen.network(), parameters);
    parameters.encoder().assign(frozen.pretrained().encoder());
    before = retention.outerLoss(parameters.encoder());
  }

  /** The gap for an embedder and a head. */
  public double measure(float[] embedder, float[] head) {
    parameters.embedder().assign(embedder);
    parameters.head().assign(head);
    gradient.encoder().vector().assign(0);
    step.addGradient(batch, parameters, List.of(ParameterGroup.ENCODER), 1, gradient);
    double norm = InnerProduct.norm(gradient.encoder().vector());
    double alpha = frozen.options().source().gapStep();
    gradient.encoder().vector().muli(norm > 0 ? -alpha / norm : 0, moved.vector());
    moved.vector().addi(parameters.encoder().vector());
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
