package dev.mona.metalearning;

import dev.mona.autodiff.Tape;
import dev.mona.autodiff.Variable;
import dev.mona.compute.Array;
import dev.mona.compute.Device;
import dev.mona.compute.Scalar;
import dev.mona.compute.Vectors;
import dev.mona.hypergradient.InnerProblem;
import dev.mona.hypergradient.MixedDerivative;
import dev.mona.hypergradient.MixedDerivative.Evaluation;
import dev.mona.hypergradient.MixedDerivative.Target;
import dev.mona.hypergradient.OuterProblem;
import dev.mona.metalearning.MetaStepOptions.HeadGradient;
import dev.mona.metalearning.VirtualPath.Direction;
import dev.mona.tensor.ParameterSet;
import dev.mona.tensor.Parameters;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/**
 * One meta-step of MoNA (Ma et al., ICML 2024, bilevel objective and its one-step expansion):
 *
 * <pre>
 *   g      = grad_theta L_inner(phi, h, theta_0)
 *   theta' = theta_0 - alpha g
 *   v      = grad_theta' L_outer(theta')
 *   d phi  = grad_phi [ L_inner - lambda alpha &lt;g, v&gt; ],   v held constant
 * </pre>
 *
 * <p>For S &gt; 1 virtual steps, and steps by Adam's diagonal, see {@link VirtualPath}. With {@link
 * Strength.Ratio} every virtual step has the direction of g and the length alpha, with 1/|g| held
 * constant.
 *
 * <p>On a held-out target batch, L_outer is a function of phi and h too, and lambda times its own
 * gradients at theta' are added.
 *
 * <p>With lambda or the ratio 0 the gradient is that of L_inner alone and nothing outer is computed
 * but what is measured.
 *
 * <p>Norms, rates and factors stay on the device: nothing here waits for it. Keeps its buffers: one
 * instance per thread.
 */
public final class MetaStep implements AutoCloseable {
  private final MetaStepOptions options;

  /** L_inner at theta_0, until its mixed term is added. */
  private final Tape startTape;

  /** One after the other: L_inner along the path, and L_outer. */
  private final Tape pathTape;

  private final MixedDerivative mixed;
  private final Vectors vectors;
  private final ParameterSet scratch;
  private final VirtualPath path;
  private final OuterEvaluation outerEvaluation;

  /**
   * Allocates the buffers of a step without state.
   *
   * @param options constants
   * @param like parameters whose layouts and device the buffers take
   */
  public MetaStep(MetaStepOptions options, ParameterSet like) {
    this(
        options,
        like,
        () -> {
          throw new IllegalStateException("a preconditioned step needs a state");
        });
  }

  /**
   * Allocates the buffers.
   *
   * @param options constants
   * @param like parameters whose layouts and device the buffers take
   * @param state {@code [stateLength(n)]} of {@link MetaStepOptions}, zeros before the first step;
   *     asked for only where there is one
   */
  public MetaStep(MetaStepOptions options, ParameterSet like, Supplier<Array> state) {
    Device device = like.encoder().device();
    this.options = options;
    startTape = new Tape(device);
    pathTape = new Tape(device);
    vectors = device.vectors();
    mixed = MixedDerivative.of(options.estimator(), like.encoder());
    scratch = like.zeros();
    path = new VirtualPath(options, pathTape, mixed, scratch, state);
    outerEvaluation = new OuterEvaluation(options.outer(), pathTape, like);
  }

  /** Starts an optimizer step, whose batches follow. Only a preconditioned step asks for it. */
  public void begin() {
    path.begin();
  }

  /** The optimizer step is taken: its gradients have been seen. */
  public void commit() {
    path.commit();
  }

  /**
   * Computes the gradient of the bilevel objective.
   *
   * @param inner the target batches: the one whose gradient is added, and behind it those of
   *     further virtual steps where the options say that each takes its own
   * @param outer what the outer objective is taken on, as the options say
   * @param at phi, theta_0, h
   * @param weight factor of everything that is added, the batch's share of its optimizer step
   * @param gradient where the gradients of embedder and head are added; its encoder part receives g
   */
  public MetaStepResult run(
      List<InnerProblem> inner,
      OuterSide outer,
      ParameterSet at,
      double weight,
      ParameterSet gradient) {
    require(inner, outer);
    Start start = start(inner.get(0), at, weight, gradient);
    Direction direction = path.direction(gradient.encoder(), start.gradientNorm, weight);
    Parameters there = path.unroll(inner, at, direction);
    OuterGradient found;
    if (outer instanceof OuterSide.Known known) {
      found = known.gradient();
    } else if (outer instanceof OuterSide.HeldOut heldOut) {
      ParameterSet moved = new ParameterSet(at.embedder(), there, at.head());
      found = outerEvaluation.onTarget(heldOut.batch(), moved);
    } else {
      found = outerEvaluation.onSource(((OuterSide.Source) outer).batches(), there);
    }
    return finish(start, direction, found, weight, gradient);
  }

  private void require(List<InnerProblem> inner, OuterSide outer) {
    if (inner.size() != options.point().batches()) {
      throw new IllegalArgumentException(
          "%s target batches in place of %s".formatted(inner.size(), options.point().batches()));
    }
    boolean heldOut = options.outer() instanceof OuterData.HeldOut;
    if (outer instanceof OuterSide.Source given
        && options.outer() instanceof OuterData.Source source
        && given.batches().size() != source.batches()) {
      throw new IllegalArgumentException(
          "%s source batches in place of %s".formatted(given.batches().size(), source.batches()));
    }
    if (outer instanceof OuterSide.Known && options.point().steps() > 0) {
      throw new IllegalStateException(
          "an outer gradient behind a virtual step serves its own target batch alone");
    }
    if (heldOut != (outer instanceof OuterSide.HeldOut)) {
      throw new IllegalArgumentException(outer + " is not what the options say: " + options);
    }
  }

