package dev.mona.job;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.mona.MonaException;
import dev.mona.Quoted;
import dev.mona.compute.Device;
import dev.mona.compute.Precision;
import dev.mona.config.MonaConfig;
import dev.mona.device.DeviceRequest;
import dev.mona.device.EngineName;
import dev.mona.device.TaskDevice;
import dev.mona.device.WantedDevice;
import dev.mona.encoder.Encoder;
import dev.mona.encoder.EncoderFamily;
import dev.mona.network.Network;
import dev.mona.onnx.OnnxModel;
import dev.mona.storage.FileDigest;
import dev.mona.storage.Location;
import dev.mona.storage.Provenance;
import dev.mona.storage.RunDirectory;
import dev.mona.task.LossOptions;
import dev.mona.task.Prediction;
import dev.mona.task.SampleShape;
import dev.mona.task.TaskKind;
import dev.mona.task.TaskSpec;
import dev.mona.tensor.ParameterSet;
import dev.mona.training.ModelParameters;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/**
 * Writes the finetuned model of a run as ONNX, from the run's directory alone: neither data nor
 * Spark are needed.
 *
 * @param directory the run's directory
 * @param config its configuration
 * @param hadoop settings of the file systems
 */
public record OnnxExport(String directory, MonaConfig config, Configuration hadoop) {
  private static final JsonMapper JSON = new JsonMapper();
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_-][A-Za-z0-9._-]*");

  /**
   * The file that was written.
   *
   * @param output its address
   * @param digest what it holds
   * @param interfaces inputs and outputs of its graph, see {@link OnnxModel#interfaces}
   */
  public record Written(String output, FileDigest digest, Map<String, List<String>> interfaces) {}

  /**
   * Writes the file.
   *
   * @param file where it goes; must not exist
   */
  public Written write(String file) {
    Path target = Location.of(file);
    if (!NAME.matcher(target.getName()).matches()) {
      throw MonaException.configuration(
          "--onnx names the file "
              + Quoted.of(target.getName())
              + ": use letters, digits, '.', '_' or '-'");
    }
    Path parent = target.getParent();
    String folder = parent == null || parent.toString().isEmpty() ? "." : parent.toString();
    try (RunDirectory run = RunDirectory.open(directory, hadoop);
        RunDirectory to = RunDirectory.open(folder, hadoop)) {
      if (to.exists(target.getName())) {
        throw MonaException.configuration("--onnx " + file + " exists: name a new file");
      }
      TrainedModel.requireFinetuned(run);
      return write(run, to, target.getName());
    }
  }

  private Written write(RunDirectory run, RunDirectory to, String name) {
    JsonNode provenance = Provenance.read(run);
    TaskSpec task = task(run, provenance.path("task"));
    task = task.with(TrainedModel.scale(run, task.outputs()));
    Network network = Network.of(task, config.embedder(), encoder(run));
    ModelParameters trained = TrainedModel.read(run, network);
    EngineName engine = config.run().resources().device().engine();
    Device device =
        TaskDevice.bind(new DeviceRequest(engine, Precision.FLOAT32, WantedDevice.AUTO), 0);
    OnnxModel model;
    try (ParameterSet parameters = network.zeros(device)) {
      trained.groups().forEach((group, flat) -> parameters.get(group).assign(flat));
      model = OnnxModel.of(network, parameters, device, facts(task, provenance));
    }
    FileDigest written = to.write(name, model::write);
    return new Written(to.location(name), written, model.interfaces());
  }

  private static TaskSpec task(RunDirectory run, JsonNode facts) {
    try {
      List<String> names = new ArrayList<>();
      facts.path("class_names").forEach(name -> names.add(name.asText()));
      TaskKind kind = TaskKind.valueOf(facts.path("kind").asText());
      SampleShape shape =
          new SampleShape(
              facts.path("channels").asInt(),
              facts.path("height").asInt(),
              facts.path("width").asInt());
      return new TaskSpec(
          facts.path("name").asText(),
          shape,
          Prediction.of(kind, facts.path("outputs").asInt(), names),
          LossOptions.of(kind));
    } catch (IllegalArgumentException e) {
      throw new MonaException(
          MonaException.Category.STORAGE,
          run.location(RunDirectory.PROVENANCE)
              + " does not say what the task is: the run was made by an earlier version, train it again",
          e);
    }
  }

  private Encoder encoder(RunDirectory run) {
    String where = run.location(TrainedModel.CONFIG);
    return run.read(TrainedModel.CONFIG, (in, length) -> EncoderFamily.read(in, where))
        .with(config.backbone().window());
  }

  private Map<String, String> facts(TaskSpec task, JsonNode provenance) {
    Map<String, String> facts = new LinkedHashMap<>();
    facts.put("task", task.name());
    facts.put("kind", task.kind().name());
    facts.put("method", config.method().id());
    facts.put("mona_version", provenance.path("mona_version").asText());
    facts.put("config_sha256", provenance.path("config_sha256").asText());
    try {
      facts.put("class_names", JSON.writeValueAsString(task.classNames()));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("names always have a JSON form", e);
    }
    return facts;
  }
}
