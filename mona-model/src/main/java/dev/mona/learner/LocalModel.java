package dev.mona.learner;

import dev.mona.adapter.LowRankAdapters;
import dev.mona.autodiff.Tape;
import dev.mona.compute.Array;
import dev.mona.compute.Device;
import dev.mona.compute.Scalar;
import dev.mona.compute.Vectors;
import dev.mona.finetuning.L2Sp;
import dev.mona.nn.LeafSet;
import dev.mona.nn.Leaves;
import dev.mona.optimizer.FlatOptimizer;
import dev.mona.optimizer.LayerDecay;
import dev.mona.optimizer.OptimizerOptions;
import dev.mona.optimizer.WeightAverage;
import dev.mona.tensor.ParameterGroup;
import dev.mona.tensor.ParameterLayout;
import dev.mona.tensor.ParameterSet;
import dev.mona.tensor.Parameters;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A learner's own parameters, gradients and moments on the device, loaded from flat states. Where
 * adapters are trained, they are what states hold of the encoder, and it stays the pretrained one.
 */
final class LocalModel implements AutoCloseable {
  private final Device device;
  private final LearnerOptions options;
  private final float[] pretrained;
  private final FinetuneScope scope;
  private final @Nullable LowRankAdapters adapters;
  private final Parameters frozen;
  final ParameterSet parameters;
  final ParameterSet gradient;

  /** What states hold of each group, and its gradient. */
  private final ParameterSet trained;

  private final ParameterSet trainedGradient;
  private final Map<ParameterGroup, Array> moments = new EnumMap<>(ParameterGroup.class);
  private final @Nullable L2Sp pull;
  private final @Nullable LayerDecay layers;
  private boolean encoderIsPretrained;

  LocalModel(FrozenModel model, Device device) {
    this.device = device;
    options = model.options();
    pretrained = model.pretrained().encoder();
    scope = options.plan().finetuning().scope();
    adapters = model.adapters();
    parameters = model.network().zeros(device);
    gradient = parameters.zeros();
    trained = adapters == null ? parameters : adapted(parameters, adapters);
    trainedGradient = adapters == null ? gradient : adapted(gradient, adapters);
    double weight = options.plan().finetuning().pull();
    boolean needed = scope != FinetuneScope.ALL || weight > 0;
    frozen = needed ? parameters.encoder().zerosLike() : parameters.encoder();
    if (needed) {
      frozen.assign(pretrained);
    }
    double decay = options.plan().finetuning().layerDecay();
    layers = decay == 1 ? null : new LayerDecay(trained.encoder().layout(), decay);
    pull = weight > 0 ? new L2Sp(weight, frozen.vector()) : null;
  }

  private ParameterSet adapted(ParameterSet of, LowRankAdapters by) {
    Parameters factors = Parameters.zeros(by.layout(), device);
    return new ParameterSet(of.embedder(), factors, of.head());
  }

  /** The parameters as leaves of a tape, with the adapters of a stage that trains them. */
  LeafSet leaves(Stage stage, Tape tape) {
    LeafSet leaves = LeafSet.of(tape, parameters);
    if (adapters == null || !stage.trained().contains(ParameterGroup.ENCODER)) {
      return leaves;
    }
    Leaves encoder = adapters.on(tape, leaves.encoder(), trained.encoder());
    return new LeafSet(leaves.embedder(), encoder, leaves.head());
  }

  /** The gradients of what a stage trains. */
  ParameterSet gradients(Stage stage) {
    return stage == Stage.FINETUNING ? trainedGradient : gradient;
  }

