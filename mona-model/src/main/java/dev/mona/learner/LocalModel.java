package dev.mona.learner;

import dev.mona.compute.Array;
import dev.mona.compute.Device;
import dev.mona.network.Network;
import dev.mona.optimizer.FlatOptimizer;
import dev.mona.tensor.ParameterGroup;
import dev.mona.tensor.ParameterLayout;
import dev.mona.tensor.ParameterSet;
import dev.mona.tensor.Parameters;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** A learner's own parameters, gradients and moments on the device, loaded from flat states. */
final class LocalModel implements AutoCloseable {
  private final Device device;
  private final float[] pretrained;
  private final FinetuneScope scope;
  private final Parameters frozen;
  final ParameterSet parameters;
  final ParameterSet gradient;
  private final Map<ParameterGroup, Array> moments = new EnumMap<>(ParameterGroup.class);
  private boolean encoderIsPretrained;

  LocalModel(Network network, float[] pretrained, FinetuneScope scope, Device device) {
    this.device = device;
    this.pretrained = pretrained;
    this.scope = scope;
    parameters = network.zeros(device);
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
    prepare(stage);
    int at = 0;
    for (ParameterGroup group : trained) {
      Parameters part = parameters.get(group);
      int n = Math.toIntExact(part.length());
      part.assign(flat, at);
      at += n;
    }
  }

  /** Where the stage does not train the encoder, it is the pretrained one. */
  void prepare(Stage stage) {
    boolean trains = stage.trained().contains(ParameterGroup.ENCODER);
    if (!trains && !encoderIsPretrained) {
      parameters.encoder().assign(pretrained);
    }
    encoderIsPretrained = !trains;
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
        moments(group, m).put(flat, at);
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

  /** The moments of a group; one that is not used where there are none. */
  private Array moments(ParameterGroup group, int length) {
    Array moment = moments.get(group);
    if (moment == null || moment.length() != Math.max(1, length)) {
      if (moment != null) {
        moment.close();
      }
      moment = device.zeros(Math.max(1, length));
      moments.put(group, moment);
    }
    return moment;
  }

  /** Zeroes the gradients of a stage. */
  void clearGradient(Stage stage) {
    for (ParameterGroup group : stage.trained()) {
      gradient.get(group).clear();
    }
  }

  /** One optimizer step over some groups. */
  void step(List<ParameterGroup> groups, FlatOptimizer optimizer, long iteration, double rate) {
    for (ParameterGroup group : groups) {
      Parameters part = parameters.get(group);
      int m = Math.toIntExact(optimizer.momentLength(part.length()));
      Array slope = gradient.get(group).vector();
      optimizer.step(part.vector(), slope, moments(group, m), iteration, rate);
    }
    if (groups.contains(ParameterGroup.ENCODER)) {
      // exact for every update rule, weight decay included
      for (ParameterLayout.Entry entry : frozen.layout().entries()) {
        if (!scope.trains(entry.role())) {
          Array trained = parameters.encoder().view(entry.name());
          device.vectors().copy(frozen.view(entry.name()), trained);
        }
      }
    }
  }

  /** The parameters of a stage themselves, group by group. */
  List<Array> parameters(Stage stage) {
    List<Array> arrays = new ArrayList<>();
    for (ParameterGroup group : stage.trained()) {
      arrays.add(parameters.get(group).vector());
    }
    return arrays;
  }

  /** The moments of a stage themselves, group by group. */
  List<Array> moments(Stage stage, FlatOptimizer optimizer) {
    List<Array> arrays = new ArrayList<>();
    for (ParameterGroup group : stage.trained()) {
      int m = Math.toIntExact(optimizer.momentLength(parameters.get(group).length()));
      if (m > 0) {
        arrays.add(moments(group, m));
      }
    }
    return arrays;
  }

  /** The state of a stage, copied to the host. */
  TrainingState save(Stage stage, FlatOptimizer optimizer, long iteration) {
    float[] flat = new float[Math.toIntExact(parameters.length(stage.trained()))];
    float[] flatMoments = new float[momentLength(stage, optimizer)];
    int at = 0;
    int momentsAt = 0;
    for (ParameterGroup group : stage.trained()) {
      Array values = parameters.get(group).vector();
      values.get(flat, at);
      at += Math.toIntExact(values.length());
      int m = Math.toIntExact(optimizer.momentLength(values.length()));
      if (m > 0) {
        moments(group, m).get(flatMoments, momentsAt);
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
    moments.values().forEach(Array::close);
    moments.clear();
  }
}
