package dev.mona.learner;

import dev.mona.metalearning.MetaStepOptions;
import dev.mona.tensor.ParameterGroup;
import java.io.Serializable;
import java.util.List;

/** What the alignment stage minimises. */
public sealed interface Alignment extends Serializable {

  /** The groups that a step changes. */
  List<ParameterGroup> stepped();

  /** Target batches that a batch has beside itself. */
  int besideBatch();

  /** Length of what is kept of an encoder of so many parameters. */
  long encoderMoments(long encoder);

  /**
   * MoNA: task loss and outer loss after a virtual step.
   *
   * @param step constants of the meta-step
   * @param shuffledLabels control: source labels permuted over the samples
   */
  record Bilevel(MetaStepOptions step, boolean shuffledLabels) implements Alignment {

    /** The same without the outer signal, which is measured all the same. */
    public Bilevel withoutSignal() {
      return new Bilevel(step.with(step.strength().none()), shuffledLabels);
    }

    /** The same with permuted source labels. */
    public Bilevel shuffled() {
      return new Bilevel(step, true);
    }

    @Override
    public List<ParameterGroup> stepped() {
      return List.of(ParameterGroup.EMBEDDER, ParameterGroup.HEAD);
    }

    @Override
    public int besideBatch() {
      return step.moreTargetBatches();
    }

    @Override
    public long encoderMoments(long encoder) {
      return step.stateLength(encoder);
    }
  }

  /**
   * ORCA: optimal transport distance of embedded target to source.
   *
   * @param sourceSamples source samples that stand for the source, all where there are fewer
   * @param regularisation of the entropic problems, in the units of squared feature distances
   * @param clusters pseudo classes of a target whose labels are not classes
   */
  record Transport(int sourceSamples, double regularisation, int clusters) implements Alignment {
    public Transport {
      if (sourceSamples < 2 || !(regularisation > 0) || clusters < 2) {
        throw new IllegalArgumentException(
            "source samples and clusters must be >= 2, the regularisation > 0: "
                + sourceSamples
                + ", "
                + clusters
                + ", "
                + regularisation);
      }
    }

    @Override
    public List<ParameterGroup> stepped() {
      return List.of(ParameterGroup.EMBEDDER);
    }

    @Override
    public int besideBatch() {
      return 0;
    }

    @Override
    public long encoderMoments(long encoder) {
      return 0;
    }
  }
}
