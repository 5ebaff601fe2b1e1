package dev.mona.metalearning;

import dev.mona.autodiff.Tape;
import dev.mona.autodiff.Variable;
import dev.mona.compute.Array;
import dev.mona.compute.Scalar;
import dev.mona.compute.Vectors;
import dev.mona.hypergradient.InnerProblem;
import dev.mona.hypergradient.MixedDerivative.Evaluation;
import dev.mona.hypergradient.OuterProblem;
import dev.mona.nn.Leaves;
import dev.mona.objective.OuterLoss;
import dev.mona.tensor.ParameterSet;
import dev.mona.tensor.Parameters;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Takes outer gradients, on source batches or on a held-out target batch. Keeps its buffers. */
final class OuterEvaluation implements AutoCloseable {
  /** Name of the loss of the held-out target batch. */
  private static final String HELD_OUT = "held_out_loss";

  private final Tape tape;
  private final Vectors vectors;
  private final Parameters v;

  /** Of the second half of several source batches. */
  private final @Nullable Parameters half;

  /** What a held-out batch says of embedder and head directly; its encoder part is v. */
  private final @Nullable ParameterSet direct;

  OuterEvaluation(OuterData data, Tape tape, ParameterSet like) {
    this.tape = tape;
    vectors = like.encoder().device().vectors();
    v = like.encoder().zerosLike();
    boolean several = data instanceof OuterData.Source source && source.batches() > 1;
    half = several ? like.encoder().zerosLike() : null;
    direct =
        data instanceof OuterData.HeldOut
            ? new ParameterSet(like.embedder().zerosLike(), v, like.head().zerosLike())
            : null;
  }

  /** The mean over source batches. */
  OuterGradient onSource(List<OuterProblem> outer, Parameters theta) {
    double weight = 1.0 / outer.size();
    Map<String, Scalar> parts = new LinkedHashMap<>();
    v.clear();
    Scalar agreement = null;
    if (outer.size() == 1) {
      addOuterGradient(outer.get(0), theta, weight, v, parts);
    } else {
      Parameters other = otherHalf();
      other.clear();
      for (int i = 0; i < outer.size(); i++) {
        Parameters half = i < outer.size() / 2 ? v : other;
        addOuterGradient(outer.get(i), theta, weight, half, parts);
      }
      Scalar product = vectors.dot(v.vector(), other.vector());
      agreement = vectors.ratio(product, vectors.product(norm(v), norm(other)));
      vectors.add(v.vector(), other.vector(), v.vector());
    }
    return new OuterGradient(v, norm(v), parts, agreement);
  }

  private Parameters otherHalf() {
    if (half == null) {
      throw new IllegalStateException("the options of this step have one source batch");
    }
    return half;
  }

  /** Adds a share of the gradient and of the parts of the loss on one source batch. */
  private void addOuterGradient(
      OuterProblem outer,
      Parameters theta,
      double weight,
      Parameters to,
      Map<String, Scalar> parts) {
    tape.reset();
    Leaves leaves = Leaves.of(tape, theta);
    OuterLoss loss = outer.record(tape, leaves);
    Map<Variable, Array> wrt = new HashMap<>();
    leaves.collect(to, wrt);
    tape.backward(loss.total(), weight, wrt);
    new TreeMap<>(loss.parts())
        .forEach(
            (name, part) ->
                parts.merge(name, share(part.scalar(), weight), (a, b) -> vectors.sum(a, b)));
  }

  /** A scalar of its own, also where the tape's is used again. */
  private Scalar share(Scalar part, double weight) {
    return weight == 1 ? part : vectors.times(part, weight);
  }

  /** On a held-out target batch, whose direct gradients of embedder and head are kept. */
  OuterGradient onTarget(InnerProblem heldOut, ParameterSet there) {
    ParameterSet to = direct();
    to.embedder().clear();
    to.encoder().clear();
    to.head().clear();
    tape.reset();
    Evaluation evaluation = Evaluation.record(heldOut, tape, there);
    Map<Variable, Array> wrt = new HashMap<>();
    evaluation.leaves().embedder().collect(to.embedder(), wrt);
    evaluation.leaves().encoder().collect(to.encoder(), wrt);
    evaluation.leaves().head().collect(to.head(), wrt);
    tape.backward(evaluation.loss(), 1, wrt);
    Map<String, Scalar> parts = Map.of(HELD_OUT, evaluation.loss().scalar());
    return new OuterGradient(v, norm(v), parts, null);
  }

  /** The gradient of the loss of the held-out batch, all at the end of the path. */
  ParameterSet direct() {
    if (direct == null) {
      throw new IllegalStateException("the options of this step have source batches");
    }
    return direct;
  }

  private Scalar norm(Parameters parameters) {
    return vectors.root(vectors.dot(parameters.vector(), parameters.vector()));
  }

  @Override
  public void close() {
    v.close();
    if (half != null) {
      half.close();
    }
    if (direct != null) {
      direct.close();
    }
  }
}
