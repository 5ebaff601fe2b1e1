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
import dev.mona.nn.Leaves;
import dev.mona.objective.OuterLoss;
import dev.mona.tensor.ParameterSet;
import dev.mona.tensor.Parameters;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

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
 * <p>For S &gt; 1 virtual steps the same terms are added along the unrolled path, with {@code v_s =
 * v_{s+1} - alpha H_s v_{s+1}}. With {@link Strength.Ratio} every virtual step has the direction of
 * g and the length alpha, with 1/|g| held constant.
 *
 * <p>With lambda or the ratio 0 the gradient is that of L_inner alone and the mixed term is not
 * computed; what is measured stays.
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

  /** theta_1 .. theta_S; empty where v is taken at theta_0. */
  private final List<Parameters> path = new ArrayList<>();

  private final Parameters v;

  /** Of the second half of several source batches. */
  private final @Nullable Parameters half;

  /**
   * Allocates the buffers.
   *
   * @param options constants
   * @param like parameters whose layouts and device the buffers take
   */
  public MetaStep(MetaStepOptions options, ParameterSet like) {
    Device device = like.encoder().device();
    this.options = options;
    startTape = new Tape(device);
    pathTape = new Tape(device);
    vectors = device.vectors();
    mixed = MixedDerivative.of(options.estimator(), like.encoder());
    scratch = like.zeros();
    v = like.encoder().zerosLike();
    half = options.sourceBatches() > 1 ? like.encoder().zerosLike() : null;
    for (int s = 0; s < options.point().steps(); s++) {
      path.add(like.encoder().zerosLike());
    }
  }

  /**
   * Computes the gradient of the bilevel objective.
   *
   * @param inner the target batch
   * @param outer the source batches, as many as the options say
   * @param at phi, theta_0, h
   * @param weight factor of everything that is added
   * @param gradient where the gradients of embedder and head are added; its encoder part receives g
   */
  public MetaStepResult run(
      InnerProblem inner,
      List<OuterProblem> outer,
      ParameterSet at,
      double weight,
      ParameterSet gradient) {
    if (outer.size() != options.sourceBatches()) {
      throw new IllegalArgumentException(
          "%s source batches in place of %s".formatted(outer.size(), options.sourceBatches()));
    }
    Start start = start(inner, at, weight, gradient);
    List<Scalar> rates = new ArrayList<>();
    rates.add(options.strength().rate(vectors, start.gradientNorm));
    Parameters there = at.encoder();
    if (!path.isEmpty()) {
      unroll(inner, at, gradient.encoder(), rates);
      there = path.get(path.size() - 1);
    }
    return finish(start, outerGradient(outer, there), rates, weight, gradient);
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
    if (!path.isEmpty()) {
      throw new IllegalStateException(
          "an outer gradient behind a virtual step serves its own target batch alone");
    }
    Start start = start(inner, at, weight, gradient);
    List<Scalar> rates = List.of(options.strength().rate(vectors, start.gradientNorm));
    return finish(start, outer, rates, weight, gradient);
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

  /** Adds the mixed term. */
  private MetaStepResult finish(
      Start start, OuterGradient outer, List<Scalar> rates, double weight, ParameterSet gradient) {
    Scalar cosine = cosine(gradient.encoder(), start.gradientNorm, outer);
    Scalar ratio = Scalar.of(0);
    if (!options.strength().isNone()) {
      clear(scratch.embedder(), scratch.head());
      boolean head = options.headGradient() == HeadGradient.FULL;
      Target target = head ? Target.EMBEDDER_AND_HEAD : Target.EMBEDDER;
      addAlongPath(start.evaluation, outer.v(), rates, target);
      mixed.add(start.evaluation, outer.v(), target, scratch);
      ratio = addScaled(gradient, rates.get(0), start.embedderNorm, weight);
    }
    return new MetaStepResult(start.loss, outer, cosine, start.gradientNorm, ratio);
  }

  /** theta_1 .. theta_S into the path and their rates; g at theta_0 and its rate are known. */
  private void unroll(InnerProblem inner, ParameterSet at, Parameters g, List<Scalar> rates) {
    Parameters theta = at.encoder();
    Parameters slope = g;
    for (int s = 0; s < path.size(); s++) {
      if (s > 0) {
        slope = scratch.encoder();
        clear(slope);
        pathTape.reset();
        ParameterSet there = new ParameterSet(at.embedder(), theta, at.head());
        Evaluation evaluation = Evaluation.record(inner, pathTape, there);
        Map<Variable, Array> wrt = new HashMap<>();
        evaluation.leaves().encoder().collect(slope, wrt);
        pathTape.backward(evaluation.loss(), 1, wrt);
        rates.add(options.strength().rate(vectors, norm(slope)));
      }
      Parameters next = path.get(s);
      vectors.scale(slope.vector(), vectors.times(rates.get(s), -1), next.vector());
      add(theta, next);
      theta = next;
    }
  }

  private OuterGradient outerGradient(List<OuterProblem> outer, Parameters theta) {
    double weight = 1.0 / outer.size();
    Map<String, Scalar> parts = new LinkedHashMap<>();
    clear(v);
    Scalar agreement = null;
    if (outer.size() == 1) {
      addOuterGradient(outer.get(0), theta, weight, v, parts);
    } else {
      Parameters other = otherHalf();
      clear(other);
      for (int i = 0; i < outer.size(); i++) {
        Parameters half = i < outer.size() / 2 ? v : other;
        addOuterGradient(outer.get(i), theta, weight, half, parts);
      }
      Scalar product = vectors.dot(v.vector(), other.vector());
      agreement = vectors.ratio(product, vectors.product(norm(v), norm(other)));
      add(other, v);
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
    pathTape.reset();
    Leaves leaves = Leaves.of(pathTape, theta);
    OuterLoss loss = outer.record(pathTape, leaves);
    Map<Variable, Array> wrt = new HashMap<>();
    leaves.collect(to, wrt);
    pathTape.backward(loss.total(), weight, wrt);
    new TreeMap<>(loss.parts())
        .forEach(
            (name, part) ->
                parts.merge(name, share(part.scalar(), weight), (a, b) -> vectors.sum(a, b)));
  }

  /** A scalar of its own, also where the tape's is used again. */
  private Scalar share(Scalar part, double weight) {
    return weight == 1 ? part : vectors.times(part, weight);
  }

  /** Terms of the steps after the first, last one first; leaves {@code v_1} in v. */
  private void addAlongPath(Evaluation start, Parameters v, List<Scalar> rates, Target target) {
    ParameterSet at = start.at();
    for (int s = rates.size() - 1; s > 0; s--) {
      ParameterSet there = new ParameterSet(at.embedder(), path.get(s - 1), at.head());
      pathTape.reset();
      clear(scratch.encoder());
      Evaluation evaluation = Evaluation.record(start.problem(), pathTape, there);
      // the sum is scaled by the first rate at the end
      Scalar relative = vectors.ratio(rates.get(s), rates.get(0));
      vectors.scale(v.vector(), relative, v.vector());
      mixed.add(evaluation, v, Target.ALL, scratch);
      if (target == Target.EMBEDDER) {
        clear(scratch.head());
      }
      vectors.scale(v.vector(), vectors.ratio(Scalar.of(1), relative), v.vector());
      subtract(scratch.encoder(), rates.get(0), v);
    }
  }

  /** Adds the mixed term to the gradient; returns its norm over that of the inner gradient. */
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

  /** cos(g, v); 0 where one of them vanishes. */
  private Scalar cosine(Parameters g, Scalar gradientNorm, OuterGradient outer) {
    Scalar norms = vectors.product(gradientNorm, outer.norm());
    return vectors.ratio(vectors.dot(g.vector(), outer.v().vector()), norms);
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
    v.close();
    if (half != null) {
      half.close();
    }
    path.forEach(Parameters::close);
  }
}