  /** The same with one target batch for all virtual steps, and source batches. */
  public MetaStepResult run(
      InnerProblem inner,
      List<OuterProblem> outer,
      ParameterSet at,
      double weight,
      ParameterSet gradient) {
    return run(List.of(inner), new OuterSide.Source(outer), at, weight, gradient);
  }

  /** The same with one source batch. */
  public MetaStepResult run(
      InnerProblem inner,
      OuterProblem outer,
      ParameterSet at,
      double weight,
      ParameterSet gradient) {
    return run(inner, List.of(outer), at, weight, gradient);
  }

  /**
   * The same with an outer gradient that this step took at theta_0 before.
   *
   * @throws IllegalStateException where v depends on the target batch
   */
  public MetaStepResult run(
      InnerProblem inner,
      OuterGradient outer,
      ParameterSet at,
      double weight,
      ParameterSet gradient) {
    return run(List.of(inner), new OuterSide.Known(outer), at, weight, gradient);
  }

  /** L_inner at theta_0, with the norms of its gradients. */
  private record Start(
      Evaluation evaluation, Scalar loss, Scalar embedderNorm, Scalar gradientNorm) {}

  /** Adds the inner gradient of embedder and head; writes g. */
  private Start start(InnerProblem inner, ParameterSet at, double weight, ParameterSet gradient) {
    startTape.reset();
    Evaluation evaluation = Evaluation.record(inner, startTape, at);
    Scalar loss = evaluation.loss().scalar();
    clear(scratch.embedder(), scratch.head(), gradient.encoder());
    Map<Variable, Array> wrt = new HashMap<>();
    evaluation.leaves().embedder().collect(scratch.embedder(), wrt);
    evaluation.leaves().head().collect(scratch.head(), wrt);
    evaluation.leaves().encoder().collect(gradient.encoder(), wrt);
    if (options.strength().isNone()) {
      startTape.backward(evaluation.loss(), 1, wrt);
    } else {
      mixed.before(evaluation, wrt);
    }
    Scalar embedderNorm = norm(scratch.embedder());
    for (Parameters part : List.of(scratch.embedder(), scratch.head())) {
      vectors.scale(part.vector(), weight, part.vector());
    }
    add(scratch.embedder(), gradient.embedder());
    add(scratch.head(), gradient.head());
    return new Start(evaluation, loss, embedderNorm, norm(gradient.encoder()));
  }

  /** Adds what the outer objective says. */
  private MetaStepResult finish(
      Start start, Direction direction, OuterGradient outer, double weight, ParameterSet gradient) {
    Scalar cosine = cosine(direction, outer);
    Scalar ratio = Scalar.of(0);
    if (!options.strength().isNone()) {
      clear(scratch.embedder(), scratch.head());
      boolean head = options.headGradient() == HeadGradient.FULL;
      path.addMixed(start.evaluation, outer.v(), head ? Target.EMBEDDER_AND_HEAD : Target.EMBEDDER);
      if (options.outer() instanceof OuterData.HeldOut) {
        // the sum is subtracted times the rate
        Scalar over = vectors.ratio(Scalar.of(1), path.rate());
        subtract(outerEvaluation.direct().embedder(), over, scratch.embedder());
        subtract(outerEvaluation.direct().head(), over, scratch.head());
      }
      ratio = addScaled(gradient, path.rate(), start.embedderNorm, weight);
    }
    return new MetaStepResult(start.loss, outer, cosine, start.gradientNorm, ratio);
  }

  /** Adds the outer terms to the gradient; returns their norm over that of the inner gradient. */
  private Scalar addScaled(ParameterSet gradient, Scalar rate, Scalar innerNorm, double weight) {
    Scalar mixedNorm = norm(scratch.embedder());
    Scalar factor = options.strength().factor(vectors, rate, innerNorm, mixedNorm);
    Scalar weighted = vectors.times(factor, weight);
    subtract(scratch.embedder(), weighted, gradient.embedder());
    if (options.headGradient() == HeadGradient.FULL) {
      subtract(scratch.head(), weighted, gradient.head());
    }
    return vectors.ratio(vectors.product(factor, mixedNorm), innerNorm);
  }

  private void add(Parameters x, Parameters to) {
    vectors.add(to.vector(), x.vector(), to.vector());
  }

  /** {@code x = factor x}, then {@code from = from - x}. */
  private void subtract(Parameters x, Scalar factor, Parameters from) {
    vectors.scale(x.vector(), factor, x.vector());
    vectors.subtract(from.vector(), x.vector(), from.vector());
  }

  private Scalar norm(Parameters parameters) {
    return vectors.root(vectors.dot(parameters.vector(), parameters.vector()));
  }

  /** Between the virtual step but for its sign, and v; 0 where one of them vanishes. */
  private Scalar cosine(Direction direction, OuterGradient outer) {
    Scalar norms = vectors.product(direction.norm(), outer.norm());
    Scalar product = vectors.dot(direction.along().vector(), outer.v().vector());
    return vectors.ratio(product, norms);
  }

  private static void clear(Parameters... all) {
    for (Parameters parameters : all) {
      parameters.clear();
    }
  }

  /** Elements in the buffers: constant once warm. */
  public long allocated() {
    return startTape.arena().allocated() + pathTape.arena().allocated() + mixed.allocated();
  }

  @Override
  public void close() {
    startTape.close();
    pathTape.close();
    mixed.close();
    scratch.close();
    path.close();
    outerEvaluation.close();
  }
}
