package dev.mona.job;

import com.fasterxml.jackson.databind.JsonNode;
import dev.mona.MonaException;
import dev.mona.checkpoint.CheckpointStore;
import dev.mona.config.MonaConfig;
import dev.mona.config.RecoveryConfig;
import dev.mona.config.Resume;
import dev.mona.dl4j.MonaGraph;
import dev.mona.dl4jspark.GraphSession;
import dev.mona.events.Noticed;
import dev.mona.events.RunEnded;
import dev.mona.events.RunListener;
import dev.mona.events.RunListeners;
import dev.mona.events.RunStarted;
import dev.mona.events.ScoreName;
import dev.mona.events.ScoreName.Measure;
import dev.mona.events.Scores;
import dev.mona.events.StopReason;
import dev.mona.executor.BroadcastLearners;
import dev.mona.executor.ExecutorModel;
import dev.mona.executor.RetentionMonitor;
import dev.mona.gauges.JvmMetrics;
import dev.mona.inputs.ClusterSettings;
import dev.mona.inputs.JobInputs;
import dev.mona.inputs.JobModel;
import dev.mona.inputs.TargetSamples;
import dev.mona.learner.Stage;
import dev.mona.metric.Metric;
import dev.mona.network.Network;
import dev.mona.provenance.InputChecksums;
import dev.mona.provenance.Parallelism;
import dev.mona.provenance.RunFacts;
import dev.mona.provenance.Starts;
import dev.mona.rounds.AveragingOptions;
import dev.mona.rounds.TransportChoice;
import dev.mona.spark.Alongside;
import dev.mona.stopping.Cancellation;
import dev.mona.stopping.Stopping;
import dev.mona.storage.Attempt;
import dev.mona.storage.RunDirectory;
import dev.mona.task.SampleBlock;
import dev.mona.tensor.ParameterGroup;
import dev.mona.tracking.Tracking;
import dev.mona.training.CheckpointInterval;
import dev.mona.training.ModelParameters;
import dev.mona.training.StageExport;
import dev.mona.training.StopRequest;
import dev.mona.training.StoppingOptions;
import dev.mona.training.TrainingDriver;
import dev.mona.training.TrainingOptions;
import dev.mona.training.TrainingSummary;
import dev.mona.training.Validation;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.SparkSession;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Trains one run from its configuration to its outputs. */
public final class TrainingJob {
  static final String SUMMARY = RunDirectory.METRICS + "/summary.json";
  private static final Logger log = LoggerFactory.getLogger(TrainingJob.class);
  private static final String GROUP = "mona-";

  private final SparkSession session;
  private final JavaSparkContext spark;
  private final MonaConfig config;
  private final TargetSamples samples;
  private final RunListener listener;
  private final WallClock clock;
  private final Tracking tracking;

  /**
   * A job that has not begun.
   *
   * @param samples what it trains on
   * @param clock when the run began; it may have waited for Spark
   */
  public TrainingJob(
      SparkSession session,
      MonaConfig config,
      TargetSamples samples,
      RunListener listener,
      WallClock clock) {
    this.session = session;
    this.spark = new JavaSparkContext(session.sparkContext());
    this.config = config;
    this.samples = samples;
    this.tracking = Trackers.of(config, spark.hadoopConfiguration());
    this.listener = RunListeners.of(listener, JvmMetrics.run(), tracking);
    this.clock = clock;
  }

  /**
   * Runs to the end, or on from the last checkpoint. A run that has ended is left as it is when
   * {@link Resume#IF_PRESENT} is asked for, and its stored outcome returned.
   *
   * @throws MonaException when data, weights, Spark's settings or the output directory are refused
   */
  public RunEnded run() {
    return run(SharedWarmup.NONE);
  }

  /**
   * The same for a run that may take over its warm-up.
   *
   * @throws MonaException see {@link #run()}
   */
  public RunEnded run(SharedWarmup warmup) {
    ClusterSettings.of(spark.getConf()).require(config);
    String id = config.run().id().isEmpty() ? RunId.of(config) : config.run().id();
    String location = config.run().output() + "/" + id;
    // one group, so that the whole run can be found and cancelled; tasks are told by an interrupt
    spark.setJobGroup(GROUP + id, "run " + id, true);
    try (Stopping stopping = new Stopping(spark, GROUP + id, location, config.recovery())) {
      return run(location, stopping, warmup);
    } finally {
      tracking.close();
      JvmMetrics.run().close();
      spark.clearJobGroup();
    }
  }

