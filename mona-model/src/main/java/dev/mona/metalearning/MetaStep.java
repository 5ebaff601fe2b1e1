package dev.mona.metalearning;

import dev.mona.autodiff.Tape;
import dev.mona.autodiff.Variable;
import dev.mona.hypergradient.Estimator;
import dev.mona.hypergradient.ExactMixedDerivative;
import dev.mona.hypergradient.FiniteDifference;
import dev.mona.hypergradient.InnerProblem;
import dev.mona.hypergradient.MixedDerivative;
import dev.mona.hypergradient.MixedDerivative.Evaluation;
import dev.mona.hypergradient.MixedDerivative.Target;
import dev.mona.hypergradient.OuterProblem;
import dev.mona.nn.Leaves;
import dev.mona.objective.OuterLoss;
import dev.mona.tensor.InnerProduct;
import dev.mona.tensor.ParameterSet;
import dev.mona.tensor.Parameters;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

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
 * v_{s+1} - alpha H_s v_{s+1}}. In normalised mode every virtual step has the direction of g and
 * the length alpha, with 1/|g| held constant.
 *
 * <p>With lambda or the ratio 0 the gradient is that of L_inner alone and the mixed term is not
 * computed; what is measured stays.
 *
 * <p>Keeps its buffers: one instance per thread.
 */
public final class MetaStep implements AutoCloseable {
  /** Keeps a vanished gradient from dividing by zero. */
  private static final double TINY = 1e-30;

  private final MetaStepOptions options;
  private final Tape innerTape;
  private final Tape outerTape;
  private final MixedDerivative mixed;
  private final ParameterSet scratch;
  private final List<Parameters> path = new ArrayList<>();
  private final Parameters v;
  private double outerNorm;
  private Map<String, Double> outerParts = Map.of();

  /**
   * Allocates the buffers.
   *
   * @param options constants
   * @param like parameters whose layouts and type the buffers take
   */
  public MetaStep(MetaStepOptions options, ParameterSet like) {
    DataType type = like.encoder().vector().dataType();
    this.options = options;
    innerTape = new Tape(type);
    outerTape = new Tape(type);
    mixed =
        options.estimator() == Estimator.FINITE_DIFFERENCE
            ? new FiniteDifference(like.encoder())
            : new ExactMixedDerivative();
    scratch = like.zeros();
    v = like.encoder().zerosLike();
    for (int s = 0; s < options.innerSteps(); s++) {
      path.add(like.encoder().zerosLike());
    }
  }

  /**
   * Computes the gradient of the bilevel objective.
   *
   * @param inner the target batch
   * @param outer the source batch
   * @param at phi, theta_0, h
   * @param reuse whether the outer gradient of the last call is to be used again (gradient
   *     alignment)
   * @param weight factor of everything that is added
   * @param gradient where the gradients of embedder and head are added; its encoder part receives g
   */
  public MetaStepResult run(
      InnerProblem inner,
      OuterProblem outer,
      ParameterSet at,
      boolean reuse,
      double weight,
      ParameterSet gradient) {
    innerTape.reset();
    Evaluation first = Evaluation.record(inner, innerTape, at);
    double innerLoss = first.loss().scalar();
    clear(scratch.embedder(), scratch.head(), gradient.encoder());
    Map<Variable, INDArray> wrt = new HashMap<>();
    first.leaves().embedder().collect(scratch.embedder(), wrt);
    first.leaves().head().collect(scratch.head(), wrt);
    first.leaves().encoder().collect(gradient.encoder(), wrt);
    innerTape.backward(first.loss(), 1, wrt);
    double innerNorm = norm(scratch.embedder());
    for (Parameters part : List.of(scratch.embedder(), scratch.head())) {
      part.vector().muli(weight);
    }
    gradient.embedder().vector().addi(scratch.embedder().vector());
    gradient.head().vector().addi(scratch.head().vector());
    double gradientNorm = norm(gradient.encoder());

    double[] rates = new double[options.innerSteps()];
    rates[0] = rate(gradientNorm);
    boolean alignment = options.estimator() == Estimator.GRADIENT_ALIGNMENT;
    if (!alignment) {
      unroll(inner, at, gradient.encoder(), rates);
      outerGradient(outer, path.get(path.size() - 1));
    } else if (!reuse) {
      outerGradient(outer, at.encoder());
    }
    double cosine = cosine(gradient.encoder(), gradientNorm);
    if (options.strength() == 0) {
      return new MetaStepResult(innerLoss, outerParts, cosine, gradientNorm, outerNorm, 0);
    }

    clear(scratch.embedder(), scratch.head());
    Target target = options.headMixed() ? Target.EMBEDDER_AND_HEAD : Target.EMBEDDER;
    if (!alignment) {
      addAlongPath(inner, at, rates, target);
    }
    mixed.add(first, v, target, scratch);
    double ratio = addScaled(gradient, rates[0], innerNorm, weight);
    return new MetaStepResult(innerLoss, outerParts, cosine, gradientNorm, outerNorm, ratio);
  }

