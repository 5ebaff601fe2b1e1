package dev.mona.head;

import dev.mona.autodiff.Tape;
import dev.mona.autodiff.Variable;
import dev.mona.task.TargetScale;
import java.util.List;

/** From units of deviations, in which a head works, to those of the labels. */
public final class LabelUnits {
  private LabelUnits() {}

  /**
   * {@code mean + sd * head} of each output.
   *
   * @param head {@code [batch, outputs * points]}, the points of an output side by side
   * @return the same shape; {@code head} itself where there is no scale
   */
  public static Variable of(Tape tape, TargetScale scale, Variable head) {
    if (scale.isNone()) {
      return head;
    }
    long batch = head.shape()[0];
    long rows = batch * scale.mean().size();
    return head.reshape(rows, head.value().length() / rows)
        .multiply(tape.constant(repeat(scale.sd(), (int) batch), rows, 1))
        .add(tape.constant(repeat(scale.mean(), (int) batch), rows, 1))
        .reshape(head.shape());
  }

  private static float[] repeat(List<Double> values, int times) {
    float[] repeated = new float[values.size() * times];
    for (int i = 0; i < repeated.length; i++) {
      repeated[i] = values.get(i % values.size()).floatValue();
    }
    return repeated;
  }
}
