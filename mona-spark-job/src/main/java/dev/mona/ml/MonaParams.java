package dev.mona.ml;

import dev.mona.config.ConfigLayers;
import dev.mona.config.Method;
import dev.mona.config.MonaConfig;
import dev.mona.device.EngineName;
import dev.mona.learner.Stage;
import dev.mona.learner.StageOptions;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.spark.ml.param.BooleanParam;
import org.apache.spark.ml.param.DoubleParam;
import org.apache.spark.ml.param.IntParam;
import org.apache.spark.ml.param.LongParam;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.ParamValidators;
import org.apache.spark.ml.param.Params;
import scala.Function1;
import scala.runtime.AbstractFunction1;

/**
 * The params of an estimator or of its model: names, what they mean and what they may be. Defaults
 * are those of the configuration.
 */
final class MonaParams implements Serializable {
  private static final long serialVersionUID = 1L;

  private static final Function1<Object, Object> POSITIVE = ParamValidators.gt(0);
  private static final Function1<Object, Object> FROM_ONE = ParamValidators.gtEq(1);
  private static final Function1<Object, Object> FROM_ZERO = ParamValidators.gtEq(0);
  private static final Function1<String, Object> ANY = new Matching(".*");
  private static final Function1<String, Object> NAME = new Matching(".*\\S.*");
  private static final Function1<String, Object> SHAPE =
      new Matching("|[1-9][0-9]{0,8}(x[1-9][0-9]{0,8}){1,2}");

  /** Params of a stage. */
  record OfStage(IntParam epochs, DoubleParam learningRate, IntParam batchSize)
      implements Serializable {}

  final Param<String> method;
  final Param<String> backbone;
  final Param<String> source;
  final Map<Stage, OfStage> stages = new EnumMap<>(Stage.class);
  final Param<String> featuresCol;
  final Param<String> labelCol;
  final Param<String> predictionCol;
  final Param<String> probabilityCol;
  final Param<String> idCol;
  final Param<String> splitCol;
  final Param<String> inputShape;
  final BooleanParam dense;
  final LongParam seed;
  final IntParam workers;
  final Param<String> engine;
  final Param<String> config;
  final Param<String> output;

  private final List<Param<?>> all = new ArrayList<>();

  /** Declares the params of an owner and gives them their defaults. */
  MonaParams(Params owner) {
    MonaConfig defaults = defaults();
    method =
        text(
            owner,
            "method",
            "Training method: mona runs warm-up, alignment and finetuning, the others are what it is"
                + " compared with",
            ParamValidators.inArray(Arrays.stream(Method.values()).map(Method::id).toList()),
            defaults.method().id());
    backbone =
        text(
            owner,
            "backbone",
            "Pretrained encoder: minilm for the one in the jar, or a Hugging Face directory with"
                + " config.json and model.safetensors",
            NAME,
            defaults.backbone().weights());
    source =
        text(
            owner,
            "source",
            "Samples of the encoder's own modality: wordnet for the texts in the jar, or a Parquet"
                + " file or directory",
            NAME,
            FitConfig.WORDNET);
    for (Stage stage : Stage.values()) {
      stages.put(stage, stage(owner, stage, defaults.plan().stages().get(stage)));
    }
    featuresCol =
        text(
            owner,
            "featuresCol",
            "Column of the features: an array of numbers or a vector",
            NAME,
            "features");
    labelCol =
        text(
            owner,
            "labelCol",
            "Column of the label: the number of a class from 0, or an array of 0 and 1 for each"
                + " label, or, with dense, a field",
            NAME,
            "label");
    predictionCol =
        text(
            owner,
            "predictionCol",
            "Column of the prediction: the number of a class, those of the labels that hold, or a"
                + " field",
            NAME,
            "prediction");
    probabilityCol =
        text(
            owner,
            "probabilityCol",
            "Column of the probabilities of classes or labels, a vector; empty for none",
            ANY,
            "probability");
    idCol =
        text(
            owner,
            "idCol",
            "Column of a whole number that is each sample's own; empty to number rows as they come,"
                + " so that the result depends on their order",
            ANY,
            "");
    splitCol =
        text(
            owner,
            "splitCol",
            "Column that says train, val or test; empty to hold out a part of all rows to choose the"
                + " best epoch on (task.validation-fraction)",
            ANY,
            "");
    inputShape =
        text(
            owner,
            "inputShape",
            "Shape of a sample, row-major: 3x1000, or 3x32x32 for images; empty for one channel",
            SHAPE,
            "");
    dense =
        declared(
            owner,
            new BooleanParam(
                owner,
                "dense",
                "Whether labels are fields on the grid of the features, not 0 and 1 for each label"),
            false);
    seed =
        declared(
            owner,
            new LongParam(owner, "seed", "Seed of everything random"),
            defaults.run().seed());
    workers =
        declared(
            owner,
            new IntParam(
                owner,
                "workers",
                "Partitions of the training data, each trained by one task; 0 for Spark's default"
                    + " parallelism",
                FROM_ZERO),
            defaults.run().resources().partitions());
    engine =
        text(
            owner,
            "engine",
            "Library that computes",
            ParamValidators.inArray(
                Arrays.stream(EngineName.values()).map(EngineName::id).toList()),
            defaults.run().resources().device().engine().id());
    config =
        text(
            owner,
            "config",
            "Any other setting, as HOCON text with the keys of docs/configuration.md; a param that is"
                + " set beats it",
            ANY,
            "");
    output =
        text(
            owner,
            "output",
            "Directory that keeps the run's own directory, on any file system; empty for a temporary"
                + " one of the driver",
            ANY,
            "");
  }

  private OfStage stage(Params owner, Stage stage, StageOptions defaults) {
    String name = stage.id();
    return new OfStage(
        declared(
            owner,
            new IntParam(
                owner,
                name + "Epochs",
                "Epochs of " + name + " over the training samples; 0 skips it",
                FROM_ZERO),
            defaults.epochs()),
        declared(
            owner,
            new DoubleParam(
                owner, name + "LearningRate", "Peak learning rate of " + name, POSITIVE),
            defaults.optimizer().learningRate()),
        declared(
            owner,
            new IntParam(
                owner,
                name + "BatchSize",
                "Samples of one forward and backward pass of a worker in " + name,
                FROM_ONE),
            defaults.batchSize()));
  }

  private Param<String> text(
      Params owner, String name, String doc, Function1<String, Object> valid, String value) {
    Param<String> param = new Param<>(owner, name, doc, valid);
    all.add(param);
    Params unused = owner.setDefault(param, value);
    return param;
  }

  private <P extends Param<Object>> P declared(Params owner, P param, Object value) {
    all.add(param);
    Params unused = owner.setDefault(param, value);
    return param;
  }

  private static MonaConfig defaults() {
    return FitConfig.assumed(ConfigLayers.start(), "").load();
  }

  /** The params of a stage. */
  OfStage of(Stage stage) {
    return Objects.requireNonNull(stages.get(stage));
  }

  /** All of them, by name. */
  Param<?>[] all() {
    return all.stream().sorted((a, b) -> a.name().compareTo(b.name())).toArray(Param<?>[]::new);
  }

  /** Texts of a form. */
  private static final class Matching extends AbstractFunction1<String, Object>
      implements Serializable {
    private static final long serialVersionUID = 1L;

    private final String form;

    Matching(String form) {
      this.form = "(?s)" + form;
    }

    @Override
    public Object apply(String value) {
      return value.matches(form);
    }
  }
}