  private RunEnded run(String location, Stopping stopping, SharedWarmup warmup) {
    Attempt attempt = Attempt.of(session.sparkContext().applicationId());
    try (RunDirectory run =
        RunDirectory.open(location, session.sparkContext().hadoopConfiguration(), attempt)) {
      Continuation found = new Continuation(run, config);
      boolean continued = found.isContinued();
      if (!(continued && run.isComplete())) {
        // the next file may be hours away, and the cluster works for nothing until then
        run.lock(
            config.run().restart().lease(),
            () -> stopping.request().request("its directory was taken over"));
        continued = found.isContinued(); // whoever was waited for may have changed it
      }
      if (continued && run.isComplete()) {
        log.info("event=already-ended run={}", run.location());
        return Summaries.read(run);
      }
      stopping.check();
      Optional<JsonNode> facts = continued ? Starts.facts(run) : Optional.empty();
      OptionalInt partitions = Parallelism.started(facts, config, run.location());
      DeviceRequirement device = new DeviceRequirement(config.run().resources().device());
      device.onDriver();
      JobInputs inputs = JobInputs.open(session, config, samples, partitions);
      List<String> devices = device.onExecutors(spark, inputs.partitions());
      AveragingOptions wanted = config.averaging().options(inputs.partitions());
      TransportChoice averaging = TransportChoice.of(spark, wanted).logged();
      Parallelism parallelism = Parallelism.of(spark, config, inputs.partitions());
      parallelism.requireSame(facts, run.location());
      CheckpointStore checkpoints = checkpoints(run, warmup);
      repartition(run, checkpoints, Parallelism.last(facts), parallelism.partitions());
      InputChecksums checksums = InputChecksums.of(inputs);
      if (continued) {
        checksums.requireSame(run, facts);
      } else {
        run.writeText(RunDirectory.CONFIG, config.rendered());
      }
      Broadcast<JobModel> model = spark.broadcast(inputs.model());
      Map<String, Object> first = RunFacts.of(session, inputs, checksums, parallelism, devices);
      Starts starts = Starts.begin(run, facts, first, spark, parallelism);
      starts.averaged(averaging.transport().id(), averaging.reason());
      AveragingOptions options = wanted.by(averaging.transport());
      boolean ended = false;
      try {
        Configuration hadoop = session.sparkContext().hadoopConfiguration();
        boolean forked = new WarmupFork(run, config, checkpoints, hadoop).from(warmup, starts);
        Saved saved = new Saved(checkpoints, continued || forked);
        listener.runStarted(
            new RunStarted(
                run.location(), config.task().name(), config.method().id(), config.run().seed()));
        RunEnded outcome;
        try (Alongside<Boolean> ahead =
            Alongside.begin(
                "pretrained encoder",
                () -> config.evaluation().retention() && monitor(model).measureAhead())) {
          outcome = train(run, inputs, options, starts, model, saved, stopping);
          log.debug("event=pretrained-encoder ahead={}", ahead.join());
        }
        ended = true;
        return outcome;
      } finally {
        if (!ended) {
          run.keepTrying(Duration.ZERO);
          starts.breakOff(stopping.request().isRequested());
          tracking.brokenOff(stopping.request().isRequested());
        }
        if (!spark.sc().isStopped()) { // what stopped it is what has to be told
          model.destroy();
          ExecutorModel.release(spark, model);
        }
      }
    } catch (Exception e) { // Spark throws checked exceptions without declaring them
      stopping.check(e);
      Cancellation.check(e, location);
      throw e;
    }
  }

  private RetentionMonitor monitor(Broadcast<JobModel> model) {
    return new RetentionMonitor(
        spark, model, config.evaluation().retentionEvery(), config.evaluation().refit());
  }

  /**
   * Before the new number is written down: what it replaces must not be gone on with after that.
   */
  private void repartition(
      RunDirectory run, CheckpointStore checkpoints, OptionalInt last, int now) {
    if (last.isEmpty() || last.getAsInt() == now) {
      return;
    }
    boolean dropped = checkpoints.rewind();
    listener.noticed(
        new Noticed(
            String.format(
                Locale.ROOT,
                "%s goes on with %d partitions instead of %d%s: its result is another one",
                run.location(),
                now,
                last.getAsInt(),
                dropped ? ", and begins its unfinished epoch anew" : "")));
  }

  private CheckpointStore checkpoints(RunDirectory run, SharedWarmup warmup) {
    CheckpointStore store =
        new CheckpointStore(
            run,
            config.hash(),
            CheckpointStore.DEFAULT_RETAINED,
            sentence -> listener.noticed(new Noticed(sentence)));
    return warmup.kept()
        ? store.keeping(Stage.WARMUP, config.plan().stages().warmup().epochs())
        : store;
  }

