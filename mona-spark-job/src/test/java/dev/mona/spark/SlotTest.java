package dev.mona.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import org.junit.jupiter.api.Test;

class SlotTest {

  private static Object sent(Object value) throws IOException, ClassNotFoundException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
      out.writeObject(value);
    }
    return new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray())).readObject();
  }

  /** A task gets the array itself, and so does the driver. */
  @Test
  void aSlotThatWentWithATaskHoldsTheSameObject() throws Exception {
    float[] given = new float[1000];
    float[] reached = new float[1000];
    try (Slot<float[]> slot = Slot.of(given);
        Slot<float[]> other = Slot.of(reached)) {
      @SuppressWarnings("unchecked")
      Slot<float[]> inTask = (Slot<float[]>) sent(slot);
      assertThat(inTask.value()).isSameAs(given);
      inTask.set(reached);
      assertThat(slot.value()).isSameAs(reached);
      assertThat(other.value()).isSameAs(reached);
    }
  }

  @Test
  void aClosedSlotHoldsNothingAndStaysEmpty() {
    Slot<String> slot = Slot.of("a");
    slot.close();
    slot.set("from a task that was given up");
    assertThatThrownBy(slot::value)
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("holds nothing in slot " + slot.number());
  }
}
