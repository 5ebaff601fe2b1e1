package dev.mona.retention;

import dev.mona.analysis.KMeans;
import dev.mona.analysis.KnowledgeDiscrepancy;
import dev.mona.autodiff.Tape;
import dev.mona.compute.Device;
import dev.mona.encoder.SourceClassifier;
import dev.mona.learner.FrozenModel;
import dev.mona.nn.Leaves;
import dev.mona.nn.Pooling;
import dev.mona.nn.Tokens;
import dev.mona.task.SampleBlock;
import dev.mona.task.TaskKind;
import dev.mona.task.TaskSpec;
import dev.mona.tensor.ParameterGroup;
import dev.mona.tensor.Parameters;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalDouble;
import java.util.stream.IntStream;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * The {@link KnowledgeDiscrepancy} between source and target behind an embedder and the pretrained
 * encoder, on fixed target samples. The source classifier is the checkpoint's own, or else the
 * probe of {@link SourceRetention}. Tasks without classes have those of a k-means fit of their
 * labels.
 */
public final class DiscrepancyMeasure implements AutoCloseable {
  private static final int CLUSTERS = 10;

  private final FrozenModel frozen;
  private final SourceRetention retention;
  private final SampleBlock samples;
  private final int[] labels;
  private final int classes;
  private final Parameters encoder;
  private final Parameters embedder;
  private final Tape tape;

  /**
   * A measure on some samples.
   *
   * @param retention holds the probe
   * @param samples of the target, at least one
   */
  public DiscrepancyMeasure(FrozenModel frozen, SourceRetention retention, SampleBlock samples) {
    this.frozen = frozen;
    this.retention = retention;
    this.samples = samples;
    TaskSpec task = frozen.options().task();
    if (task.kind() == TaskKind.CLASSIFICATION) {
      labels = new int[samples.size()];
      Arrays.setAll(labels, i -> (int) samples.labels()[i]);
      classes = task.outputs();
    } else {
      KMeans clusters =
          KMeans.fit(samples.labels(), task.labelLength(), CLUSTERS, frozen.options().seed());
      labels = clusters.nearest(samples.labels());
      classes = clusters.size();
    }
    Device device = retention.device();
    tape = new Tape(device);
    encoder = Parameters.zeros(frozen.network().layout(ParameterGroup.ENCODER), device);
    encoder.assign(frozen.pretrained().encoder());
    embedder = Parameters.zeros(frozen.network().layout(ParameterGroup.EMBEDDER), device);
  }

  /**
   * The discrepancy behind an embedder, given as the flat vector phi; none where it is not defined:
   * the target has more classes than the source classifier, or the values have overflowed.
   */
  public OptionalDouble measure(float[] phi) {
    embedder.assign(phi);
    INDArray logits = logits(pooled());
    boolean finite = !logits.isNaN().any() && !logits.isInfinite().any();
    return finite && classes <= logits.columns()
        ? OptionalDouble.of(KnowledgeDiscrepancy.of(logits, labels, classes).value())
        : OptionalDouble.empty();
  }

  /**
   * What the pretrained encoder makes of the first samples behind an embedder. Classes have their
   * names, or their numbers; fields and sets of labels have none.
   *
   * @param phi the embedder as a flat vector
   * @param most how many samples, or all if there are fewer
   */
  public Represented represent(float[] phi, int most) {
    embedder.assign(phi);
    int n = Math.min(most, samples.size());
    INDArray rows = pooled(Pooling.MEAN, n);
    rows.diviColumnVector(rows.norm2(1));
    TaskSpec task = frozen.options().task();
    List<String> names =
        task.kind() == TaskKind.CLASSIFICATION
            ? Arrays.stream(labels, 0, n).mapToObj(label -> name(task, label)).toList()
            : List.of();
    return new Represented(rows.ravel().toFloatVector(), rows.columns(), names);
  }

  private static String name(TaskSpec task, int label) {
    return label < task.classNames().size() ? task.classNames().get(label) : String.valueOf(label);
  }

  /** What the source classifier reads of the samples, {@code [n, parts * W']}. */
  private INDArray pooled() {
    SourceClassifier classifier = frozen.pretrained().classifier();
    return pooled(classifier == null ? Pooling.MEAN : classifier.pooling(), samples.size());
  }

  /** The first {@code n} samples, pooled: {@code [n, parts * W']}. */
  private INDArray pooled(Pooling pooling, int n) {
    int width = pooling.parts() * frozen.network().backbone().width();
    float[] all = new float[Math.multiplyExact(n, width)];
    int batch = frozen.options().source().measuredAtOnce();
    for (int at = 0; at < n; at += batch) {
      int end = Math.min(n, at + batch);
      float[] features = samples.select(IntStream.range(at, end).toArray()).features();
      tape.reset();
      Tokens encoded =
          frozen
              .network()
              .encode(tape, Leaves.of(tape, embedder), Leaves.of(tape, encoder), features);
      pooling.of(tape, encoded).value().get(all, at * width);
    }
    return Nd4j.createFromArray(all).reshape(n, width);
  }

  private INDArray logits(INDArray pooled) {
    SourceClassifier classifier = frozen.pretrained().classifier();
    if (classifier == null) {
      return retention.probeLogits(pooled);
    }
    INDArray weight =
        Nd4j.createFromArray(classifier.weight().values())
            .reshape(classifier.classes(), classifier.width());
    return pooled
        .mmul(weight.transpose())
        .addiRowVector(Nd4j.createFromArray(classifier.bias().values()));
  }

  @Override
  public void close() {
    tape.close();
    encoder.close();
    embedder.close();
  }
}
