package dev.mona.checkpoint;

import dev.mona.MonaException;
import dev.mona.learner.TrainingState;
import dev.mona.storage.FileDigest;
import dev.mona.storage.RunDirectory;
import dev.mona.weights.Safetensors;
import dev.mona.weights.WeightTensor;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The checkpoints of one run. Each is a directory {@code checkpoints/<stage>-<epochs>-<rounds>}
 * with {@code state.safetensors}, {@code best.safetensors} where an epoch was scored, {@code
 * epoch.safetensors} where the start of an unfinished epoch is needed, and {@code manifest.json}
 * with their checksums; it gets its name by a rename, when it is complete. The last few are kept:
 * {@link CheckpointName#superfluous}.
 */
public final class CheckpointStore {
  public static final int DEFAULT_RETAINED = 2;

  private static final Logger log = LoggerFactory.getLogger(CheckpointStore.class);
  private static final String MANIFEST = "manifest.json";
  private static final String STATE = "state.safetensors";
  private static final String BEST = "best.safetensors";
  private static final String EPOCH = "epoch.safetensors";
  private static final String PARAMETERS = "parameters";
  private static final String MOMENTS = "moments";
  private static final int MAXIMUM_MANIFEST = 1 << 26;

  private final RunDirectory run;
  private final String configHash;
  private final int retained;

  /**
   * The checkpoints of a run.
   *
   * @param configHash hash of the run's resolved configuration; a checkpoint of another one is
   *     refused
   * @param retained how many at the end of an epoch to keep, {@code >= 1}
   */
  public CheckpointStore(RunDirectory run, String configHash, int retained) {
    if (retained < 1) {
      throw new IllegalArgumentException("retained is " + retained + ", must be >= 1");
    }
    this.run = run;
    this.configHash = configHash;
    this.retained = retained;
  }

  /** Writes a checkpoint and drops the oldest ones. */
  public void save(Checkpoint checkpoint) {
    String target = directory(checkpoint.name());
    String temporary = RunDirectory.temporary(target);
    clean();
    Map<String, FileDigest> files = new LinkedHashMap<>();
    TrainingState state = checkpoint.state();
    files.put(
        STATE,
        write(
            temporary + "/" + STATE,
            tensor(PARAMETERS, state.parameters()),
            tensor(MOMENTS, state.moments())));
    BestEpoch best = checkpoint.best();
    if (best != null) {
      files.put(BEST, write(temporary + "/" + BEST, tensor(PARAMETERS, best.parameters())));
    }
    EpochUnderWay underWay = checkpoint.underWay();
    float[] start = underWay.start();
    if (start != null) {
      files.put(EPOCH, write(temporary + "/" + EPOCH, tensor(PARAMETERS, start)));
    }
    Manifest manifest =
        new Manifest(
            Manifest.FORMAT,
            configHash,
            checkpoint.stage(),
            checkpoint.epochs(),
            underWay.rounds(),
            underWay.examples(),
            underWay.sums(),
            underWay.counts(),
            state.iteration(),
            best == null ? Manifest.NO_EPOCH : best.epoch(),
            best == null ? Double.NaN : best.score(),
            checkpoint.reference(),
            checkpoint.staleEpochs(),
            checkpoint.history(),
            files);
    run.writeText(temporary + "/" + MANIFEST, manifest.toJson());
    if (run.exists(target)) {
      run.deleteDirectory(target);
    }
    run.moveDirectory(temporary, target);
    for (CheckpointName old : CheckpointName.superfluous(names(), retained)) {
      run.deleteDirectory(directory(old.name()));
    }
    log.info("event=checkpoint name={} files={}", checkpoint.name(), files.size() + 1);
  }

  /** Whether there is any checkpoint. */
  public boolean isEmpty() {
    return names().isEmpty();
  }

  /**
   * The newest checkpoint.
   *
   * @throws MonaException if it is damaged, or of a run with another configuration
   */
  public Optional<Checkpoint> latest() {
    List<CheckpointName> names = names();
    return names.isEmpty() ? Optional.empty() : Optional.of(read(names.get(names.size() - 1)));
  }

  private Checkpoint read(CheckpointName name) {
    String directory = directory(name.name());
    Manifest manifest = readManifest(directory);
    if (!manifest.configHash().equals(configHash)) {
      throw refused(
          directory,
          "was written with configuration " + manifest.configHash() + ", this one is " + configHash,
          "resume with the configuration in " + run.location(RunDirectory.CONFIG));
    }
    for (Map.Entry<String, FileDigest> file : manifest.files().entrySet()) {
      verify(directory, file.getKey(), file.getValue());
    }
    Map<String, WeightTensor> state = readTensors(directory, STATE, manifest);
    TrainingState training =
        new TrainingState(
            values(directory, state, PARAMETERS),
            values(directory, state, MOMENTS),
            manifest.iteration());
    try {
      return new Checkpoint(
          manifest.stage(),
          manifest.epochs(),
          underWay(directory, manifest),
          training,
          best(directory, manifest),
          manifest.reference(),
          manifest.staleEpochs(),
          manifest.history());
    } catch (IllegalArgumentException e) {
      throw damaged(directory, "has a manifest with " + e.getMessage());
    }
  }

  private EpochUnderWay underWay(String directory, Manifest manifest) {
    float[] start = null;
    if (manifest.files().containsKey(EPOCH)) {
      start = values(directory, readTensors(directory, EPOCH, manifest), PARAMETERS);
    }
    return new EpochUnderWay(
        manifest.rounds(), manifest.examples(), manifest.sums(), manifest.counts(), start);
  }

  private @Nullable BestEpoch best(String directory, Manifest manifest) {
    int epoch = manifest.bestEpoch();
    if (epoch == Manifest.NO_EPOCH) {
      return null;
    }
    Map<String, WeightTensor> tensors = readTensors(directory, BEST, manifest);
    return new BestEpoch(epoch, manifest.bestScore(), values(directory, tensors, PARAMETERS));
  }

  private Manifest readManifest(String directory) {
    String name = directory + "/" + MANIFEST;
    if (!run.exists(name)) {
      throw damaged(directory, "has no " + MANIFEST);
    }
    return run.read(
        name,
        (in, length) -> {
          if (length > MAXIMUM_MANIFEST) {
            throw damaged(directory, "has a manifest of " + length + " bytes");
          }
          byte[] json = in.readNBytes((int) length);
          try {
            int format = Manifest.formatOf(json);
            if (format != Manifest.FORMAT) {
              throw format(directory, format);
            }
            return Manifest.parse(json);
          } catch (IOException e) {
            throw damaged(directory, "has a manifest that cannot be read");
          }
        });
  }

  private void verify(String directory, String file, FileDigest expected) {
    if (!file.equals(STATE) && !file.equals(BEST) && !file.equals(EPOCH)) {
      throw damaged(directory, "lists the unknown file '" + file + "'");
    }
    if (!run.exists(directory + "/" + file)) {
      throw damaged(directory, "has no " + file);
    }
    FileDigest found = run.digest(directory + "/" + file);
    if (!found.equals(expected)) {
      throw damaged(directory, "has a " + file + " that does not match its checksum");
    }
  }

  private Map<String, WeightTensor> readTensors(String directory, String file, Manifest manifest) {
    if (!manifest.files().containsKey(file)) {
      throw damaged(directory, "lists no " + file);
    }
    String name = directory + "/" + file;
    return run.read(name, (in, length) -> Safetensors.read(in, length, run.location(name)));
  }

  private float[] values(String directory, Map<String, WeightTensor> tensors, String name) {
    WeightTensor tensor = tensors.get(name);
    if (tensor == null) {
      throw damaged(directory, "has no tensor " + name);
    }
    return tensor.values();
  }

  private FileDigest write(String file, WeightTensor... tensors) {
    return run.write(file, out -> Safetensors.write(out, List.of(tensors), Map.of()));
  }

  private static WeightTensor tensor(String name, float[] values) {
    return new WeightTensor(name, new long[] {values.length}, values);
  }

  /** Removes what earlier runs left unfinished. */
  private void clean() {
    for (String name : run.list(RunDirectory.CHECKPOINTS)) {
      if (RunDirectory.isTemporary(name)) {
        run.deleteDirectory(directory(name));
      }
    }
  }

  private List<CheckpointName> names() {
    List<CheckpointName> names = new ArrayList<>();
    for (String name : run.list(RunDirectory.CHECKPOINTS)) {
      if (CheckpointName.isFormat1(name)) {
        throw format(directory(name), 1);
      }
      CheckpointName.parse(name).ifPresent(names::add);
    }
    names.sort(null);
    return names;
  }

  private static String directory(String name) {
    return RunDirectory.CHECKPOINTS + "/" + name;
  }

  private MonaException format(String directory, int format) {
    return refused(
        directory,
        "has format " + format + " instead of " + Manifest.FORMAT,
        "resume with the version that wrote it");
  }

  private MonaException damaged(String directory, String what) {
    return refused(directory, what, "delete this directory to resume from the one before it");
  }

  private MonaException refused(String directory, String what, String advice) {
    return new MonaException(
        MonaException.Category.STORAGE,
        "checkpoint " + run.location(directory) + " " + what + ": " + advice);
  }
}
