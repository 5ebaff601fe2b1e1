package dev.mona.torch;

import dev.mona.compute.Scalar;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.jspecify.annotations.Nullable;

/** A double on the device, without axes; fetched when it is asked for. */
final class TorchScalar implements Scalar {
  private static final long[] NO_AXES = {};

  private final TorchDevice device;
  private final Tensor tensor;
  private @Nullable Double value;

  private TorchScalar(TorchDevice device, Tensor tensor) {
    this.device = device;
    this.tensor = tensor;
  }

  /** Takes over the result of a call: a double without axes. */
  static TorchScalar of(TorchDevice device, Tensor result) {
    device.called();
    return new TorchScalar(device, result);
  }

  /** Undefined yet, to be written. */
  static TorchScalar empty(TorchDevice device) {
    try (Tensor element = device.place().empty(ScalarType.Double, 1)) {
      return new TorchScalar(device, element.view(NO_AXES));
    }
  }

  /** A copy of the first element of an array. */
  static TorchScalar first(TorchDevice device, TorchArray array) {
    Libtorch.enter();
    TorchScalar first = empty(device);
    first.tensor.copy_(array.tensor(Layout.rowMajor(array.layout().offset())));
    device.called();
    return first;
  }

  /** A number of the host or of this device, on the device. */
  static Tensor tensor(TorchDevice device, Scalar scalar) {
    if (scalar instanceof TorchScalar there) {
      return there.tensor;
    }
    TorchScalar copy = empty(device);
    try (org.bytedeco.pytorch.Scalar number = new org.bytedeco.pytorch.Scalar(scalar.value())) {
      copy.tensor.fill_(number);
    }
    device.called();
    return copy.tensor;
  }

  Tensor tensor() {
    return tensor;
  }

  @Override
  public double value() {
    fetch(device, List.of(this));
    return Objects.requireNonNull(value);
  }

  /** All values with one wait. */
  static double[] values(TorchDevice device, Scalar... scalars) {
    fetch(
        device,
        Arrays.stream(scalars)
            .filter(TorchScalar.class::isInstance)
            .map(TorchScalar.class::cast)
            .toList());
    return Arrays.stream(scalars).mapToDouble(Scalar::value).toArray();
  }

  private static void fetch(TorchDevice device, List<TorchScalar> all) {
    List<TorchScalar> asked = all.stream().filter(scalar -> scalar.value == null).toList();
    if (asked.isEmpty()) {
      return;
    }
    Libtorch.enter();
    device.waited();
    try (TensorVector parts =
            new TensorVector(asked.stream().map(TorchScalar::tensor).toArray(Tensor[]::new));
        Tensor together = torch.stack(parts);
        Tensor here = together.cpu()) {
      for (int i = 0; i < asked.size(); i++) {
        asked.get(i).value = here.data_ptr_double().get(i);
      }
    }
  }
}
