package dev.mona.embedder;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import dev.mona.autodiff.Tape;
import dev.mona.autodiff.Variable;
import dev.mona.compute.TestDevice;
import dev.mona.compute.Values;
import dev.mona.task.SampleShape;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class PatchConvolutionTest {
  private static final SampleShape SHAPE = new SampleShape(1, 32, 32);
  private static final int SIDE = 64;
  private static final PatchConvolution OVERLAPPING = new PatchConvolution(7, 4, 3);

  private static Variable record(Tape tape, int batch, float value) {
    float[] images = new float[batch * SHAPE.length()];
    Arrays.fill(images, value);
    return OVERLAPPING.record(tape, images, SHAPE, SIDE, SIDE);
  }

  @Test
  void aWarmStepTakesNoHeapForResizedImagesAndPatches() {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long id = Thread.currentThread().getId();
    float[] images = new float[8 * SHAPE.length()];
    long least = Long.MAX_VALUE;
    try (Tape tape = new Tape(TestDevice.floats())) {
      for (int step = 0; step < 5; step++) {
        tape.reset();
        long before = threads.getThreadAllocatedBytes(id);
        OVERLAPPING.record(tape, images, SHAPE, SIDE, SIDE);
        least = Math.min(least, threads.getThreadAllocatedBytes(id) - before);
      }
    }
    // the patches alone have 8 x 256 rows of 49 values
    assertThat(least).isLessThan(8 * 256 * 49);
  }

  /** What an earlier, larger batch left in memory must not be seen, least of all in the padding. */
  @Test
  void nothingIsLeftOfAnEarlierBatch() {
    try (Tape tape = new Tape(TestDevice.floats())) {
      record(tape, 3, 7);
      Variable patches = record(tape, 2, 1);
      assertThat(patches.shape()).containsExactly(2 * 256, 49);
      Values values = Values.of(patches.value());
      assertThat(Arrays.stream(values.flat()).max()).hasValue(1);
      // the first place sees 4 x 4 pixels, the rest of its 7 x 7 is padding
      assertThat(Arrays.stream(values.row(0)).sum()).isEqualTo(16);
      assertThat(Arrays.stream(values.row(17)).sum()).isEqualTo(49);
    }
  }
}
