package dev.mona.autodiff;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mona.compute.Array;
import dev.mona.compute.Device;
import dev.mona.compute.TestDevice;
import dev.mona.compute.Values;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

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
  private static final int ELEMENTS = 11;

  /** Relative error of one rounding to float. */
  private static final double ROUNDING = Math.scalb(1.0, -24);

  /** Roundings that a result may be off by, in the length of the vector. */
  private static final double ROUNDINGS = 32;

  private final Device device;
  private final Recorded function;
  private final List<Values> at;
  private final List<Values> along = new ArrayList<>();
  private final Values weights;

  private DerivativeCheck(Device device, long seed, Recorded function, List<Values> at) {
    this.device = device;
    this.function = function;
    this.at = at;
    Random random = new Random(seed);
    for (Values x : at) {
      along.add(gaussian(random, x.shape()));
    }
    try (Tape tape = tape()) {
      weights = gaussian(random, function.apply(tape, leaves(tape, at)).shape());
    }
  }

  public static Values gaussian(Random random, long... shape) {
    return Values.gaussian(random, shape);
  }

  private DerivativeCheck(
      Device device, Recorded function, List<Values> at, List<Values> along, Values weights) {
    this.device = device;
    this.function = function;
    this.at = at;
    this.along.addAll(along);
    this.weights = weights;
  }

  /** The same function with all numbers changed by a map, on another device. */
  private DerivativeCheck changed(Device other, UnaryOperator<Values> change) {
    return new DerivativeCheck(
        other,
        function,
        at.stream().map(change).toList(),
        along.stream().map(change).toList(),
        change.apply(weights));
  }

  /** Checks everything at the given point, relative error below the tolerance. */
  public static void check(String name, long seed, double tolerance, Recorded f, Values... at) {
    check(TestDevice.doubles(), name, seed, tolerance, f, at);
  }

  /** The same on a device that computes in double. */
  static void check(
      Device device, String name, long seed, double tolerance, Recorded f, Values... at) {
    DerivativeCheck check = new DerivativeCheck(device, seed, f, List.of(at));
    String what = name + ", seed " + seed;
    check.gradient(what, tolerance);
    check.directional(what, tolerance);
    check.mixed(what, tolerance);
  }

  /**
   * Checks value, gradient, directional derivative and its gradient of a device that computes in
   * float against those in double. Each may be as far off as some roundings make it: of the result
   * itself, and of the numbers that the function starts from, as far as it depends on them.
   */
  static void agree(Device device, String name, long seed, Recorded f, Values... at) {
    DerivativeCheck exact =
        new DerivativeCheck(TestDevice.doubles(), seed, f, List.of(at))
            .changed(TestDevice.doubles(), x -> x.map(value -> (float) value));
    Random random = new Random(seed);
    DerivativeCheck moved =
        exact.changed(
            exact.device, x -> x.map(value -> value * (1 + ROUNDING * random.nextGaussian())));
    Map<String, Values> expected = exact.results();
    Map<String, Values> near = moved.results();
    Map<String, Values> actual = exact.changed(device, x -> x).results();
    expected.forEach(
        (what, values) -> {
          double rounding = ROUNDING * values.norm() + values.distance(known(near, what));
          assertThat(values.distance(known(actual, what)))
              .as("%s, seed %s: %s", name, seed, what)
              .isLessThanOrEqualTo(ROUNDINGS * rounding);
        });
  }

  private Map<String, Values> results() {
    Map<String, Values> results = new LinkedHashMap<>();
    try (Tape tape = tape()) {
      List<Variable> leaves = leaves(tape, at);
      results.put("value", Values.of(function.apply(tape, leaves).value()));
      Variable output = weighted(tape, leaves);
      gradients(tape, output, leaves)
          .forEach(gradient -> results.put("gradient " + results.size(), gradient));
      Variable tangent = tape.tangent(output, seeds(tape, leaves));
      results.put("directional derivative", Values.of(tangent.value()));
    }
    for (boolean keep : new boolean[] {false, true}) {
      mixed(keep).forEach(mixed -> results.put("mixed derivative " + results.size(), mixed));
    }
    return results;
  }

  private Tape tape() {
    return new Tape(device);
  }

  /** A leaf with these values, in a buffer of the tape. */
  public static Variable leaf(Tape tape, Values values) {
    try (Array array = values.on(tape.device())) {
      return tape.constant(array);
    }
  }

  private static List<Variable> leaves(Tape tape, List<Values> values) {
    List<Variable> leaves = new ArrayList<>();
    for (Values value : values) {
      leaves.add(leaf(tape, value));
    }
    return leaves;
  }

  private Variable weighted(Tape tape, List<Variable> leaves) {
    return function.apply(tape, leaves).multiply(leaf(tape, weights)).sum();
  }

  private double loss(List<Values> x) {
    try (Tape tape = tape()) {
      return weighted(tape, leaves(tape, x)).scalar().value();
    }
  }

  private List<Values> gradients(List<Values> x) {
    try (Tape tape = tape()) {
      List<Variable> leaves = leaves(tape, x);
      return gradients(tape, weighted(tape, leaves), leaves);
    }
  }

  private static <K, V> V known(Map<K, V> map, K key) {
    return Objects.requireNonNull(map.get(key));
  }

  private static List<Values> gradients(Tape tape, Variable output, List<Variable> leaves) {
    return collected(leaves, wrt -> tape.backward(output, 1, wrt));
  }

  private static List<Values> collected(
      List<Variable> leaves, Consumer<Map<Variable, Array>> backward) {
    Map<Variable, Array> wrt = new HashMap<>();
    for (Variable leaf : leaves) {
      wrt.put(leaf, leaf.value().device().zeros(leaf.shape()));
    }
    backward.accept(wrt);
    List<Values> result = new ArrayList<>();
    for (Variable leaf : leaves) {
      try (Array gradient = known(wrt, leaf)) {
        result.add(Values.of(gradient));
      }
    }
    return result;
  }

  private List<Values> moved(double step) {
    List<Values> result = new ArrayList<>();
    for (int i = 0; i < at.size(); i++) {
      result.add(at.get(i).plus(step, along.get(i)));
    }
    return result;
  }

  private void gradient(String name, double tolerance) {
    List<Values> exact = gradients(at);
    for (int i = 0; i < at.size(); i++) {
      int n = at.get(i).flat().length;
      int stride = Math.max(1, n / ELEMENTS);
      for (int j = 0; j < n; j += stride) {
        double plus = loss(bumped(i, j, STEP));
        double minus = loss(bumped(i, j, -STEP));
        double numeric = (plus - minus) / (2 * STEP);
        assertThat(Math.abs(exact.get(i).flat()[j] - numeric))
            .as(name + ": gradient of element " + j + " of input " + i)
            .isLessThan(tolerance * Math.max(1, exact.get(i).norm()));
      }
    }
  }

  private List<Values> bumped(int input, int element, double step) {
    List<Values> result = new ArrayList<>(at);
    result.set(input, at.get(input).bumped(element, step));
    return result;
  }

  private void directional(String name, double tolerance) {
    double numeric = (loss(moved(STEP)) - loss(moved(-STEP))) / (2 * STEP);
    try (Tape tape = tape()) {
      List<Variable> leaves = leaves(tape, at);
      double exact = tape.tangent(weighted(tape, leaves), seeds(tape, leaves)).scalar().value();
      assertThat(Math.abs(exact - numeric))
          .as(name + ": directional derivative " + exact + " against " + numeric)
          .isLessThanOrEqualTo(tolerance * Math.max(1, Math.abs(numeric)));
    }
  }

  private Map<Variable, Variable> seeds(Tape tape, List<Variable> leaves) {
    Map<Variable, Variable> seeds = new HashMap<>();
    for (int i = 0; i < leaves.size(); i++) {
      seeds.put(leaves.get(i), leaf(tape, along.get(i)));
    }
    return seeds;
  }

  /**
   * Gradients of the directional derivative.
   *
   * @param keep whether they begin with what a reverse pass before them kept
   */
  private List<Values> mixed(boolean keep) {
    try (Tape tape = tape()) {
      List<Variable> leaves = leaves(tape, at);
      Variable output = weighted(tape, leaves);
      if (keep) {
        collected(leaves, wrt -> tape.backwardBeforeMixed(output, wrt));
      }
      return collected(leaves, wrt -> tape.mixed(output, seeds(tape, leaves), wrt));
    }
  }

  private void mixed(String name, double tolerance) {
    List<Values> plus = gradients(moved(STEP));
    List<Values> minus = gradients(moved(-STEP));
    for (boolean keep : new boolean[] {false, true}) {
      List<Values> exact = mixed(keep);
      for (int i = 0; i < at.size(); i++) {
        Values numeric = plus.get(i).plus(-1, minus.get(i)).times(1 / (2 * STEP));
        String what = name + ": reverse over forward of input " + i + ", gradients kept: " + keep;
        close(what, exact.get(i), numeric, tolerance);
      }
    }
  }

  private static void close(String what, Values exact, Values numeric, double tolerance) {
    double scale = Math.max(1, numeric.norm());
    assertThat(exact.distance(numeric) / scale).as(what).isLessThan(tolerance);
  }
}
