package dev.mona.metric;

import dev.mona.task.FieldNorm;
import java.util.OptionalDouble;

/**
 * Mean over samples of {@code |p - y| / |y|} over all values of a sample. The relative L2 error and
 * the normalised RMSE, {@code sqrt(mean (p - y)^2) / sqrt(mean y^2)}, are this same number; the
 * first is the name in Fourier neural operators (Li et al., ICLR 2021), the second in PDEBench
 * (Takamoto et al., NeurIPS 2022). A sample whose label {@linkplain FieldNorm#isZero is zero} has
 * no relative error and is left out, as by the loss; NaN when none is left or when a prediction is
 * NaN.
 *
 * @param name {@link MetricKind#RELATIVE_L2} or {@link MetricKind#NRMSE}
 * @param length values of one sample
 */
record RelativeError(MetricKind name, int length) implements SampleMetric {
  @Override
  public String id() {
    return name.id();
  }

  @Override
  public OptionalDouble error(float[] predictions, float[] labels, int from) {
    double errors = 0;
    for (int i = from; i < from + length; i++) {
      double difference = (double) predictions[i] - labels[i];
      errors += difference * difference;
    }
    double norm = FieldNorm.of(labels, from, length);
    return FieldNorm.isZero(norm)
        ? OptionalDouble.empty()
        : OptionalDouble.of(Math.sqrt(errors) / norm);
  }
}
