package dev.mona.metalearning;

import dev.mona.autodiff.Tape;
import dev.mona.autodiff.Variable;
import dev.mona.compute.Array;
import dev.mona.compute.Scalar;
import dev.mona.compute.Vectors;
import dev.mona.hypergradient.InnerProblem;
import dev.mona.hypergradient.MixedDerivative;
import dev.mona.hypergradient.MixedDerivative.Evaluation;
import dev.mona.hypergradient.MixedDerivative.Target;
import dev.mona.tensor.ParameterSet;
import dev.mona.tensor.Parameters;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The virtual steps of a meta-step and what they add to its gradient,
 *
 * <pre>
 *   theta_{s+1} = theta_s - a_s D g_s            v_s = v_{s+1} - a_s H_s D v_{s+1}
 * </pre>
 *
 * <p>with D the identity, or Adam's diagonal, made of the first batch's g for the whole path. D and
 * the rates are constants of the derivative. Where no step is taken, since v is taken at theta_0,
 * it still says where one would go.
 */
final class VirtualPath implements AutoCloseable {
  private final MetaStepOptions options;
  private final Tape tape;
  private final MixedDerivative mixed;
  private final Vectors vectors;
  private final ParameterSet scratch;

  /** theta_1 .. theta_S. */
  private final List<Parameters> path = new ArrayList<>();

  private final @Nullable Preconditioner preconditioner;

  /** {@code D g}, and later {@code D v}; null without a diagonal. */
  private final @Nullable Parameters scaled;

  private final Supplier<Array> state;
  private final List<Scalar> rates = new ArrayList<>();
  private List<InnerProblem> inner = List.of();

  /**
   * Allocates the points of the path.
   *
   * @param tape for the inner loss along it
   * @param scratch overwritten in its encoder part; its other parts collect what is added
   * @param state of the diagonal, asked for only where there is one
   */
  VirtualPath(
      MetaStepOptions options,
      Tape tape,
      MixedDerivative mixed,
      ParameterSet scratch,
      Supplier<Array> state) {
    this.options = options;
    this.tape = tape;
    this.mixed = mixed;
    this.scratch = scratch;
    this.state = state;
    Parameters encoder = scratch.encoder();
    vectors = encoder.device().vectors();
    for (int s = 0; s < options.point().steps(); s++) {
      path.add(encoder.zerosLike());
    }
    Preconditioning by = options.virtual().preconditioning();
    preconditioner = by == null ? null : new Preconditioner(by, tape.kernels(), encoder);
    scaled = by == null ? null : encoder.zerosLike();
  }

  /** Starts an optimizer step. */
  void begin() {
    if (preconditioner != null) {
      preconditioner.begin();
    }
  }

  /** The optimizer step is taken. */
  void commit() {
    if (preconditioner != null) {
      preconditioner.commit(state.get());
    }
  }

  /**
   * The direction of the first step.
   *
   * @param g gradient of the first batch at theta_0
   * @param gradientNorm its norm
   * @param weight of the batch in its optimizer step
   */
  Direction direction(Parameters g, Scalar gradientNorm, double weight) {
    if (preconditioner == null || scaled == null) {
      return new Direction(g, gradientNorm);
    }
    preconditioner.see(state.get(), g.vector(), weight);
    preconditioner.apply(g.vector(), scaled.vector());
    return new Direction(scaled, norm(scaled));
  }

  /**
   * Where a step goes, but for its sign.
   *
   * @param along {@code D g}
   * @param norm its norm
   */
  record Direction(Parameters along, Scalar norm) {}

  /**
   * Takes the steps.
   *
   * @param inner the loss of each, or one for all
   * @param first direction of the first
   * @return where they end
   */
  Parameters unroll(List<InnerProblem> inner, ParameterSet at, Direction first) {
    this.inner = inner;
    rates.clear();
    rates.add(options.strength().rate(vectors, first.norm()));
    Parameters theta = at.encoder();
    Parameters along = first.along();
    for (int s = 0; s < path.size(); s++) {
      if (s > 0) {
        along = scratch.encoder();
        along.clear();
        tape.reset();
        Evaluation evaluation = evaluation(at, theta, s);
        Map<Variable, Array> wrt = new HashMap<>();
        evaluation.leaves().encoder().collect(along, wrt);
        tape.backward(evaluation.loss(), 1, wrt);
        if (preconditioner != null) {
          preconditioner.apply(along.vector(), along.vector());
        }
        rates.add(options.strength().rate(vectors, norm(along)));
      }
      Parameters next = path.get(s);
      vectors.scale(along.vector(), vectors.times(rates.get(s), -1), next.vector());
      vectors.add(next.vector(), theta.vector(), next.vector());
      theta = next;
    }
    return theta;
  }

  private Evaluation evaluation(ParameterSet at, Parameters theta, int step) {
    InnerProblem problem = inner.get(Math.min(step, inner.size() - 1));
    return Evaluation.record(problem, tape, new ParameterSet(at.embedder(), theta, at.head()));
  }

  /** Of the first step. */
  Scalar rate() {
    return rates.get(0);
  }

  /**
   * Adds the mixed terms of all steps, last one first, each over {@link #rate()}, to embedder and
   * head of the scratch.
   *
   * @param start L_inner at theta_0, still on its tape
   * @param v at the end of the path; several steps leave {@code v_1} in it
   */
  void addMixed(Evaluation start, Parameters v, Target target) {
    for (int s = rates.size() - 1; s > 0; s--) {
      tape.reset();
      scratch.encoder().clear();
      Evaluation evaluation = evaluation(start.at(), path.get(s - 1), s);
      // the sum is scaled by the first rate at the end
      Scalar relative = vectors.ratio(rates.get(s), rates.get(0));
      Parameters along = preconditioned(v);
      vectors.scale(along.vector(), relative, along.vector());
      mixed.add(evaluation, along, Target.ALL, scratch);
      if (target == Target.EMBEDDER) {
        scratch.head().clear();
      }
      if (along == v) {
        vectors.scale(v.vector(), vectors.ratio(Scalar.of(1), relative), v.vector());
      }
      Array curved = scratch.encoder().vector();
      vectors.scale(curved, rates.get(0), curved);
      vectors.subtract(v.vector(), curved, v.vector());
    }
    mixed.add(start, preconditioned(v), target, scratch);
  }

  /** {@code D v}; v itself without a diagonal. */
  private Parameters preconditioned(Parameters v) {
    if (preconditioner == null || scaled == null) {
      return v;
    }
    preconditioner.apply(v.vector(), scaled.vector());
    return scaled;
  }

  private Scalar norm(Parameters parameters) {
    return vectors.root(vectors.dot(parameters.vector(), parameters.vector()));
  }

  @Override
  public void close() {
    path.forEach(Parameters::close);
    if (preconditioner != null) {
      preconditioner.close();
    }
    if (scaled != null) {
      scaled.close();
    }
  }
}
