package dev.mona.autodiff;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mona.compute.TestDevice;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ReplayTest {
  private final List<String> told = new ArrayList<>();

  /** Notes what it is told. */
  @SuppressWarnings("unchecked")
  private Replay<String> notes() {
    return (Replay<String>)
        Proxy.newProxyInstance(
            Replay.class.getClassLoader(),
            new Class<?>[] {Replay.class},
            (proxy, method, arguments) -> {
              String what = method.getName();
              if (!what.equals("constant")) {
                told.add(what + "(" + arguments[0] + ")");
              }
              return what;
            });
  }

  @Test
  void tellsWhatLeadsFromTheInputToTheOutput() {
    try (Tape tape = new Tape(TestDevice.doubles())) {
      Variable x = tape.constant(new float[] {1, 2, 3, 4}, 2, 2);
      Variable w = tape.constant(new float[] {1, 2, 3, 4}, 2, 2);
      Variable bias = tape.constant(new float[] {1, 2}, 2);
      Variable folded = w.scale(2).reshape(2, 2);
      Variable y = x.linear(folded, bias);
      y.exp(); // leads nowhere
      assertThat(tape.replay(x, "x", y.softmax(), notes())).isEqualTo("softmax");
    }
    assertThat(told).containsExactly("matmul(x)", "add(matmul)", "softmax(add)");
  }

  @Test
  void refusesOperationsOfDerivativesByName() {
    try (Tape tape = new Tape(TestDevice.doubles())) {
      Variable x = tape.constant(new float[] {1, 2}, 1, 2);
      Variable along = tape.constant(new float[] {1, 0}, 1, 2);
      Variable tangent = tape.tangent(x.softmax(), Map.of(x, along));
      assertThatThrownBy(() -> tape.replay(x, "x", tangent, notes()))
          .isInstanceOf(UnsupportedOperationException.class)
          .hasMessageContaining("SoftmaxTangent");
    }
  }

  @Test
  void refusesAnOutputOfSomethingElse() {
    try (Tape tape = new Tape(TestDevice.doubles())) {
      Variable x = tape.constant(new float[] {1}, 1);
      Variable other = tape.constant(new float[] {1}, 1);
      Variable output = other.exp();
      assertThatThrownBy(() -> tape.replay(x, "x", output, notes()))
          .hasMessage("the output does not depend on the input");
    }
  }
}
