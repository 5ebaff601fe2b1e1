package dev.mona.retention;

import dev.mona.analysis.DaviesBouldin;
import dev.mona.analysis.LinearProbe;
import dev.mona.autodiff.Tape;
import dev.mona.autodiff.Variable;
import dev.mona.compute.Device;
import dev.mona.learner.FrozenModel;
import dev.mona.nn.Leaves;
import dev.mona.objective.OuterObjective;
import dev.mona.source.SourceBatch;
import dev.mona.source.SourceSamples;
import dev.mona.tensor.ParameterGroup;
import dev.mona.tensor.Parameters;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Measures source retention of encoders against the pretrained one: a linear probe on source
 * classes and L_outer, both on the same samples for every encoder. Keeps its buffers; used by one
 * thread.
 */
public final class SourceRetention implements AutoCloseable {

  /** First key of the fixed batches: no training batch has it. */
  private static final long FIXED = -1;

  private final FrozenModel frozen;
  private final SourceSamples probeTrain;
  private final SourceSamples probeTest;
  private final List<SourceBatch> outerBatches = new ArrayList<>();
  private final Tape tape;
  private final Parameters encoder;
  private final LinearProbe pretrainedProbe;
  private @Nullable Retention pretrained;

  /**
   * Fits the probe on the pretrained encoder.
   *
   * @param frozen the frozen model of the run
   * @param device that evaluates encoders
   * @param probeTrain samples that fit probes
   * @param probeTest samples that score them, of the same classes
   * @param batches fixed source batches of the alignment's shape for L_outer
   */
  public SourceRetention(
      FrozenModel frozen,
      Device device,
      SourceSamples probeTrain,
      SourceSamples probeTest,
      int batches) {
    this.frozen = frozen;
    this.probeTrain = probeTrain;
    this.probeTest = probeTest;
    for (int i = 0; i < batches; i++) {
      outerBatches.add(frozen.source().sampler().batch(FIXED, i));
    }
    tape = new Tape(device);
    encoder = Parameters.zeros(frozen.network().layout(ParameterGroup.ENCODER), device);
    encoder.assign(frozen.pretrained().encoder());
    pretrainedProbe = fit(represent(probeTrain));
  }

  Device device() {
    return tape.device();
  }

  private LinearProbe fit(INDArray features) {
    return LinearProbe.fit(features, probeTrain.labels(), probeTrain.classNames().size());
  }

  /**
   * What the probe of the pretrained encoder says of other representations.
   *
   * @param representations {@code [n, W']}, of any length; scaled in place
   * @return logits of the source classes
   */
  INDArray probeLogits(INDArray representations) {
    return pretrainedProbe.logits(unit(representations));
  }

  private static INDArray unit(INDArray rows) {
    return rows.diviColumnVector(rows.norm2(1));
  }

  /** Measures an encoder, given as the flat vector theta. */
  public Retention measure(float[] theta) {
    encoder.assign(theta);
    return measure(represent(probeTest));
  }

  /** The pretrained encoder's, measured once. */
  public Retention pretrained() {
    Retention measured = pretrained;
    if (measured == null) {
      measured = measure(frozen.pretrained().encoder());
      pretrained = measured;
    }
    return measured;
  }

  /** Measures what has become of the pretrained encoder: each set is represented once. */
  public RetentionChange change(float[] theta) {
    Retention before = pretrained();
    encoder.assign(theta);
    INDArray test = represent(probeTest);
    Retention after = measure(test);
    LinearProbe refitted = fit(represent(probeTrain));
    return new RetentionChange(before, after, refitted.errorRate(test, probeTest.labels()));
  }

  /**
   * What the pretrained encoder makes of source samples that score probes, evenly spaced over them.
   *
   * @param most how many, or all if there are fewer
   */
  public Represented represent(int most) {
    int n = Math.min(most, probeTest.size());
    int[] chosen = new int[n];
    Arrays.setAll(chosen, i -> (int) ((long) i * probeTest.size() / n));
    encoder.assign(frozen.pretrained().encoder());
    INDArray rows = represent(probeTest, chosen);
    List<String> names =
        Arrays.stream(chosen)
            .mapToObj(i -> probeTest.classNames().get(probeTest.labels()[i]))
            .toList();
    return new Represented(rows.ravel().toFloatVector(), rows.columns(), names);
  }

  private Retention measure(INDArray test) {
    return new Retention(
        pretrainedProbe.errorRate(test, probeTest.labels()),
        outerLoss(encoder),
        DaviesBouldin.index(test, probeTest.labels(), probeTest.classNames().size()));
  }

  /** Mean L_outer over the fixed batches. */
  double outerLoss(Parameters theta) {
    double sum = 0;
    for (SourceBatch batch : outerBatches) {
      tape.reset();
      Variable representations = representations(theta, batch);
      sum +=
          OuterObjective.of(
                  tape, frozen.options().source().outer(), representations, batch.labels())
              .total()
              .scalar()
              .value();
    }
    return sum / outerBatches.size();
  }

  private Variable representations(Parameters theta, SourceBatch batch) {
    return frozen
        .network()
        .represent(tape, Leaves.of(tape, theta), frozen.source().embedder(), batch);
  }

  /** Representations {@code [n, W]} of all samples. */
  private INDArray represent(SourceSamples samples) {
    return represent(samples, IntStream.range(0, samples.size()).toArray());
  }

  /**
   * Representations {@code [n, W]} of chosen samples, of length 1 as in L_outer; texts of like
   * length share a batch.
   */
  private INDArray represent(SourceSamples samples, int[] chosen) {
    int[] order =
        IntStream.range(0, chosen.length)
            .boxed()
            .sorted(Comparator.comparingInt(i -> samples.length(chosen[i])))
            .mapToInt(Integer::intValue)
            .toArray();
    int width = frozen.network().backbone().width();
    float[] all = new float[Math.multiplyExact(chosen.length, width)];
    int batch = frozen.options().source().measuredAtOnce();
    for (int at = 0; at < order.length; at += batch) {
      int[] part = Arrays.copyOfRange(order, at, Math.min(order.length, at + batch));
      tape.reset();
      int[] numbers = Arrays.stream(part).map(i -> chosen[i]).toArray();
      float[] rows = representations(encoder, samples.batch(numbers)).value().toFloats();
      for (int i = 0; i < part.length; i++) {
        System.arraycopy(rows, i * width, all, part[i] * width, width);
      }
    }
    return unit(Nd4j.createFromArray(all).reshape(chosen.length, width));
  }

  @Override
  public void close() {
    tape.close();
    encoder.close();
  }
}
