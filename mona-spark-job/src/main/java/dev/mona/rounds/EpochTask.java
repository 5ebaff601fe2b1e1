package dev.mona.rounds;

import dev.mona.compute.Collective;
import dev.mona.compute.Collectives;
import dev.mona.compute.Membership;
import dev.mona.gauges.DriverLine;
import dev.mona.gauges.JvmMetrics;
import dev.mona.learner.Held;
import dev.mona.learner.LocalResult;
import dev.mona.learner.TrainingState;
import dev.mona.task.PartitionSamples;
import java.io.Serializable;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.locks.LockSupport;
import org.apache.spark.BarrierTaskContext;
import org.apache.spark.SparkEnv;
import org.apache.spark.util.LongAccumulator;
import org.jspecify.annotations.Nullable;

/**
 * A worker of a barrier stage: it joins the others, takes its local steps on a state that stays in
 * its learner, and has it averaged in place after each round.
 *
 * @param learners who takes the steps
 * @param work which rounds
 * @param outer what becomes of the states
 * @param steps counts local steps
 */
record EpochTask(JobLearners learners, EpochWork work, OuterUpdate outer, LongAccumulator steps)
    implements Serializable {
  private static final byte[] YES = {1};
  private static final byte[] NO = {0};
  private static final float[] NONE = {};
  private static final long FIRST_PAUSE_NANOS = 2_000_000;
  private static final long LAST_PAUSE_NANOS = 200_000_000;

  /** What the first worker hands to the driver, nothing from the others. */
  Iterator<EpochWork.End> call(Iterator<PartitionSamples> samples) {
    BarrierTaskContext task = BarrierTaskContext.get();
    PartitionSamples ofWorker = samples.next();
    Membership membership =
        new Membership(
            task.partitionId(),
            work.workers(),
            SparkEnv.get().blockManager().blockManagerId().host(),
            own -> meet(task, own),
            task::isInterrupted);
    return learners.useHolding(
        work.start().name(),
        lent -> {
          // closed before the learner and its arrays
          try (Collective others = Collectives.join(membership)) {
            return new Member(lent, others, ofWorker).run();
          }
        });
  }

  /**
   * Spark's own exchange between the tasks of a barrier stage looks for an answer once a second.
   */
  private List<String> meet(BarrierTaskContext task, String own) {
    EpochWork.Here here =
        new EpochWork.Here(work.reached(), task.partitionId(), work.workers(), own);
    for (long pause = FIRST_PAUSE_NANOS; ; pause = Math.min(2 * pause, LAST_PAUSE_NANOS)) {
      if (DriverLine.ask(work.line(), here) instanceof String[] all && all.length > 0) {
        return List.of(all);
      }
      if (task.isInterrupted()) {
        throw new CancellationException("cancelled before all workers were there");
      }
      LockSupport.parkNanos(pause);
    }
  }

  /** The worker while it is with the others. */
  private final class Member {
    private final Lent lent;
    private final Collective others;
    private final PartitionSamples samples;
    private final InPlaceMean mean;

    Member(Lent lent, Collective others, PartitionSamples samples) {
      this.lent = lent;
      this.others = others;
      this.samples = samples;
      this.mean = new InPlaceMean(others, lent, outer);
    }

    Iterator<EpochWork.End> run() {
      Held held = start();
      if (held == null) {
        return end(new EpochWork.End(null));
      }
      lent.unname();
      Round first = work.first();
      boolean wanted = true;
      for (int r = first.round(); wanted && r < first.rounds(); r++) {
        wanted = round(first.schedule().round(first.epoch(), r), held);
      }
      Iterator<EpochWork.End> end = end(new EpochWork.End(mean.handOver()));
      lent.name(work.reached());
      return end;
    }

    private boolean isFirst() {
      return others.rank() == 0;
    }

    private Iterator<EpochWork.End> end(EpochWork.End end) {
      return isFirst() ? List.of(end).iterator() : List.<EpochWork.End>of().iterator();
    }

    /** The state that all start from, from whoever has it; null if nobody has. */
    private @Nullable Held start() {
      EpochWork.Start start = work.start();
      boolean holds = lent.holds(start.name()) && mean.isHeld();
      List<byte[]> holders = others.gather(holds ? YES : NO);
      int source = -1;
      boolean all = true;
      for (int rank = others.size() - 1; rank >= 0; rank--) {
        boolean one = Arrays.equals(YES, holders.get(rank));
        source = one ? rank : source;
        all &= one;
      }
      if (all) {
        return lent.held();
      }
      if (start.sent() == null && (source < 0 || outer.step() != null)) {
        return null;
      }
      float[] velocity = NONE;
      if (source < 0 && start.sent() != null) {
        source = 0;
        if (isFirst()) {
          TrainingState sent = start.sent().value();
          lent.hold(work.first().stage(), sent);
          velocity = sent.velocity();
        }
      }
      if (others.rank() != source) {
        lent.room(work.first().stage(), start.parameters(), start.moments());
      }
      // that the source has it may take a while
      others.gather(YES);
      others.broadcast(lent.held().arrays(), source);
      lent.held().averaged(start.iteration());
      mean.begin(velocity);
      return lent.held();
    }

    /** Returns whether the next round is wanted. */
    private boolean round(Round round, Held held) {
      long reached = held.iteration() + round.steps().count();
      List<Contribution.Report> reports =
          others.gather(ReportBytes.of(steps(round, held))).stream()
              .map(ReportBytes::read)
              .toList();
      boolean finite = mean.average(reports, round.round() == round.rounds() - 1);
      held.averaged(reached);
      byte[] answer = NO;
      if (isFirst()) {
        Contribution.Report report =
            reports.stream().reduce(Contribution.Report::merge).orElseThrow();
        Serializable told =
            DriverLine.ask(work.line(), new EpochWork.Told(round.round(), report, finite));
        answer = told.equals(true) ? YES : NO;
      }
      return Arrays.equals(YES, others.gather(answer).get(0));
    }

    private Contribution.Report steps(Round round, Held held) {
      int due = round.stepsOf(samples.size());
      if (due == 0) {
        return new Contribution.Report(0, held.iteration(), 0, Diagnostics.NONE);
      }
      long began = System.nanoTime();
      long expected = held.iteration() + due;
      LocalResult result = held.run(round.work(others.rank()), samples, () -> steps.add(1));
      if (result.examples() < 1 || held.iteration() != expected) {
        throw new IllegalStateException(
            "partition "
                + others.rank()
                + " saw "
                + result.examples()
                + " examples and came to iteration "
                + held.iteration()
                + " instead of "
                + expected);
      }
      double seconds = (System.nanoTime() - began) / 1e9;
      JvmMetrics.work().trained(result.examples(), seconds);
      return new Contribution.Report(
          result.examples(),
          held.iteration(),
          seconds,
          new Diagnostics(result.metrics(), result.counts()));
    }
  }
}
