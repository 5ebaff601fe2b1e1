package dev.mona.learner;

import dev.mona.compute.Scalar;
import dev.mona.finetuning.TaskStep;
import dev.mona.hypergradient.InnerProblem;
import dev.mona.metalearning.MetaStep;
import dev.mona.metalearning.MetaStepResult;
import dev.mona.metalearning.OuterData;
import dev.mona.metalearning.OuterGradient;
import dev.mona.metalearning.OuterSide;
import dev.mona.network.Network;
import dev.mona.nn.Dropout;
import dev.mona.task.SampleBlock;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Gradients of the alignment stage: of the bilevel objective, or of the transport distance. Makes
 * its buffers when it is first used, and keeps them.
 */
final class AlignmentStep implements AutoCloseable {
  private final FrozenModel frozen;
  private final LocalModel model;
  private final SourceObjective source;
  private @Nullable MetaStep metaStep;
  private @Nullable TransportStep transportStep;

  /**
   * A step on a learner's parameters.
   *
   * @param model receives the gradients
   * @param source objectives of the source batches
   */
  AlignmentStep(FrozenModel frozen, LocalModel model, SourceObjective source) {
    this.frozen = frozen;
    this.model = model;
    this.source = source;
  }

  /**
   * Whether a batch needs an outer gradient of its own.
   *
   * @param step optimizer steps of the round before this one
   * @param first whether it is the first batch of its step
   */
  boolean takesOuterAnew(int step, boolean first) {
    return !(frozen.options().plan().alignment() instanceof Alignment.Bilevel bilevel)
        || bilevel.step().point().anew(step, first);
  }

  /**
   * Adds {@code weight} times the gradient of a batch.
   *
   * @param k local steps of the round before it
   * @param known outer gradient that it takes; null for one of its own
   * @param beside the batches beside it, as many as the alignment asks for
   * @return the outer gradient behind it; null where the alignment has none
   */
  @Nullable OuterGradient addGradient(
      RoundWork work,
      int k,
      @Nullable OuterGradient known,
      SampleBlock batch,
      List<SampleBlock> beside,
      double weight,
      Measured measured) {
    if (frozen.options().plan().alignment() instanceof Alignment.Bilevel bilevel) {
      return addMetaGradient(bilevel, work, k, known, batch, beside, weight, measured);
    }
    Scalar distance = transportStep().addGradient(batch, model.parameters, weight, model.gradient);
    measured.add(MonaLearner.LOSS, distance, batch.size());
    return null;
  }

  private OuterGradient addMetaGradient(
      Alignment.Bilevel bilevel,
      RoundWork work,
      int k,
      @Nullable OuterGradient known,
      SampleBlock batch,
      List<SampleBlock> beside,
      double weight,
      Measured measured) {
    List<InnerProblem> inner = new ArrayList<>();
    inner.add(problem(batch));
    beside.forEach(other -> inner.add(problem(other)));
    OuterSide side;
    if (known != null) {
      side = new OuterSide.Known(known);
    } else if (bilevel.step().outer() instanceof OuterData.Source data) {
      side = new OuterSide.Source(source.of(work, k, data.batches()));
    } else {
      side = new OuterSide.HeldOut(inner.remove(inner.size() - 1));
    }
    MetaStepResult result =
        metaStep(bilevel).run(inner, side, model.parameters, weight, model.gradient);
    OuterGradient outer = result.outer();
    measured.add(MonaLearner.LOSS, result.innerLoss(), batch.size());
    outer.measures().forEach((name, value) -> measured.add(name, value, 1));
    measured.add("cosine", result.cosine(), 1);
    measured.add("inner_gradient_norm", result.gradientNorm(), 1);
    measured.add("outer_gradient_norm", outer.norm(), 1);
    measured.add("mixed_ratio", result.ratio(), 1);
    return outer;
  }

  private InnerProblem problem(SampleBlock batch) {
    Network network = frozen.network();
    return (tape, parameters) -> TaskStep.loss(network, tape, parameters, batch, Dropout.NONE);
  }

  /** Starts an optimizer step. */
  void begin() {
    if (metaStep != null) {
      metaStep.begin();
    }
  }

  /** The optimizer step is taken. */
  void commit() {
    if (metaStep != null) {
      metaStep.commit();
    }
  }

  private MetaStep metaStep(Alignment.Bilevel bilevel) {
    MetaStep step = metaStep;
    if (step == null) {
      step = new MetaStep(bilevel.step(), model.parameters, model::encoderMoments);
      metaStep = step;
    }
    return step;
  }

  private TransportStep transportStep() {
    TransportStep step = transportStep;
    if (step == null) {
      step = new TransportStep(frozen.network(), frozen.source().transport(), model.parameters);
      transportStep = step;
    }
    return step;
  }

  /** Elements in the buffers: constant once warm. */
  long allocated() {
    MetaStep meta = metaStep;
    TransportStep transport = transportStep;
    return (meta == null ? 0 : meta.allocated()) + (transport == null ? 0 : transport.allocated());
  }

  @Override
  public void close() {
    if (metaStep != null) {
      metaStep.close();
    }
    if (transportStep != null) {
      transportStep.close();
    }
  }
}
