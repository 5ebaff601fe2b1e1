package dev.mona.averaging;

import dev.mona.gauges.JvmMetrics;
import dev.mona.learner.Learner;
import dev.mona.learner.LearnerFactory;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Learners of one job in this JVM, kept warm between rounds. A learner serves one task at a time;
 * one that failed is closed instead of being kept, since its buffers may be half-written. At most
 * {@code capacity} learners are kept idle; after {@link #close(String)} none is.
 */
final class LearnerPool {
  private static final Logger log = LoggerFactory.getLogger(LearnerPool.class);

  /** Ids of jobs that ended, so that a straggling task does not open their pool again. */
  private static final int REMEMBERED = 1000;

  private static final Map<String, LearnerPool> pools = new ConcurrentHashMap<>();
  private static final Set<String> ended = new LinkedHashSet<>();

  private final LearnerFactory factory;
  private final Deque<Learner> idle = new ArrayDeque<>();
  private int capacity;

  LearnerPool(LearnerFactory factory, int capacity) {
    this.factory = factory;
    this.capacity = capacity;
  }

  /** The pool of a job, opened on first use. */
  static LearnerPool of(String job, LearnerFactory factory) {
    synchronized (ended) {
      if (ended.contains(job)) {
        return new LearnerPool(factory, 0);
      }
      return pools.computeIfAbsent(
          job, id -> new LearnerPool(factory, Runtime.getRuntime().availableProcessors()));
    }
  }

  /** Ends a job in this JVM: idle learners are closed now, busy ones when they come back. */
  static void close(String job) {
    LearnerPool pool;
    synchronized (ended) {
      if (ended.size() == REMEMBERED) {
        ended.remove(ended.iterator().next());
      }
      ended.add(job);
      pool = pools.remove(job);
    }
    if (pool != null) {
      pool.drain();
    }
  }

  /** Lends a learner for one piece of work. */
  <T> T use(Function<Learner, T> work) {
    Learner learner = borrow();
    boolean sound = false;
    try {
      T result = work.apply(learner);
      sound = true;
      return result;
    } finally {
      if (!sound || !keep(learner)) {
        close(learner);
      }
    }
  }

  private Learner borrow() {
    @Nullable Learner warm;
    synchronized (idle) {
      warm = idle.pollLast();
    }
    if (warm != null) {
      return warm;
    }
    Learner made = factory.create();
    JvmMetrics.work().learnerOpened();
    return made;
  }

  private boolean keep(Learner learner) {
    synchronized (idle) {
      return idle.size() < capacity && idle.add(learner);
    }
  }

  /** Closes idle learners and keeps none from now on. */
  void drain() {
    Deque<Learner> all;
    synchronized (idle) {
      capacity = 0;
      all = new ArrayDeque<>(idle);
      idle.clear();
    }
    all.forEach(LearnerPool::close);
  }

  private static void close(Learner learner) {
    try {
      learner.close();
    } catch (RuntimeException e) {
      log.warn("event=learner_close_failed", e);
    } finally {
      JvmMetrics.work().learnerClosed();
    }
  }
}
