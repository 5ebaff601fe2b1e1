package dev.mona.checkpoint;

import com.fasterxml.jackson.core.JacksonException;
import dev.mona.MonaException;
import dev.mona.Quoted;
import dev.mona.learner.Stage;
import dev.mona.learner.TrainingState;
import dev.mona.storage.FileDigest;
import dev.mona.storage.RunDirectory;
import dev.mona.storage.Seal;
import dev.mona.weights.Safetensors;
import dev.mona.weights.WeightTensor;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The checkpoints of one run. Each is a directory {@code checkpoints/<stage>-<epochs>-<rounds>}
 * with {@code state.safetensors}, {@code best.safetensors} where an epoch was scored, {@code
 * epoch.safetensors} where the start of an unfinished epoch is needed, and {@code manifest.json}
 * with their checksums and its own. The manifest is written last and makes the checkpoint: a
 * directory without one, or with one that does not match its checksum, holds none. So no rename of
 * a directory is needed. The last few are kept: {@link CheckpointName#superfluous}.
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
  private static final String VELOCITY = "velocity";
  private static final float[] NONE = {};
  private static final int MAXIMUM_MANIFEST = 1 << 26;

  private final RunDirectory run;
  private final String configHash;
  private final int retained;
  private final Consumer<String> notice;
  private final @Nullable CheckpointName kept;

  /**
   * The checkpoints of a run.
   *
   * @param configHash hash of the run's resolved configuration; a checkpoint of another one is
   *     refused
   * @param retained how many at the end of an epoch to keep, {@code >= 1}
   */
  public CheckpointStore(RunDirectory run, String configHash, int retained) {
    this(run, configHash, retained, sentence -> {});
  }

  /**
   * The checkpoints of a run whose reader wants to know what was passed over.
   *
   * @param configHash see {@link #CheckpointStore(RunDirectory, String, int)}
   * @param retained see there
   * @param notice is told in a sentence which damaged checkpoint is not used
   */
  public CheckpointStore(
      RunDirectory run, String configHash, int retained, Consumer<String> notice) {
    this(run, configHash, retained, notice, null);
  }

  private CheckpointStore(
      RunDirectory run,
      String configHash,
      int retained,
      Consumer<String> notice,
      @Nullable CheckpointName kept) {
    if (retained < 1) {
      throw new IllegalArgumentException("retained is " + retained + ", must be >= 1");
    }
    this.run = run;
    this.configHash = configHash;
    this.retained = retained;
    this.notice = notice;
    this.kept = kept;
  }

  /** The same, which keeps that at the end of some epochs, too, for other runs to start from. */
  public CheckpointStore keeping(Stage stage, int epochs) {
    return new CheckpointStore(
        run, configHash, retained, notice, CheckpointName.of(stage, epochs, 0));
  }

  /**
   * The checkpoint at the end of some epochs, if there is one and it is whole.
   *
   * @throws MonaException if it is of a run with another configuration
   */
  public Optional<Checkpoint> at(Stage stage, int epochs) {
    CheckpointName name = CheckpointName.of(stage, epochs, 0);
    if (!isCommitted(name)) {
      return Optional.empty();
    }
    try {
      return Optional.of(read(name));
    } catch (DamagedCheckpoint damage) {
      log.warn("event=checkpoint-passed-over {}", damage.getMessage());
      return Optional.empty();
    }
  }

  /**
   * Writes a checkpoint and drops the oldest ones, and those of a later state: the run went back
   * before them.
   */
  public void save(Checkpoint checkpoint) {
    CheckpointName name = checkpoint.position().name();
    String target = directory(name.name());
    if (!run.list(target).isEmpty()) {
      remove(target); // what a dead attempt left, or a damaged one that is done again
    }
    Map<String, FileDigest> files = new LinkedHashMap<>();
    TrainingState state = checkpoint.state();
    files.put(STATE, write(target + "/" + STATE, tensors(state)));
    BestEpoch best = checkpoint.selection().best();
    if (best != null) {
      files.put(BEST, write(target + "/" + BEST, tensor(PARAMETERS, best.parameters())));
    }
    float[] start = checkpoint.underWay().start();
    if (start != null) {
      files.put(EPOCH, write(target + "/" + EPOCH, tensor(PARAMETERS, start)));
    }
    Manifest manifest = Manifest.of(checkpoint, configHash, files);
    run.writeText(target + "/" + MANIFEST, Seal.of(manifest.toJson()));
    log.info("event=checkpoint name={} files={}", name.name(), files.size() + 1);
    drop(name);
  }

  private void drop(CheckpointName saved) {
    List<CheckpointName> upToNow = new ArrayList<>();
    for (CheckpointName name : names()) {
      if (name.compareTo(saved) <= 0 && isCommitted(name)) {
        upToNow.add(name);
      } else {
        remove(directory(name.name()));
      }
    }
    for (CheckpointName old : CheckpointName.superfluous(upToNow, retained)) {
      if (!old.equals(kept)) {
        remove(directory(old.name()));
      }
    }
  }

  /** Whatever happens in between, a checkpoint that lost a file has no manifest any more. */
  private void remove(String directory) {
    run.delete(directory + "/" + MANIFEST);
    run.delete(directory);
  }

  private boolean isCommitted(CheckpointName name) {
    return run.exists(directory(name.name()) + "/" + MANIFEST);
  }

  /** Whether there is any checkpoint. */
  public boolean isEmpty() {
    return names().stream().noneMatch(this::isCommitted);
  }

  /**
   * The newest checkpoint that is whole. Damaged ones after it are passed over, with a warning.
   *
   * @throws MonaException if there are some and none is whole, or if it is of a run with another
   *     configuration
   */
  public Optional<Checkpoint> latest() {
    List<CheckpointName> names = names();
    Collections.reverse(names);
    List<DamagedCheckpoint> damaged = new ArrayList<>();
    for (CheckpointName name : names) {
      if (isCommitted(name)) {
        try {
          Checkpoint checkpoint = read(name);
          damaged.forEach(damage -> tell(damage, name));
          return Optional.of(checkpoint);
        } catch (DamagedCheckpoint damage) {
          damaged.add(damage);
        }
      }
    }
    if (!damaged.isEmpty()) {
      DamagedCheckpoint newest = damaged.get(0);
      throw new MonaException(
          MonaException.Category.STORAGE,
          newest.getMessage()
              + " and no older one is whole: put one back from a copy, or start a new run",
          newest);
    }
    return Optional.empty();
  }

  /**
   * Drops what was done since the end of the last epoch, for a run that does the epoch under way in
   * another manner.
   *
   * @return whether there was anything
   */
  public boolean rewind() {
    List<CheckpointName> names = names();
    boolean dropped = false;
    for (int i = names.size() - 1; i >= 0 && !isEnd(names.get(i)); i--) {
      remove(directory(names.get(i).name()));
      dropped = true;
    }
    return dropped;
  }

  private boolean isEnd(CheckpointName name) {
    return name.rounds() == 0 && isCommitted(name);
  }

  private void tell(DamagedCheckpoint damage, CheckpointName used) {
    String sentence = damage.getMessage() + ": the run goes on from " + used.name();
    log.warn("event=checkpoint-passed-over {}", sentence);
    notice.accept(sentence);
  }

  private Checkpoint read(CheckpointName name) {
    String directory = directory(name.name());
    Manifest manifest = readManifest(directory);
    Manifest.Reached reached = manifest.reached();
    int rounds = manifest.underWay().rounds();
    if (!CheckpointName.of(reached.stage(), reached.epochs(), rounds).equals(name)) {
      throw damaged(directory, "has the manifest of another one");
    }
    String origin = manifest.origin().configHash();
    if (!origin.equals(configHash)) {
      throw refused(
          directory,
          "was written with configuration " + Quoted.of(origin) + ", this one is " + configHash,
          "resume with the configuration in " + run.location(RunDirectory.CONFIG));
    }
    for (Map.Entry<String, FileDigest> file : manifest.past().files().entrySet()) {
      verify(directory, file.getKey(), file.getValue());
    }
    Map<String, WeightTensor> state = readTensors(directory, STATE, manifest);
    TrainingState training =
        new TrainingState(
            values(directory, state, PARAMETERS),
            values(directory, state, MOMENTS),
            state.containsKey(VELOCITY) ? values(directory, state, VELOCITY) : NONE,
            manifest.underWay().iteration());
    try {
      return new Checkpoint(
          new Position(reached.stage(), reached.epochs(), underWay(directory, manifest)),
          training,
          selection(directory, manifest),
          manifest.past().history(),
          manifest.past().seconds());
    } catch (IllegalArgumentException e) {
      throw damaged(directory, "has a manifest with " + e.getMessage());
    }
  }

  private EpochUnderWay underWay(String directory, Manifest manifest) {
    float[] start = null;
    if (manifest.past().files().containsKey(EPOCH)) {
      start = values(directory, readTensors(directory, EPOCH, manifest), PARAMETERS);
    }
    Manifest.UnderWay underWay = manifest.underWay();
    return new EpochUnderWay(
        underWay.rounds(), underWay.examples(), underWay.sums(), underWay.counts(), start);
  }

  private Selection selection(String directory, Manifest manifest) {
    Manifest.Selected selected = manifest.selected();
    BestEpoch best = null;
    if (selected.bestEpoch() != Manifest.NO_EPOCH) {
      Map<String, WeightTensor> tensors = readTensors(directory, BEST, manifest);
      float[] parameters = values(directory, tensors, PARAMETERS);
      best = new BestEpoch(selected.bestEpoch(), selected.bestScore(), parameters);
    }
    return new Selection(best, selected.reference(), selected.staleEpochs());
  }

  private Manifest readManifest(String directory) {
    return run.read(
        directory + "/" + MANIFEST,
        (in, length) -> {
          if (length > MAXIMUM_MANIFEST) {
            throw damaged(directory, "has a manifest of " + length + " bytes");
          }
          try {
            byte[] json = Seal.open(in.readNBytes((int) length)).getBytes(StandardCharsets.UTF_8);
            int format = Manifest.formatOf(json);
            if (format != Manifest.FORMAT) {
              throw format(directory, format);
            }
            return Manifest.parse(json);
          } catch (IOException e) {
            throw damaged(directory, "has a manifest that cannot be used (" + reason(e) + ")");
          }
        });
  }

  /** Jackson's own message quotes the file. */
  private static String reason(IOException e) {
    return e instanceof JacksonException ? "it is no manifest" : String.valueOf(e.getMessage());
  }

  private void verify(String directory, String file, FileDigest expected) {
    if (!file.equals(STATE) && !file.equals(BEST) && !file.equals(EPOCH)) {
      throw damaged(directory, "lists the unknown file " + Quoted.of(file));
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
    if (!manifest.past().files().containsKey(file)) {
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

  /** Those of a state without a velocity are as they were when there was none. */
  private static WeightTensor[] tensors(TrainingState state) {
    WeightTensor parameters = tensor(PARAMETERS, state.parameters());
    WeightTensor moments = tensor(MOMENTS, state.moments());
    return state.velocity().length == 0
        ? new WeightTensor[] {parameters, moments}
        : new WeightTensor[] {parameters, moments, tensor(VELOCITY, state.velocity())};
  }

  private static WeightTensor tensor(String name, float[] values) {
    return new WeightTensor(name, new long[] {values.length}, values);
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

  private DamagedCheckpoint damaged(String directory, String what) {
    return new DamagedCheckpoint("checkpoint " + run.location(directory) + " " + what);
  }

  private MonaException refused(String directory, String what, String advice) {
    return new MonaException(
        MonaException.Category.STORAGE,
        "checkpoint " + run.location(directory) + " " + what + ": " + advice);
  }
}
