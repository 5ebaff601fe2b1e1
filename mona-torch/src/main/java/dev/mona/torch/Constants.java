package dev.mona.torch;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.ScalarTypeOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * Numbers as libtorch takes them, made once. As a tensor without axes, in the type of the device
 * but in the host's memory, a number can be an operand where libtorch's form for a number would
 * allocate its result.
 */
final class Constants {
  /** Of each kind: factors that change with each step do not pile up. */
  private static final int MOST = 1024;

  static final Scalar ZERO = new Scalar(0.0);
  static final Scalar ONE = new Scalar(1.0);
  static final Scalar MINUS_ONE = new Scalar(-1.0);
  static final ScalarTypeOptional SAME_TYPE = new ScalarTypeOptional();

  private final ScalarType type;
  private final Map<Double, Scalar> scalars = new ConcurrentHashMap<>();
  private final Map<Double, Tensor> tensors = new ConcurrentHashMap<>();

  Constants(ScalarType type) {
    this.type = type;
  }

  Scalar scalar(double value) {
    if (value == 1) {
      return ONE;
    }
    if (scalars.size() > MOST) {
      scalars.clear();
    }
    return scalars.computeIfAbsent(value, key -> new Scalar(key.doubleValue()));
  }

  Tensor tensor(double value) {
    if (tensors.size() > MOST) {
      tensors.clear();
    }
    return tensors.computeIfAbsent(value, this::make);
  }

  private Tensor make(double value) {
    Libtorch.enter();
    try (Scalar scalar = new Scalar(value)) {
      return torch.scalar_tensor(scalar, new TensorOptions(type));
    }
  }
}
