package dev.mona.rounds;

import dev.mona.Causes;
import dev.mona.MonaException;
import dev.mona.Reason;
import dev.mona.learner.TrainingState;
import dev.mona.spark.SparkJob;
import dev.mona.task.PartitionSamples;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.apache.spark.api.java.JavaFutureAction;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.util.LongAccumulator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import scala.Function1;
import scala.collection.Iterator;
import scala.collection.JavaConverters;
import scala.reflect.ClassTag;
import scala.reflect.ClassTag$;

/**
 * Rounds in one barrier stage: workers stay, average in place, and hand one state over at the end.
 * The state goes out from the driver only where no worker holds it: when a stage begins, and after
 * a failure. Where a worker is lost, all begin anew from the state that the driver has.
 */
final class CollectiveRounds {
  private static final Logger log = LoggerFactory.getLogger(CollectiveRounds.class);
  private static final long LOOK_MILLIS = 50;
  private static final long SLOTS_MILLIS = TimeUnit.MINUTES.toMillis(2);
  private static final long END_SECONDS = 60;
  private static final long PAUSE_MILLIS = 2000;

  /** Spark's own for stages. */
  private static final int ATTEMPTS = 4;

  private final JavaSparkContext spark;
  private final JobLearners learners;
  private final TrainingSamples samples;
  private final OuterUpdate outer;
  private final LongAccumulator steps;

  /** What the workers hold since they handed it over, and its name among them. */
  private @Nullable TrainingState held;

  private String heldName = "";
  private int names;

  CollectiveRounds(
      JavaSparkContext spark,
      JobLearners learners,
      TrainingSamples samples,
      OuterUpdate outer,
      LongAccumulator steps) {
    this.spark = spark;
    this.learners = learners;
    this.samples = samples;
    this.outer = outer;
    this.steps = steps;
  }

  private int workers() {
    return samples.workers();
  }

  /** One that no state of this job has yet. */
  private String name() {
    return learners.job() + " " + names++;
  }

  /** Name of the state among the workers if they hold it; otherwise empty. */
  String nameOf(TrainingState state) {
    return state.equals(held) ? heldName : "";
  }

  TrainingState run(Round first, TrainingState state, RoundObserver observer) {
    boolean send = !state.equals(held);
    held = null;
    String line = name();
    try (Told told = new Told(line, first, observer)) {
      int failures = 0;
      int rounds = 0;
      while (true) {
        try {
          TrainingState reached = stage(first, state, told, line, send);
          if (reached != null) {
            held = reached;
            return reached;
          }
          if (send) {
            throw new IllegalStateException("no worker had the state that was sent");
          }
        } catch (Lost lost) {
          failures = told.rounds() > rounds ? 1 : failures + 1;
          rounds = told.rounds();
          beginAnew(first, failures, lost);
        }
        send = true;
      }
    }
  }

  /** Waits until Spark has noticed who is gone, or gives up. */
  private void beginAnew(Round first, int failures, Lost lost) {
    int most = spark.getConf().getInt("spark.stage.maxConsecutiveAttempts", ATTEMPTS);
    Throwable cause = lost.failure;
    if (failures >= most) {
      throw new MonaException(
          MonaException.Category.ENVIRONMENT,
          String.format(
              Locale.ROOT,
              "%d workers that were averaged in place failed %d times in a row (%s): the"
                  + " executors' logs say why; continue the run with more memory or other"
                  + " machines, or set averaging.transport to shuffle, which repeats a lost worker"
                  + " alone",
              workers(),
              failures,
              Reason.of(cause)),
          cause);
    }
    log.warn(
        "event=rounds_begin_anew stage={} epoch={} round={} failures={} because=\"{}\"",
        first.stage().id(),
        first.epoch() + 1,
        first.round() + 1,
        failures,
        Reason.of(cause));
    try {
      Thread.sleep(PAUSE_MILLIS * failures);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw lost;
    }
    samples.restore();
  }

  /** A worker failed, and all with it; Spark itself begins no stage anew whose results it sends. */
  private static final class Lost extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient Throwable failure;

    Lost(Throwable failure) {
      super(failure);
      this.failure = failure;
    }
  }

  /** One Spark job. Null if the state was not sent and no worker has it. */
  private @Nullable TrainingState stage(
      Round first, TrainingState state, Told told, String line, boolean send) {
    Broadcast<TrainingState> sent = send ? spark.broadcast(state) : null;
    try {
      EpochWork.Start start =
          new EpochWork.Start(
              send ? name() : heldName,
              state.parameters().length,
              state.moments().length,
              state.iteration(),
              sent);
      EpochWork work = new EpochWork(first, workers(), start, line, name());
      String description = first.descriptionOfAll(workers());
      spark.setLocalProperty(Workers.ROUND_PROPERTY, description);
      List<EpochWork.End> ends = SparkJob.described(spark, description, () -> follow(work, told));
      heldName = work.reached();
      return ends.get(0).state();
    } finally {
      spark.setLocalProperty(Workers.ROUND_PROPERTY, null);
      if (sent != null) {
        sent.destroy();
      }
    }
  }

  private List<EpochWork.End> follow(EpochWork work, Told told) throws Exception {
    Slots slots = new Slots(spark, workers(), SLOTS_MILLIS);
    while (!slots.suffice()) {
      slots.look();
      Thread.sleep(LOOK_MILLIS);
    }
    JavaFutureAction<List<EpochWork.End>> job = tasks(work).collectAsync();
    boolean followed = false;
    try {
      while (!job.isDone()) {
        if (told.answer(LOOK_MILLIS)) {
          continue;
        }
        slots.look();
      }
      followed = true;
    } finally {
      if (!followed) {
        cancel(job);
      }
    }
    try {
      return job.get();
    } catch (ExecutionException e) {
      throw explained(e.getCause() == null ? e : e.getCause());
    }
  }

  private JavaRDD<EpochWork.End> tasks(EpochWork work) {
    EpochTask task = new EpochTask(learners, work, outer, steps);
    ClassTag<EpochWork.End> tag = ClassTag$.MODULE$.apply(EpochWork.End.class);
    return JavaRDD.fromRDD(
        samples.ofBarrier().rdd().barrier().mapPartitions(new OnScala(task), true, tag), tag);
  }

  /** The task as Spark's Scala interface takes it, which alone has barrier stages. */
  private record OnScala(EpochTask task)
      implements Function1<Iterator<PartitionSamples>, Iterator<EpochWork.End>>,
          java.io.Serializable {
    @Override
    public Iterator<EpochWork.End> apply(Iterator<PartitionSamples> samples) {
      return JavaConverters.asScalaIterator(task.call(JavaConverters.asJavaIterator(samples)));
    }
  }

  private static void cancel(JavaFutureAction<?> job) {
    job.cancel(true);
    try {
      job.get(END_SECONDS, TimeUnit.SECONDS);
    } catch (Exception e) {
      log.debug("event=cancelled", e);
    }
  }

  /** What a worker refused, and that somebody ended the job, is handed on. */
  private static Exception explained(Throwable cause) {
    boolean known = Causes.first(cause, MonaException.class).isPresent();
    boolean ended = String.valueOf(cause.getMessage()).contains("cancelled");
    return cause instanceof Exception handed && (known || ended) ? handed : new Lost(cause);
  }
}