  /** Factor of g in a virtual step. */
  private double rate(double gradientNorm) {
    return options.normalized() ? options.alpha() / Math.max(gradientNorm, TINY) : options.alpha();
  }

  /** theta_1 .. theta_S into the path; g at theta_0 is known. */
  private void unroll(InnerProblem inner, ParameterSet at, Parameters g, double[] rates) {
    Parameters theta = at.encoder();
    Parameters slope = g;
    for (int s = 0; s < rates.length; s++) {
      if (s > 0) {
        slope = scratch.encoder();
        clear(slope);
        outerTape.reset();
        ParameterSet there = new ParameterSet(at.embedder(), theta, at.head());
        Evaluation evaluation = Evaluation.record(inner, outerTape, there);
        Map<Variable, INDArray> wrt = new HashMap<>();
        evaluation.leaves().encoder().collect(slope, wrt);
        outerTape.backward(evaluation.loss(), 1, wrt);
        rates[s] = rate(norm(slope));
      }
      Parameters next = path.get(s);
      slope.vector().muli(-rates[s], next.vector());
      next.vector().addi(theta.vector());
      theta = next;
    }
  }

  private void outerGradient(OuterProblem outer, Parameters theta) {
    outerTape.reset();
    Leaves leaves = Leaves.of(outerTape, theta);
    OuterLoss loss = outer.record(outerTape, leaves);
    clear(v);
    Map<Variable, INDArray> wrt = new HashMap<>();
    leaves.collect(v, wrt);
    outerTape.backward(loss.total(), 1, wrt);
    outerNorm = norm(v);
    Map<String, Double> parts = new LinkedHashMap<>();
    new TreeMap<>(loss.parts()).forEach((name, part) -> parts.put(name, part.scalar()));
    outerParts = parts;
  }

  /** Terms of the steps after the first, last one first; leaves {@code v_1} in v. */
  private void addAlongPath(InnerProblem inner, ParameterSet at, double[] rates, Target target) {
    for (int s = rates.length - 1; s > 0; s--) {
      ParameterSet there = new ParameterSet(at.embedder(), path.get(s - 1), at.head());
      outerTape.reset();
      clear(scratch.encoder());
      Evaluation evaluation = Evaluation.record(inner, outerTape, there);
      // the sum is scaled by rates[0] at the end
      double relative = rates[s] / rates[0];
      v.vector().muli(relative);
      mixed.add(evaluation, v, Target.ALL, scratch);
      if (target == Target.EMBEDDER) {
        clear(scratch.head());
      }
      v.vector().muli(1 / relative);
      scratch.encoder().vector().muli(rates[0]);
      v.vector().subi(scratch.encoder().vector());
    }
  }

  /** Adds the mixed term to the gradient; returns its norm over that of the inner gradient. */
  private double addScaled(ParameterSet gradient, double rate, double innerNorm, double weight) {
    double mixedNorm = norm(scratch.embedder());
    double factor = options.strength() * rate;
    if (options.normalized()) {
      factor = mixedNorm > 0 ? options.strength() * innerNorm / mixedNorm : 0;
    }
    scratch.embedder().vector().muli(factor * weight);
    gradient.embedder().vector().subi(scratch.embedder().vector());
    if (options.headMixed()) {
      scratch.head().vector().muli(factor * weight);
      gradient.head().vector().subi(scratch.head().vector());
    }
    return innerNorm > 0 ? factor * mixedNorm / innerNorm : 0;
  }

  private static double norm(Parameters parameters) {
    return InnerProduct.norm(parameters.vector());
  }

  /** cos(g, v); 0 where one of them vanishes. */
  private double cosine(Parameters g, double gradientNorm) {
    double norms = gradientNorm * outerNorm;
    return norms > 0 ? InnerProduct.of(g.vector(), v.vector()) / norms : 0;
  }

  private static void clear(Parameters... all) {
    for (Parameters parameters : all) {
      parameters.vector().assign(0);
    }
  }

  /** Elements in the buffers: constant once warm. */
  public long allocated() {
    return innerTape.arena().allocated() + outerTape.arena().allocated() + mixed.allocated();
  }

  @Override
  public void close() {
    innerTape.close();
    outerTape.close();
    mixed.close();
    scratch.close();
    v.close();
    path.forEach(Parameters::close);
  }
}
