package dev.mona.learner;

import dev.mona.compute.Array;
import dev.mona.compute.Device;
import dev.mona.compute.DeviceSpec;
import dev.mona.compute.ElementType;
import dev.mona.compute.Engines;
import dev.mona.task.PartitionSamples;
import dev.mona.task.SampleBlock;
import java.util.List;

/** The state of a learner that has no arrays, which is copied in and out of some. */
public class HeldOnHost implements Held {
  private final Learner learner;
  private final Stage stage;
  private final Array parameters;
  private final Array moments;
  private final int momentLength;
  private long iteration;

  /**
   * A copy of a state.
   *
   * @param learner has a way of its own to run a round
   */
  public HeldOnHost(Learner learner, Stage stage, TrainingState state) {
    this.learner = learner;
    this.stage = stage;
    this.iteration = state.iteration();
    Device device = Engines.named("nd4j").open(DeviceSpec.of(ElementType.FLOAT));
    momentLength = state.moments().length;
    parameters = device.of(state.parameters(), state.parameters().length);
    moments = device.zeros(Math.max(1, momentLength));
    put(state);
  }

  private void put(TrainingState state) {
    parameters.put(state.parameters(), 0);
    if (momentLength > 0) {
      moments.put(state.moments(), 0);
    }
  }

  @Override
  public LocalResult run(RoundWork work, PartitionSamples samples, Runnable step) {
    RoundResult result = learner.run(work, save(), samples, step);
    put(result.state());
    iteration = result.state().iteration();
    return new LocalResult(result.examples(), result.metrics(), result.counts());
  }

  @Override
  public List<Array> parameters() {
    return List.of(parameters);
  }

  @Override
  public List<Array> moments() {
    return momentLength == 0 ? List.of() : List.of(moments);
  }

  @Override
  public void averaged(long reached) {
    iteration = reached;
  }

  @Override
  public long iteration() {
    return iteration;
  }

  @Override
  public float[] predict(SampleBlock block) {
    TrainingState scored = new TrainingState(result(save()), new float[0], iteration);
    return learner.predict(stage, scored, block);
  }

  /** What the stage makes of a state: its parameters, unless a learner says otherwise. */
  protected float[] result(TrainingState state) {
    return state.parameters();
  }

  @Override
  public TrainingState save() {
    return new TrainingState(
        parameters.toFloats(), momentLength == 0 ? new float[0] : moments.toFloats(), iteration);
  }
}
