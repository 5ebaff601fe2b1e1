package dev.mona.autodiff;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Holds the three derivatives of a recorded function against central differences in double
 * precision: gradient (VJP), directional derivative (JVP), and gradient of the directional
 * derivative (reverse over forward).
 */
public final class DerivativeCheck {

  /** A function of leaves, recorded on a tape; the result may have any shape. */
  public interface Recorded {
    Variable apply(Tape tape, List<Variable> leaves);
  }

  private static final double STEP = 1e-5;

  /** Elements of an input that are checked one by one, about. */
  private static final long ELEMENTS = 11;

  private final Recorded function;
  private final List<INDArray> at;
  private final List<INDArray> along = new ArrayList<>();
  private final INDArray weights;

  private DerivativeCheck(long seed, Recorded function, List<INDArray> at) {
    this.function = function;
    this.at = at;
    Random random = new Random(seed);
    for (INDArray x : at) {
      along.add(gaussian(random, x.shape()));
    }
    try (Tape tape = new Tape(DataType.DOUBLE)) {
      weights = gaussian(random, function.apply(tape, leaves(tape, at)).shape());
    }
  }

  public static INDArray gaussian(Random random, long... shape) {
    INDArray array = Nd4j.create(DataType.DOUBLE, shape);
    for (long i = 0; i < array.length(); i++) {
      array.putScalar(i, random.nextGaussian());
    }
    return array;
  }

  /** Checks everything at the given point, relative error below the tolerance. */
  public static void check(String name, long seed, double tolerance, Recorded f, INDArray... at) {
    DerivativeCheck check = new DerivativeCheck(seed, f, List.of(at));
    String what = name + ", seed " + seed;
    check.gradient(what, tolerance);
    check.directional(what, tolerance);
    check.mixed(what, tolerance);
  }

  private static List<Variable> leaves(Tape tape, List<INDArray> values) {
    List<Variable> leaves = new ArrayList<>();
    for (INDArray value : values) {
      leaves.add(tape.leaf(value.dup('c')));
    }
    return leaves;
  }

  private Variable weighted(Tape tape, List<Variable> leaves) {
    return function.apply(tape, leaves).multiply(tape.leaf(weights.dup('c'))).sum();
  }

  private double loss(List<INDArray> x) {
    try (Tape tape = new Tape(DataType.DOUBLE)) {
      return weighted(tape, leaves(tape, x)).scalar();
    }
  }

  private List<INDArray> gradients(List<INDArray> x) {
    try (Tape tape = new Tape(DataType.DOUBLE)) {
      List<Variable> leaves = leaves(tape, x);
      return gradients(tape, weighted(tape, leaves), leaves);
    }
  }

  private static List<INDArray> gradients(Tape tape, Variable output, List<Variable> leaves) {
    Map<Variable, INDArray> wrt = new HashMap<>();
    List<INDArray> result = new ArrayList<>();
    for (Variable leaf : leaves) {
      INDArray zero = Nd4j.zeros(DataType.DOUBLE, leaf.shape());
      wrt.put(leaf, zero);
      result.add(zero);
    }
    tape.backward(output, 1, wrt);
    return result;
  }

  private List<INDArray> moved(double step) {
    List<INDArray> result = new ArrayList<>();
    for (int i = 0; i < at.size(); i++) {
      result.add(at.get(i).add(along.get(i).mul(step)));
    }
    return result;
  }

  private void gradient(String name, double tolerance) {
    List<INDArray> exact = gradients(at);
    for (int i = 0; i < at.size(); i++) {
      long n = at.get(i).length();
      long stride = Math.max(1, n / ELEMENTS);
      for (long j = 0; j < n; j += stride) {
        double plus = loss(bumped(i, j, STEP));
        double minus = loss(bumped(i, j, -STEP));
        double numeric = (plus - minus) / (2 * STEP);
        assertThat(Math.abs(exact.get(i).getDouble(j) - numeric))
            .as(name + ": gradient of element " + j + " of input " + i)
            .isLessThan(tolerance * Math.max(1, exact.get(i).norm2Number().doubleValue()));
      }
    }
  }

  private List<INDArray> bumped(int input, long element, double step) {
    List<INDArray> result = new ArrayList<>(at);
    INDArray copy = at.get(input).dup('c');
    copy.putScalar(element, copy.getDouble(element) + step);
    result.set(input, copy);
    return result;
  }

  private void directional(String name, double tolerance) {
    double numeric = (loss(moved(STEP)) - loss(moved(-STEP))) / (2 * STEP);
    try (Tape tape = new Tape(DataType.DOUBLE)) {
      List<Variable> leaves = leaves(tape, at);
      double exact = tape.tangent(weighted(tape, leaves), seeds(tape, leaves)).scalar();
      assertThat(Math.abs(exact - numeric))
          .as(name + ": directional derivative " + exact + " against " + numeric)
          .isLessThanOrEqualTo(tolerance * Math.max(1, Math.abs(numeric)));
    }
  }

  private Map<Variable, Variable> seeds(Tape tape, List<Variable> leaves) {
    Map<Variable, Variable> seeds = new HashMap<>();
    for (int i = 0; i < leaves.size(); i++) {
      seeds.put(leaves.get(i), tape.leaf(along.get(i).dup('c')));
    }
    return seeds;
  }

  private void mixed(String name, double tolerance) {
    List<INDArray> plus = gradients(moved(STEP));
    List<INDArray> minus = gradients(moved(-STEP));
    try (Tape tape = new Tape(DataType.DOUBLE)) {
      List<Variable> leaves = leaves(tape, at);
      Variable tangent = tape.tangent(weighted(tape, leaves), seeds(tape, leaves));
      List<INDArray> exact = gradients(tape, tangent, leaves);
      for (int i = 0; i < at.size(); i++) {
        INDArray numeric = plus.get(i).sub(minus.get(i)).divi(2 * STEP);
        close(name + ": reverse over forward of input " + i, exact.get(i), numeric, tolerance);
      }
    }
  }

  private static void close(String what, INDArray exact, INDArray numeric, double tolerance) {
    double difference = exact.sub(numeric).norm2Number().doubleValue();
    double scale = Math.max(1, numeric.norm2Number().doubleValue());
    assertThat(difference / scale).as(what).isLessThan(tolerance);
  }
}
