package dev.mona.provenance;

import com.fasterxml.jackson.databind.JsonNode;
import dev.mona.MonaException;
import dev.mona.config.MonaConfig;
import dev.mona.config.SourceConfig;
import dev.mona.data.Manifest;
import dev.mona.data.Split;
import dev.mona.data.SplitFiles;
import dev.mona.inputs.JobInputs;
import dev.mona.inputs.SourceProxy;
import dev.mona.network.PretrainedWeights;
import dev.mona.source.SourceImages;
import dev.mona.source.SourceSamples;
import dev.mona.source.SourceTexts;
import dev.mona.storage.Location;
import dev.mona.storage.RunDirectory;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.hadoop.fs.Path;

/**
 * Checksums of what a run computes from, as its provenance.json holds them: the files of the data
 * set, the pretrained model as it was loaded, the source samples as they were tokenised or decoded.
 *
 * @param all one for each input
 */
public record InputChecksums(List<Input> all) {
  static final String DATA = "data";
  static final String BACKBONE = "backbone";
  static final String SOURCE = "source";

  private static final String NONE = "none";

  /**
   * One input.
   *
   * @param section its section of provenance.json
   * @param key its key there
   * @param what what a message calls it
   * @param sha256 its checksum, or {@code none} for a split that the set does not have
   */
  record Input(String section, String key, String what, String sha256) {}

  public InputChecksums {
    all = List.copyOf(all);
  }

  public static InputChecksums of(JobInputs inputs) {
    MonaConfig config = inputs.config();
    List<Input> all = new ArrayList<>();
    Manifest manifest = inputs.target().data().manifest();
    for (Split split : Split.values()) {
      Optional<SplitFiles> files = manifest.split(split);
      String name = files.map(SplitFiles::name).orElse("split " + split.id());
      all.add(
          new Input(
              DATA,
              split.id() + "_sha256",
              new Path(Location.of(config.task().data().path()), name).toString(),
              files.map(SplitFiles::sha256).orElse(NONE)));
    }
    all.add(
        new Input(
            BACKBONE,
            "encoder_sha256",
            "the pretrained encoder " + config.backbone().weights(),
            of(inputs.weights())));
    all.add(
        new Input(
            SOURCE,
            "samples_sha256",
            "the set of source samples of " + where(config.source()),
            of(inputs.source())));
    return new InputChecksums(all);
  }

  private static String where(SourceConfig source) {
    return switch (source.set().kind()) {
      case WORDNET -> "WordNet";
      case PARQUET -> source.set().path();
    };
  }

  private static String of(PretrainedWeights weights) {
    ByteArrayOutputStream config = new ByteArrayOutputStream();
    try {
      weights.shape().write(config);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    ValueDigest digest = new ValueDigest().add(config.toByteArray()).add(weights.encoder());
    weights.embeddings().forEach((name, tensor) -> digest.add(name).add(tensor.values()));
    return digest.sha256();
  }

  private static String of(SourceProxy source) {
    ValueDigest digest = new ValueDigest();
    for (SourceSamples samples : source.all()) {
      if (samples instanceof SourceTexts texts) {
        digest.add(texts.tokens()).add(texts.offsets());
      } else {
        digest.add(((SourceImages) samples).pixels());
      }
      digest.add(samples.labels());
    }
    return digest.sha256();
  }

  /** Puts the checksums of a section among its facts. */
  void describe(String section, Map<String, Object> facts) {
    for (Input input : all) {
      if (input.section().equals(section) && !input.sha256().equals(NONE)) {
        facts.put(input.key(), input.sha256());
      }
    }
  }

  /**
   * Refuses to continue a run that was started with other inputs. One that was stopped before it
   * wrote its provenance has computed nothing yet.
   *
   * @param facts its provenance.json, if it has one
   * @throws MonaException of the category {@code CONFIGURATION}, naming the first input that
   *     differs
   */
  public void requireSame(RunDirectory run, Optional<JsonNode> facts) {
    if (facts.isEmpty()) {
      if (!run.list(RunDirectory.CHECKPOINTS).isEmpty()) {
        throw MonaException.configuration(
            run.location()
                + " holds checkpoints but no provenance.json to compare data and weights with: start a new run");
      }
      return;
    }
    JsonNode started = facts.get();
    for (Input input : all) {
      String before = started.path(input.section()).path(input.key()).asText(NONE);
      if (!before.equals(input.sha256())) {
        throw MonaException.configuration(
            "%s has SHA-256 %s and was %s when %s was started: put it back as it was, or start a new run"
                .formatted(input.what(), input.sha256(), before, run.location()));
      }
    }
  }
}
