package dev.mona.learner;

import dev.mona.network.Network;
import dev.mona.optimizer.FlatOptimizer;
import dev.mona.tensor.HostFloats;
import dev.mona.tensor.ParameterGroup;
import dev.mona.tensor.ParameterLayout;
import dev.mona.tensor.ParameterSet;
import dev.mona.tensor.Parameters;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

/** A learner's own parameters, gradients and moments on the device, loaded from flat states. */
final class LocalModel implements AutoCloseable {
  private final float[] pretrained;
  private final FinetuneScope scope;
  private final Parameters frozen;
  final ParameterSet parameters;
  final ParameterSet gradient;
  private final Map<ParameterGroup, INDArray> moments = new EnumMap<>(ParameterGroup.class);
  private boolean encoderIsPretrained;

  LocalModel(Network network, float[] pretrained, FinetuneScope scope) {
    this.pretrained = pretrained;
    this.scope = scope;
    parameters = network.zeros(DataType.FLOAT);
    gradient = parameters.zeros();
    frozen = scope == FinetuneScope.ALL ? parameters.encoder() : parameters.encoder().zerosLike();
    if (scope != FinetuneScope.ALL) {
      frozen.assign(pretrained);
    }
  }

  /**
   * Takes over parameters; where the stage does not train the encoder, it is the pretrained one.
   */
  void load(Stage stage, float[] flat) {
    List<ParameterGroup> trained = stage.trained();
    if (flat.length != parameters.length(trained)) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "a state of %d parameters does not fit stage %s, which has %d",
              flat.length,
              stage.id(),
              parameters.length(trained)));
    }
    if (!trained.contains(ParameterGroup.ENCODER) && !encoderIsPretrained) {
      parameters.encoder().assign(pretrained);
    }
    encoderIsPretrained = !trained.contains(ParameterGroup.ENCODER);
    int at = 0;
    for (ParameterGroup group : trained) {
      Parameters part = parameters.get(group);
      int n = Math.toIntExact(part.length());
      part.assign(flat, at);
      at += n;
    }
  }

  /** Takes over the optimizer's moments. */
  void loadMoments(Stage stage, FlatOptimizer optimizer, float[] flat) {
    int expected = momentLength(stage, optimizer);
    if (flat.length != expected) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "a state of %d moments does not fit stage %s, which has %d",
              flat.length,
              stage.id(),
              expected));
    }
    int at = 0;
    for (ParameterGroup group : stage.trained()) {
      int m = Math.toIntExact(optimizer.momentLength(parameters.get(group).length()));
      if (m > 0) {
        HostFloats.copy(flat, at, moments(group, m));
      }
      at += m;
    }
  }

  private int momentLength(Stage stage, FlatOptimizer optimizer) {
    long length = 0;
    for (ParameterGroup group : stage.trained()) {
      length += optimizer.momentLength(parameters.get(group).length());
    }
    return Math.toIntExact(length);
  }

  private INDArray moments(ParameterGroup group, int length) {
    INDArray moment = moments.get(group);
    if (moment == null || moment.length() != Math.max(1, length)) {
      if (moment != null) {
        moment.close();
      }
      moment = Nd4j.zeros(DataType.FLOAT, Math.max(1, length));
      moments.put(group, moment);
    }
    return moment;
  }

  /** Zeroes the gradients of a stage. */
  void clearGradient(Stage stage) {
    for (ParameterGroup group : stage.trained()) {
      gradient.get(group).vector().assign(0);
    }
  }

  /** One optimizer step over some groups. */
  void step(List<ParameterGroup> groups, FlatOptimizer optimizer, long iteration, double rate) {
    for (ParameterGroup group : groups) {
      Parameters part = parameters.get(group);
      long m = optimizer.momentLength(part.length());
      INDArray moment = moments(group, Math.toIntExact(m));
      INDArray used = m == 0 ? moment.get(NDArrayIndex.interval(0, 0)) : moment;
      optimizer.step(part.vector(), gradient.get(group).vector(), used, iteration, rate);
    }
    if (groups.contains(ParameterGroup.ENCODER)) {
      // exact for every update rule, weight decay included
      for (ParameterLayout.Entry entry : frozen.layout().entries()) {
        if (!scope.trains(entry.role())) {
          parameters.encoder().view(entry.name()).assign(frozen.view(entry.name()));
        }
      }
    }
  }

  /** The state of a stage, copied to the host. */
  TrainingState save(Stage stage, FlatOptimizer optimizer, long iteration) {
    float[] flat = new float[Math.toIntExact(parameters.length(stage.trained()))];
    float[] flatMoments = new float[momentLength(stage, optimizer)];
    int at = 0;
    int momentsAt = 0;
    for (ParameterGroup group : stage.trained()) {
      INDArray values = parameters.get(group).vector();
      HostFloats.copy(values, flat, at);
      at += Math.toIntExact(values.length());
      int m = Math.toIntExact(optimizer.momentLength(values.length()));
      if (m > 0) {
        HostFloats.copy(moments(group, m), flatMoments, momentsAt);
      }
      momentsAt += m;
    }
    return new TrainingState(flat, flatMoments, iteration);
  }

  @Override
  public void close() {
    parameters.close();
    gradient.close();
    frozen.close();
    moments.values().forEach(INDArray::close);
    moments.clear();
  }
}
