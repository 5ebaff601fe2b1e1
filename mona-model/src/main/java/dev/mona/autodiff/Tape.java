package dev.mona.autodiff;

import dev.mona.compute.Arena;
import dev.mona.compute.Array;
import dev.mona.compute.Device;
import dev.mona.compute.ElementType;
import dev.mona.compute.Kernels;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Records operations and differentiates what was recorded, in reverse ({@link #backward}) and in
 * forward mode ({@link #tangent}). The tangent is itself recorded, so that a reverse pass from it
 * gives exact mixed second derivatives. Used by one thread at a time; keep one tape and {@link
 * #reset} it, so that its buffers are reused.
 */
public final class Tape implements AutoCloseable {
  private final Arena arena;
  private final List<Variable> variables = new ArrayList<>();
  private @Nullable Kept kept;

  /** A pass that has kept gradients. */
  private record Kept(Variable output, Reverse reverse) {}

  /** A tape on a device, for the thread that makes it. */
  public Tape(Device device) {
    arena = new Arena(device);
  }

  public Device device() {
    return arena.device();
  }

  public ElementType type() {
    return device().type();
  }

  public Arena arena() {
    return arena;
  }

  public Kernels kernels() {
    return arena.kernels();
  }

  /**
   * A leaf: a parameter or a constant. The array is used, not copied; do not change it before
   * reset.
   */
  public Variable leaf(Array value) {
    return append(value, null);
  }

  /** A leaf in a buffer of the tape, filled from the first values of an array on the host. */
  public Variable constant(float[] values, long... shape) {
    Array buffer = arena.take(shape);
    buffer.put(values, 0);
    return leaf(buffer);
  }

  /** A leaf in a buffer of the tape, copied from an array of the same device. */
  public Variable constant(Array values) {
    Array buffer = arena.take(values.shape());
    kernels().copy(values, buffer);
    return leaf(buffer);
  }

  /**
   * A leaf in a buffer of the tape: rows of a table.
   *
   * @param table {@code [n, width]}
   * @param rows which rows, each in {@code 0 .. n - 1}
   * @return {@code [rows.length, width]}
   */
  public Variable rows(Array table, int[] rows) {
    Array buffer = arena.take(rows.length, table.size(1));
    kernels().rows(table, rows, buffer);
    return leaf(buffer);
  }

  Variable record(Operation operation, Variable... inputs) {
    return append(operation.forward(arena, inputs), operation, inputs);
  }

  private Variable append(Array value, @Nullable Operation operation, Variable... inputs) {
    Variable variable = new Variable(this, variables.size(), value, operation, inputs);
    variables.add(variable);
    return variable;
  }

  Variable variable(int index) {
    return variables.get(index);
  }

  /**
   * Reverse pass: adds {@code seed * d output / d leaf} to the given array of each leaf. May be
   * called several times.
   *
   * @param output the variable to differentiate; all its elements are summed
   * @param wrt where the gradient of each leaf is added
   */
  public void backward(Variable output, double seed, Map<Variable, Array> wrt) {
    new Reverse(this, output, wrt, false).run(seed);
  }

  /**
   * Reverse pass with the seed 1 that keeps the gradients on its way, until reset: {@link #mixed}
   * of the same output begins with them, once.
   *
   * @param wrt among others the leaves that will have a tangent
   */
  public void backwardBeforeMixed(Variable output, Map<Variable, Array> wrt) {
    Reverse reverse = new Reverse(this, output, wrt, true);
    reverse.run(1);
    kept = new Kept(output, reverse);
  }

  /**
   * Adds the gradient of the tangent of an output: its mixed second derivatives along the given
   * tangents of leaves.
   *
   * @param wrt where the gradient of each leaf is added
   */
  public void mixed(Variable output, Map<Variable, Variable> seeds, Map<Variable, Array> wrt) {
    @Nullable Variable[] tangents = tangents(output, seeds);
    Variable tangent = last(tangents);
    Kept before = kept;
    kept = null;
    Reverse reverse = new Reverse(this, tangent, wrt, false);
    if (before != null && before.output == output && before.reverse.covers(tangents)) {
      reverse.runFrom(before.reverse, tangents);
    } else {
      reverse.run(1);
    }
  }

  /**
   * Forward mode: the directional derivative of a recorded variable along the given tangents of
   * leaves, recorded as further operations.
   *
   * @return the tangent, in the shape of {@code output}
   */
  public Variable tangent(Variable output, Map<Variable, Variable> seeds) {
    return last(tangents(output, seeds));
  }

  private static Variable last(@Nullable Variable[] tangents) {
    Variable result = tangents[tangents.length - 1];
    if (result == null) {
      throw new IllegalArgumentException("the output does not depend on any leaf with a tangent");
    }
    return result;
  }

  /** The tangent of each variable that leads to the output, by its index; null for zero. */
  private @Nullable Variable[] tangents(Variable output, Map<Variable, Variable> seeds) {
    boolean[] contributes = leadsTo(output);
    @Nullable Variable[] tangents = new Variable[output.index() + 1];
    for (int i = 0; i <= output.index(); i++) {
      Variable variable = variables.get(i);
      Operation operation = variable.operation();
      if (operation == null) {
        tangents[i] = seeds.get(variable);
      } else if (contributes[i]) {
        tangents[i] = tangent(variable, operation, tangents);
      }
    }
    return tangents;
  }

  /** Whether an output is made of a variable, by its index. */
  private boolean[] leadsTo(Variable output) {
    boolean[] leads = new boolean[output.index() + 1];
    leads[output.index()] = true;
    for (int i = output.index(); i >= 0; i--) {
      if (leads[i]) {
        for (Variable input : variables.get(i).inputs()) {
          leads[input.index()] = true;
        }
      }
    }
    return leads;
  }

  private static @Nullable Variable tangent(
      Variable variable, Operation operation, @Nullable Variable[] tangents) {
    Variable[] inputs = variable.inputs();
    @Nullable Variable[] incoming = new Variable[inputs.length];
    boolean any = false;
    for (int k = 0; k < inputs.length; k++) {
      incoming[k] = tangents[inputs[k].index()];
      any |= incoming[k] != null;
    }
    return any ? operation.tangent(variable, inputs, incoming) : null;
  }

  /**
   * Tells how an output follows from an input again, operation by operation in the order of their
   * recording. What does not depend on the input is a constant.
   *
   * @param input a leaf that the output depends on
   * @param start what stands for the input
   * @return what stands for the output
   */
  public <T> T replay(Variable input, T start, Variable output, Replay<T> to) {
    boolean[] leads = leadsTo(output);
    List<@Nullable T> told = new ArrayList<>(Collections.nCopies(output.index() + 1, null));
    told.set(input.index(), start);
    for (int i = input.index() + 1; i <= output.index(); i++) {
      Variable variable = variables.get(i);
      Operation operation = variable.operation();
      if (leads[i] && operation != null && follows(variable, told)) {
        List<T> inputs = new ArrayList<>();
        for (Variable each : variable.inputs()) {
          T known = told.get(each.index());
          inputs.add(known == null ? to.constant(each) : known);
        }
        told.set(i, operation.replay(to, inputs));
      }
    }
    T result = told.get(output.index());
    if (result == null) {
      throw new IllegalArgumentException("the output does not depend on the input");
    }
    return result;
  }

  private static <T> boolean follows(Variable variable, List<@Nullable T> told) {
    return Arrays.stream(variable.inputs()).anyMatch(input -> told.get(input.index()) != null);
  }

  /** Forgets everything recorded and takes all buffers back. */
  public void reset() {
    variables.clear();
    kept = null;
    arena.reset();
  }

  @Override
  public void close() {
    variables.clear();
    arena.close();
  }
}