  /**
   * What is there of a run's states.
   *
   * @param goesOn whether it goes on from the newest of them
   */
  private record Saved(CheckpointStore checkpoints, boolean goesOn) {}

  private RunEnded train(
      RunDirectory run,
      JobInputs inputs,
      AveragingOptions averaging,
      Starts starts,
      Broadcast<JobModel> model,
      Saved saved,
      Stopping stopping) {
    ModelParameters initial = new ModelParameters(inputs.initial());
    Metric metric = config.task().metric().of(inputs.options().task());
    RetentionMonitor monitor = monitor(model);
    run.keepTrying(config.recovery().retry());
    TrainingSummary summary =
        fit(run, inputs, averaging, model, initial, metric, monitor, saved, stopping.request());
    if (summary.stopReason() == StopReason.STOPPED) {
      starts.end(summary.stopReason().name(), summary.seconds());
    }
    stopping.check();
    ModelParameters parameters = summary.parameters();
    Map<ScoreName, Double> scores = new LinkedHashMap<>();
    KeptForReport kept = new KeptForReport(run, inputs);
    boolean diverged = summary.stopReason() == StopReason.DIVERGED;
    // after a divergence the best epoch is worth keeping, where there is a scored one
    if (!diverged || summary.bestEpoch().isPresent()) {
      try (Alongside<Boolean> written =
          Alongside.begin("finetuned model", () -> write(run, inputs, parameters))) {
        scores.putAll(new FinalScores(spark, run, inputs, monitor, kept).of(initial, parameters));
        boolean unused = written.join();
      }
      scores.put(Measure.TRAINING_MINUTES, summary.seconds() / 60);
    }
    starts.end(summary.stopReason().name(), summary.seconds());
    RunEnded end =
        new RunEnded(
            run.location(),
            summary.stopReason(),
            summary.seconds(),
            new Scores(scores),
            clock.ended());
    run.writeText(SUMMARY, Summaries.json(config, summary, end.scores(), end.time()));
    if (!scores.isEmpty()) {
      ModelCard.write(run, inputs, end.scores());
    }
    kept.page();
    kept.notice(listener);
    if (!diverged) {
      run.markSuccess();
    }
    listener.runEnded(end);
    return end;
  }

  private static boolean write(RunDirectory run, JobInputs inputs, ModelParameters parameters) {
    Network network = inputs.network();
    ModelParameters merged = new ModelParameters(inputs.merged(parameters.groups()));
    ComputationGraph graph = MonaGraph.build(network, merged.groups());
    TrainedModel.writeFinetuned(run, network, inputs.weights(), merged, graph);
    inputs
        .adapters()
        .ifPresent(each -> PeftAdapter.write(run, each, parameters.of(ParameterGroup.ENCODER)));
    return true;
  }

  private TrainingSummary fit(
      RunDirectory run,
      JobInputs inputs,
      AveragingOptions averaging,
      Broadcast<JobModel> model,
      ModelParameters initial,
      Metric metric,
      RetentionMonitor monitor,
      Saved saved,
      StopRequest stop) {
    TrainingOptions options =
        new TrainingOptions(
            inputs.options(),
            averaging,
            new StoppingOptions(
                config.stopping().patience(),
                config.stopping().minimumImprovement(),
                config.nonFinite().limit()));
    // what is written comes first: a listener may read it
    RunListener told = RunListeners.of(clock, new MetricsFiles(run), listener);
    StageExport export =
        (stage, parameters) -> {
          if (stage != Stage.FINETUNING) {
            TrainedModel.writeAligned(run, inputs.network(), inputs.weights(), parameters);
          }
        };
    TrainingDriver.Builder builder =
        TrainingDriver.builder(options, new BroadcastLearners(model)).listener(told).export(export);
    if (config.evaluation().retention()) {
      builder.evaluator(monitor);
    }
    if (inputs.splits().validationSize() > 0) {
      JavaRDD<SampleBlock> blocks = inputs.splits().validation(inputs.partitions());
      builder.validation(new Validation(blocks, metric));
    }
    if (saved.goesOn()) {
      builder.resume(saved.checkpoints());
    } else {
      builder.checkpoints(saved.checkpoints());
    }
    RecoveryConfig recovery = config.recovery();
    builder.interval(new CheckpointInterval(recovery.everyRounds(), recovery.every())).stop(stop);
    ComputationGraph graph = MonaGraph.build(inputs.network(), inputs.merged(initial.groups()));
    JavaRDD<SampleBlock> training = inputs.splits().train(inputs.partitions());
    return builder.build().run(new GraphSession(spark, graph), initial, training);
  }
}
