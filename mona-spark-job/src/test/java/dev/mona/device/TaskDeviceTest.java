package dev.mona.device;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mona.MonaException;
import dev.mona.compute.Gpu;
import dev.mona.device.TaskDevice.Place;
import java.util.List;
import org.junit.jupiter.api.Test;

class TaskDeviceTest {
  private static final Gpu GPU = new Gpu(0, "A10", 8, 6, 24L << 30);

  @Test
  void theAddressIsTheDevice() {
    assertThat(DeviceAddress.device(List.of("0"), 1)).isZero();
    assertThat(DeviceAddress.device(List.of("3"), 4)).isEqualTo(3);
  }

  @Test
  void withoutAddressItIsTheFirst() {
    assertThat(DeviceAddress.device(List.of(), 1)).isZero();
    assertThat(DeviceAddress.device(List.of(), 8)).isZero();
  }

  @Test
  void whatCannotBeTheDeviceOfATaskIsRefused() {
    refused(
        () -> DeviceAddress.device(List.of("0", "1"), 2), "set spark.task.resource.gpu.amount=1");
    refused(() -> DeviceAddress.device(List.of("4"), 4), "GPU 4 but this process sees 4");
    refused(() -> DeviceAddress.device(List.of("GPU-8f6d"), 4), "address \"GPU-8f6d\"");
    refused(() -> DeviceAddress.device(List.of("-1"), 4), "address \"-1\"");
    refused(() -> DeviceAddress.device(List.of("99999999999"), 4), "is no device number");
  }

  private static void refused(Runnable what, String why) {
    assertThatThrownBy(what::run)
        .isInstanceOfSatisfying(
            MonaException.class,
            e -> assertThat(e.category()).isEqualTo(MonaException.Category.ENVIRONMENT))
        .hasMessageContaining(why);
  }

  /** A CPU executor may be given GPUs; it has to say which. */
  @Test
  void theCpuTakesAnyAddress() {
    assertThat(Place.of(List.of("7"), List.of())).isEqualTo(new Place(0, false, List.of("7")));
    refused(() -> Place.of(List.of("x"), List.of()), "address \"x\"");
    assertThat(Place.of(List.of("0"), List.of(GPU))).isEqualTo(new Place(0, true, List.of("0")));
    refused(() -> Place.of(List.of("1"), List.of(GPU)), "sees 1");
  }

  @Test
  void anExecutorStaysOnItsDevice() {
    assertThat(
            TaskDevice.otherDevice(
                new Place(0, true, List.of("0")), new Place(1, true, List.of("1"))))
        .hasMessage(
            "this executor trains on GPU 0 and a task came for GPU 1: one executor has one device,"
                + " set spark.executor.resource.gpu.amount=1");
  }

  @Test
  void outsideATaskThereAreNoAddresses() {
    DeviceRequest request = DeviceRequest.of(WantedDevice.AUTO);
    TaskDevice device = TaskDevice.of(request);
    assertThat(device.place()).isEqualTo(new Place(0, false, List.of()));
    refused(() -> TaskDevice.bind(DeviceRequest.of(WantedDevice.GPU), 0), "run.device is gpu but");
    assertThat(TaskDevice.bind(request, 1)).isSameAs(device.device());
    assertThat(TaskDevice.current()).contains(device);
    assertThat(device.describe()).startsWith("ND4J").contains("CPU");
  }
}
