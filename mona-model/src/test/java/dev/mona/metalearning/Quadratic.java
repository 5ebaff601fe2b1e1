package dev.mona.metalearning;

import dev.mona.autodiff.DerivativeCheck;
import dev.mona.autodiff.Variable;
import dev.mona.compute.TestDevice;
import dev.mona.compute.Values;
import dev.mona.hypergradient.InnerProblem;
import dev.mona.hypergradient.OuterProblem;
import dev.mona.objective.OuterLoss;
import dev.mona.tensor.ParameterLayout;
import dev.mona.tensor.ParameterSet;
import dev.mona.tensor.Parameters;
import java.util.Map;
import java.util.Random;

/** L_inner = |A phi + B theta - y|^2 / 2 and L_outer = |C theta - z|^2 / 2 in ten dimensions. */
final class Quadratic {
  static final int N = 10;
  final Values a;
  final Values b;
  final Values c;
  final Values y;
  final Values z;
  final Values phi;
  final Values theta;

  Quadratic(long seed) {
    Random random = new Random(seed);
    a = Values.gaussian(random, N, N);
    b = Values.gaussian(random, N, N).times(0.3);
    c = Values.gaussian(random, N, N);
    y = Values.gaussian(random, N, 1);
    z = Values.gaussian(random, N, 1);
    phi = Values.gaussian(random, N, 1);
    theta = Values.gaussian(random, N, 1);
  }

  InnerProblem inner() {
    return (tape, p) -> {
      Variable left = DerivativeCheck.leaf(tape, a).matmul(p.embedder().get("phi"), false, false);
      Variable right = DerivativeCheck.leaf(tape, b).matmul(p.encoder().get("theta"), false, false);
      return halfSquare(left.add(right).subtract(DerivativeCheck.leaf(tape, y)));
    };
  }

  OuterProblem outer() {
    return (tape, encoder) -> {
      Variable image = DerivativeCheck.leaf(tape, c).matmul(encoder.get("theta"), false, false);
      return new OuterLoss(halfSquare(image.subtract(DerivativeCheck.leaf(tape, z))), Map.of());
    };
  }

  Values slope(Values at) {
    return times(transposed(b), residual(at));
  }

  /** The gradient of L_inner by phi. */
  Values innerGradient() {
    return times(transposed(a), residual(theta));
  }

  Values residual(Values at) {
    return times(a, phi).plus(1, times(b, at)).plus(-1, y);
  }

  Values outerSlope(Values at) {
    return times(transposed(c), times(c, at).plus(-1, z));
  }

  /** Closed form of the hypergradient for S plain virtual steps. */
  Values expected(int steps, double alpha, double lambda) {
    return expected(steps, alpha, lambda, Values.all(1, N, 1));
  }

  /** The same for steps that a constant diagonal scales. */
  Values expected(int steps, double alpha, double lambda, Values diagonal) {
    Values at = theta;
    for (int s = 0; s < steps; s++) {
      at = at.plus(-alpha, scaled(diagonal, slope(at)));
    }
    Values v = outerSlope(at);
    Values mixed = phi.times(0);
    for (int s = 0; s < steps; s++) {
      Values along = scaled(diagonal, v);
      mixed = mixed.plus(-alpha, mixedTerm(along));
      v = v.plus(-alpha, times(transposed(b), times(b, along)));
    }
    return innerGradient().plus(lambda, mixed);
  }

  static Values scaled(Values diagonal, Values x) {
    double[] flat = new double[N];
    for (int i = 0; i < N; i++) {
      flat[i] = diagonal.at(i, 0) * x.at(i, 0);
    }
    return new Values(flat, N, 1);
  }

  /** The derivative of {@code <g, v>} by phi. */
  Values mixedTerm(Values v) {
    return times(transposed(a), times(b, v));
  }

  static Parameters vector(String name, Values value) {
    ParameterLayout layout = ParameterLayout.builder().add(name, value.flat().length, 1).build();
    Parameters parameters = Parameters.zeros(layout, TestDevice.doubles());
    value.into(parameters.vector());
    return parameters;
  }

  static ParameterSet point(Values phi, Values theta) {
    return new ParameterSet(vector("phi", phi), vector("theta", theta), vector("h", scalar(0)));
  }

  static Values embedder(ParameterSet gradient) {
    double[] flat = Values.of(gradient.embedder().vector()).flat();
    return new Values(flat, flat.length, 1);
  }

  static Variable halfSquare(Variable x) {
    return x.multiply(x).sum().scale(0.5);
  }

  static Values scalar(double value) {
    return Values.all(value, 1);
  }

  /** Product of matrices. */
  static Values times(Values a, Values b) {
    int rows = (int) a.shape()[0];
    int columns = (int) b.shape()[1];
    double[] product = new double[rows * columns];
    for (int i = 0; i < rows; i++) {
      for (int j = 0; j < columns; j++) {
        for (int k = 0; k < a.shape()[1]; k++) {
          product[i * columns + j] += a.at(i, k) * b.at(k, j);
        }
      }
    }
    return new Values(product, rows, columns);
  }

  static Values transposed(Values a) {
    int rows = (int) a.shape()[0];
    int columns = (int) a.shape()[1];
    double[] flat = new double[rows * columns];
    for (int i = 0; i < rows; i++) {
      for (int j = 0; j < columns; j++) {
        flat[j * rows + i] = a.at(i, j);
      }
    }
    return new Values(flat, columns, rows);
  }
}