  /**
   * Takes over parameters; where the stage does not train the encoder, it is the pretrained one.
   */
  void load(Stage stage, float[] flat) {
    List<ParameterGroup> groups = stage.trained();
    if (flat.length != trained.length(groups)) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "a state of %d parameters does not fit stage %s, which has %d",
              flat.length,
              stage.id(),
              trained.length(groups)));
    }
    prepare(stage);
    int at = 0;
    for (ParameterGroup group : groups) {
      Parameters part = trained.get(group);
      int n = Math.toIntExact(part.length());
      part.assign(flat, at);
      at += n;
    }
  }

  /** Where the stage does not train the encoder, it is the pretrained one. */
  void prepare(Stage stage) {
    boolean trains = adapters == null && stage.trained().contains(ParameterGroup.ENCODER);
    if (!trains && !encoderIsPretrained) {
      parameters.encoder().assign(pretrained);
    }
    encoderIsPretrained = !trains;
  }

  /** Takes over the moments. */
  void loadMoments(Stage stage, float[] flat) {
    Map<ParameterGroup, Integer> lengths = momentLengths(stage);
    int expected = momentLength(stage);
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
    for (Map.Entry<ParameterGroup, Integer> each : lengths.entrySet()) {
      moments(each.getKey(), each.getValue()).put(flat, at);
      at += each.getValue();
    }
  }

  /** Length of the moments of a stage. */
  int momentLength(Stage stage) {
    int length = 0;
    for (int m : momentLengths(stage).values()) {
      length = Math.addExact(length, m);
    }
    return length;
  }

  /**
   * Lengths of the moments, of the groups that have any: the optimizer's and the average, and what
   * the alignment keeps of the encoder, which it does not train.
   */
  private Map<ParameterGroup, Integer> momentLengths(Stage stage) {
    Map<ParameterGroup, Integer> lengths = new LinkedHashMap<>();
    for (ParameterGroup group : stage.trained()) {
      lengths.put(group, momentLength(stage, group));
    }
    lengths.merge(ParameterGroup.ENCODER, encoderMoments(stage), Integer::sum);
    lengths.values().removeIf(m -> m == 0);
    return lengths;
  }

  private int momentLength(Stage stage, ParameterGroup group) {
    OptimizerOptions optimizer = options.stage(stage).optimizer();
    return Math.toIntExact(optimizer.momentLength(trained.get(group).length()));
  }

  private int encoderMoments(Stage stage) {
    return Math.toIntExact(options.encoderMoments(stage, parameters.encoder().length()));
  }

  /** What the alignment keeps of the encoder, where it keeps any. */
  Array encoderMoments() {
    return moments(ParameterGroup.ENCODER, encoderMoments(Stage.ALIGNMENT));
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
      gradients(stage).get(group).clear();
    }
  }

  /**
   * Adds the pull towards theta_0 to the gradient of a stage that has one.
   *
   * @return how far the encoder is from theta_0; null where nothing pulls
   */
  @Nullable Scalar addPull(Stage stage) {
    if (pull == null || !stage.trained().contains(ParameterGroup.ENCODER)) {
      return null;
    }
    return pull.addGradient(parameters.encoder().vector(), gradient.encoder().vector());
  }

  /** One optimizer step over what a step of a stage changes. */
  void step(Stage stage, long iteration, double rate) {
    FlatOptimizer rule = options.stage(stage).optimizer().rule();
    List<ParameterGroup> groups = options.stepped(stage);
    for (ParameterGroup group : groups) {
      Parameters part = trained.get(group);
      long m = rule.momentLength(part.length());
      Array moments = moments(group, momentLength(stage, group));
      Array own = m == 0 ? moments : moments.view(0, m);
      Array slope = gradients(stage).get(group).vector();
      if (layers != null && group == ParameterGroup.ENCODER) {
        layers.step(rule, part.vector(), slope, own, iteration, rate);
      } else {
        rule.step(part.vector(), slope, own, iteration, rate);
      }
    }
    if (scope != FinetuneScope.ALL && groups.contains(ParameterGroup.ENCODER)) {
      // exact for every update rule, weight decay included
      for (ParameterLayout.Entry entry : frozen.layout().entries()) {
        if (!scope.trains(entry.role())) {
          Array trained = parameters.encoder().view(entry.name());
          device.vectors().copy(frozen.view(entry.name()), trained);
        }
      }
    }
  }

  /**
   * Takes the parameters after a step into their average, where a stage keeps one; gradients are
   * overwritten.
   */
  void average(Stage stage, long iteration) {
    WeightAverage average = options.stage(stage).optimizer().average();
    if (average != null) {
      for (ParameterGroup group : stage.trained()) {
        Array scratch = gradients(stage).get(group).vector();
        average.step(trained.get(group).vector(), averaged(stage, group), scratch, iteration);
      }
    }
  }

  /** The average of a group, behind its moments. */
  private Array averaged(Stage stage, ParameterGroup group) {
    Array moments = moments(group, momentLength(stage, group));
    long n = trained.get(group).length();
    return moments.view(moments.length() - n, n);
  }

  /**
   * Puts the average of a stage in the place of the parameters for a while, in the same arrays, so
   * that the result is that of a model which has them, bit for bit. Gradients are overwritten.
   */
  <T> T underAverage(Stage stage, Supplier<T> use) {
    List<ParameterGroup> groups = stage.trained();
    Vectors vectors = device.vectors();
    for (ParameterGroup group : groups) {
      Array values = trained.get(group).vector();
      vectors.copy(values, gradients(stage).get(group).vector());
      vectors.copy(averaged(stage, group), values);
    }
    try {
      return use.get();
    } finally {
      for (ParameterGroup group : groups) {
        vectors.copy(gradients(stage).get(group).vector(), trained.get(group).vector());
      }
    }
  }

  /** The parameters of a stage themselves, group by group. */
  List<Array> parameters(Stage stage) {
    List<Array> arrays = new ArrayList<>();
    for (ParameterGroup group : stage.trained()) {
      arrays.add(trained.get(group).vector());
    }
    return arrays;
  }

  /** The moments of a stage themselves, group by group. */
  List<Array> moments(Stage stage) {
    List<Array> arrays = new ArrayList<>();
    momentLengths(stage).forEach((group, m) -> arrays.add(moments(group, m)));
    return arrays;
  }

  /** The state of a stage, copied to the host. */
  TrainingState save(Stage stage, long iteration) {
    float[] flat = new float[Math.toIntExact(trained.length(stage.trained()))];
    float[] flatMoments = new float[momentLength(stage)];
    copy(parameters(stage), flat);
    copy(moments(stage), flatMoments);
    return new TrainingState(flat, flatMoments, iteration);
  }

  private static void copy(List<Array> arrays, float[] to) {
    int at = 0;
    for (Array array : arrays) {
      array.get(to, at);
      at += Math.toIntExact(array.length());
    }
  }

  @Override
  public void close() {
    parameters.close();
    gradient.close();
    trained.close();
    trainedGradient.close();
    frozen.close();
    if (pull != null) {
      pull.close();
    }
    moments.values().forEach(Array::close);
    moments.clear();
  }
}
