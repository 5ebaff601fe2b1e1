package dev.mona.torch;

import java.util.Arrays;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;

/** Numbers of rows on a device. */
final class Indices {
  private Indices() {}

  static Tensor of(Place place, int[] numbers) {
    Libtorch.enter();
    Tensor tensor = place.empty(ScalarType.Long, numbers.length);
    place.upload(Arrays.stream(numbers).asLongStream().toArray(), tensor);
    // other threads may use them as soon as they see them
    place.await();
    return tensor;
  }
}
