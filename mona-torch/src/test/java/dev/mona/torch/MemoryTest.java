package dev.mona.torch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mona.MonaException;
import dev.mona.compute.Array;
import dev.mona.compute.DeviceSpec;
import dev.mona.compute.ElementType;
import org.junit.jupiter.api.Test;

class MemoryTest {
  private static final long LIMIT = 64L << 20;
  private static final long QUARTER = LIMIT / 4 / Float.BYTES;

  private static TorchDevice limited() {
    return new TorchDevice(DeviceSpec.of(ElementType.FLOAT), new Cpu(LIMIT));
  }

  @Test
  void whatDoesNotFitIsRefusedInWords() {
    TorchDevice device = limited();
    assertThat(device.totalBytes()).isEqualTo(LIMIT);
    try (Array most = device.allocate(3 * QUARTER)) {
      assertThat(device.usedBytes()).isEqualTo(most.length() * Float.BYTES);
      assertThatThrownBy(() -> device.allocate(2, QUARTER))
          .isInstanceOf(MonaException.class)
          .hasMessageStartingWith("Allocation failed: 32 MiB more than the 48 MiB in use")
          .hasMessageContaining("64 MiB");
      device.allocate(QUARTER).close();
    }
    assertThat(device.usedBytes()).isZero();
  }

  @Test
  void arraysThatNobodyHoldsMakeRoom() {
    TorchDevice device = limited();
    for (int i = 0; i < 12; i++) {
      assertThat(device.zeros(QUARTER).view(0, 1).toFloats()).containsExactly(0);
    }
    assertThat(device.usedBytes()).isLessThanOrEqualTo(LIMIT);
  }

  @Test
  void aRoundedCopyIsCountedAndFreed() {
    TorchDevice device = limited();
    try (Array x = device.zeros(1000)) {
      TorchArray.of(x).rounded(Layout.rowMajor(0, 1000));
      assertThat(device.usedBytes()).isEqualTo(1000 * (Float.BYTES + Short.BYTES));
    }
    assertThat(device.usedBytes()).isZero();
  }
}
