package dev.mona.provenance;

import dev.mona.device.DeviceRequest;
import dev.mona.inputs.JobInputs;
import dev.mona.storage.Version;
import dev.mona.task.TaskSpec;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.SparkSession;

/** The facts of provenance.json: what made the outputs of a run. */
public final class RunFacts {
  private RunFacts() {}

  /**
   * The facts of a run that starts.
   *
   * @param devices what its tasks compute on, in words
   */
  public static Map<String, Object> of(
      SparkSession spark,
      JobInputs inputs,
      InputChecksums checksums,
      Parallelism parallelism,
      List<String> devices) {
    Map<String, Object> facts = new LinkedHashMap<>();
    facts.put("mona_version", Version.current());
    facts.put("config_sha256", inputs.config().hash());
    facts.put("method", inputs.config().method().id());
    facts.put("seed", inputs.config().run().seed());
    facts.put("threads_per_task", inputs.config().run().resources().threadsPerTask());
    parallelism.describe(facts);
    DeviceRequest device = inputs.config().run().resources().device();
    facts.put("engine", device.engine().id());
    facts.put("precision", device.precision().id());
    facts.put("devices", devices);
    facts.put("averaging", inputs.config().averaging().facts());
    facts.put("task", task(inputs.options().task()));
    Map<String, Object> data = new LinkedHashMap<>();
    data.put("name", inputs.target().data().manifest().name());
    data.put("licence", inputs.target().data().manifest().origin().licence());
    checksums.describe(InputChecksums.DATA, data);
    data.put("train_samples", inputs.splits().trainSize());
    data.put("validation_samples", inputs.splits().validationSize());
    data.put("test_samples", inputs.splits().testSize());
    facts.put(InputChecksums.DATA, data);
    Map<String, Object> backbone = new LinkedHashMap<>();
    backbone.put("weights", inputs.config().backbone().weights());
    backbone.put("kind", inputs.weights().shape().kind());
    checksums.describe(InputChecksums.BACKBONE, backbone);
    facts.put(InputChecksums.BACKBONE, backbone);
    Map<String, Object> source = new LinkedHashMap<>();
    source.put("samples", inputs.source().train().size());
    source.put("classes", inputs.source().train().classNames().size());
    checksums.describe(InputChecksums.SOURCE, source);
    facts.put(InputChecksums.SOURCE, source);
    Map<String, Object> versions = new LinkedHashMap<>();
    versions.put("spark", spark.version());
    versions.put("java", System.getProperty("java.version"));
    versions.put("os", System.getProperty("os.name") + " " + System.getProperty("os.arch"));
    facts.put("versions", versions);
    return facts;
  }

  /** What readers of labels and predictions need to know. */
  private static Map<String, Object> task(TaskSpec task) {
    Map<String, Object> facts = new LinkedHashMap<>();
    facts.put("name", task.name());
    facts.put("kind", task.kind().name());
    facts.put("channels", task.shape().channels());
    facts.put("height", task.shape().height());
    facts.put("width", task.shape().width());
    facts.put("outputs", task.outputs());
    facts.put("class_names", task.classNames());
    return facts;
  }
}
