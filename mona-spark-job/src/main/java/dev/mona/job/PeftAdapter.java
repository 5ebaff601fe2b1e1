package dev.mona.job;

import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.mona.StoredJson;
import dev.mona.adapter.LowRankAdapters;
import dev.mona.storage.ContentWriter;
import dev.mona.storage.RunDirectory;
import dev.mona.storage.SealedFolder;
import dev.mona.tensor.ParameterLayout;
import dev.mona.weights.Safetensors;
import dev.mona.weights.WeightTensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The adapters of a run in the layout of PEFT, to be put on the pretrained encoder that the run
 * started from: {@code adapter_model.safetensors} with A and B of each projection and {@code
 * adapter_config.json}. They are in a folder of their own, since Transformers would put them on the
 * finetuned model, into which they are merged already.
 */
final class PeftAdapter {
  private static final String MODEL_FILE = "adapter_model.safetensors";
  private static final String CONFIG_FILE = "adapter_config.json";

  /** What PEFT's wrappers put before the names of a model. */
  private static final String PREFIX = "base_model.model.";

  private static final JsonMapper JSON =
      StoredJson.mapper().enable(SerializationFeature.INDENT_OUTPUT).build();

  private PeftAdapter() {}

  /**
   * Writes the adapters.
   *
   * @param factors flat values of A and B
   */
  static void write(RunDirectory run, LowRankAdapters adapters, float[] factors) {
    List<WeightTensor> tensors = new ArrayList<>();
    for (ParameterLayout.Entry entry : adapters.layout().entries()) {
      int from = Math.toIntExact(entry.offset());
      float[] values = Arrays.copyOfRange(factors, from, from + Math.toIntExact(entry.length()));
      tensors.add(new WeightTensor(PREFIX + entry.name(), entry.shape(), values));
    }
    Map<String, ContentWriter> files = new LinkedHashMap<>();
    files.put(MODEL_FILE, out -> Safetensors.write(out, tensors, Map.of("format", "pt")));
    files.put(CONFIG_FILE, out -> out.write(JSON.writeValueAsBytes(config(adapters))));
    SealedFolder.write(run, RunDirectory.ADAPTER, files);
  }

  /** What PEFT reads; what is left out has the value that it has in {@link LowRankAdapters}. */
  private static ObjectNode config(LowRankAdapters adapters) {
    ObjectNode json = JSON.createObjectNode().put("peft_type", "LORA");
    json.putNull("task_type");
    json.putNull("base_model_name_or_path");
    json.put("inference_mode", true);
    json.put("r", adapters.options().rank());
    double alpha = adapters.options().scale() * adapters.options().rank();
    if (alpha == Math.rint(alpha) && alpha < Integer.MAX_VALUE) {
      json.put("lora_alpha", (int) alpha);
    } else {
      json.put("lora_alpha", alpha);
    }
    json.put("lora_dropout", 0.0);
    json.put("bias", "none");
    json.put("fan_in_fan_out", false);
    adapters.projections().forEach(json.putArray("target_modules")::add);
    return json;
  }
}
