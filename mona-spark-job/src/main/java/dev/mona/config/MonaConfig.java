package dev.mona.config;

import dev.mona.embedder.EmbedderOptions;
import dev.mona.learner.Alignment;
import dev.mona.learner.LearnerOptions;
import dev.mona.learner.StagePlan;
import dev.mona.learner.TargetOptions;
import dev.mona.task.TaskSpec;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** A whole configuration: values that were all accepted, part by part. */
public final class MonaConfig {
  /** Sections that say what happens after the warm-up. */
  private static final List<String> LATER = List.of("alignment", "finetuning", "stopping");

  /** What of them the forgetting gap is measured with. */
  private static final List<String> MEASURED =
      List.of(
          "alignment.alpha", "alignment.outer", "alignment.source-batch", "alignment.batch-size");

  private final Values values;

  MonaConfig(Values values) {
    this.values = values;
  }

  /** What is run. */
  public Method method() {
    return values.get(Schema.METHOD.method);
  }

  /** Identity, place and resources. */
  public RunConfig run() {
    return RunConfig.from(values);
  }

  /** Classes of users that are told what happens in the run. */
  public ListenerClasses listeners() {
    return values.get(RunConfig.LISTENERS);
  }

  /** The target task. */
  public TaskConfig task() {
    return TaskConfig.from(values);
  }

  /** The pretrained encoder. */
  public BackboneConfig backbone() {
    return BackboneConfig.from(values);
  }

  /** The source proxy. */
  public SourceConfig source() {
    return SourceConfig.from(values);
  }

  /** The target embedder. */
  public EmbedderOptions embedder() {
    return Schema.EMBEDDER.read(values);
  }

  /** The stages as written. */
  TrainingConfig training() {
    return Schema.METHOD.read(values);
  }

  /** The stages as the method runs them. */
  public StagePlan plan() {
    return method().plan(training());
  }

  /** How workers are averaged. */
  public AveragingConfig averaging() {
    return AveragingConfig.from(values);
  }

  /** Early stopping. */
  public StoppingConfig stopping() {
    return StoppingConfig.from(values);
  }

  /** Steps that are not finite. */
  public NonFiniteConfig nonFinite() {
    return NonFiniteConfig.from(values);
  }

  /** What is measured. */
  public EvaluationConfig evaluation() {
    return EvaluationConfig.from(values);
  }

  /** Checkpoints within epochs, stopping, stalls and retries. */
  public RecoveryConfig recovery() {
    return RecoveryConfig.from(values);
  }

  /** Who is shown the run besides its own files. */
  public TrackingConfig tracking() {
    return TrackingConfig.from(values);
  }

  /** What a learner needs for this configuration's method. */
  public LearnerOptions learnerOptions(TaskSpec spec) {
    return new LearnerOptions(
        run().seed(),
        new TargetOptions(spec, embedder(), task().augmentation()),
        plan(),
        Schema.ALIGNMENT.source(values),
        nonFinite().policy());
  }

  /** Canonical HOCON text of all values: one key a line, sorted. */
  public String rendered() {
    return render(Schema.keys());
  }

  /**
   * SHA-256 in hexadecimal of the lines of {@link #rendered} that decide what is computed: all but
   * where, when and on what the run happens, such as run.id and checkpoint.every-rounds; partitions
   * and threads are compared as they are resolved. A key that came later is among them where it is
   * not at its default.
   */
  public String hash() {
    return sha256(render(decisiveKeys()));
  }

  /**
   * The same of what decides the warm-up and what is measured in it; empty without a warm-up. Runs
   * for which it is equal are equal until their warm-up ends, metrics among it.
   */
  public Optional<String> warmupHash() {
    StagePlan plan = plan();
    if (plan.stages().warmup().epochs() == 0) {
      return Optional.empty();
    }
    String lines = render(decisiveKeys().stream().filter(this::reachesWarmup).toList());
    boolean shuffled =
        evaluation().retention()
            && plan.alignment() instanceof Alignment.Bilevel bilevel
            && bilevel.shuffledLabels();
    return Optional.of(
        sha256(
            lines
                + "pretrained = %s\nshuffled = %s\n"
                    .formatted(method().startsPretrained(), shuffled)));
  }

  /** The forgetting gap is measured as the alignment will be. */
  private boolean reachesWarmup(Key<?> key) {
    String path = key.path();
    boolean later =
        path.equals("method") || LATER.stream().anyMatch(section -> path.startsWith(section + "."));
    return !later
        || (evaluation().retention()
            && MEASURED.stream()
                .anyMatch(each -> path.equals(each) || path.startsWith(each + ".")));
  }

  private static String sha256(String text) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      return HexFormat.of().formatHex(digest.digest(text.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  /** What {@link #hash} is over: canonical texts of values by their keys, sorted. */
  public Map<String, String> decisive() {
    Map<String, String> decisive = new TreeMap<>();
    decisiveKeys().forEach(key -> decisive.put(key.path(), values.render(key)));
    return decisive;
  }

  private List<Key<?>> decisiveKeys() {
    return Schema.keys().stream().filter(this::decides).toList();
  }

  private boolean decides(Key<?> key) {
    return switch (key.hashed()) {
      case YES -> true;
      case NO -> false;
      case UNLESS_DEFAULT -> !ChangedSettings.defaults().contains(values.line(key));
    };
  }

  private String render(List<Key<?>> keys) {
    StringBuilder text = new StringBuilder();
    keys.stream()
        .sorted(Comparator.comparing(Key::path))
        .forEach(key -> text.append(values.line(key)).append('\n'));
    return text.toString();
  }

  /** Whether both have the same values, wherever these were set. */
  @Override
  public boolean equals(Object other) {
    return other instanceof MonaConfig config && rendered().equals(config.rendered());
  }

  @Override
  public int hashCode() {
    return rendered().hashCode();
  }

  @Override
  public String toString() {
    return rendered();
  }
}
