package dev.mona.rounds;

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
  private final Deque<Lent> idle = new ArrayDeque<>();
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
    return lend(
        null,
        lent -> {
          lent.forget();
          return work.apply(lent.learner());
        });
  }

  /** Lends a learner that holds a state of some name, if one does. */
  <T> T useHolding(String state, Function<Lent, T> work) {
    return lend(state, work);
  }

  private <T> T lend(@Nullable String state, Function<Lent, T> work) {
    Lent lent = borrow(state);
    boolean sound = false;
    try {
      T result = work.apply(lent);
      sound = true;
      return result;
    } finally {
      if (!sound || !keep(lent)) {
        close(lent);
      }
    }
  }

  private Lent borrow(@Nullable String state) {
    @Nullable Lent warm;
    synchronized (idle) {
      warm = take(state);
    }
    if (warm != null) {
      return warm;
    }
    Lent made = new Lent(factory.create());
    JvmMetrics.work().learnerOpened();
    return made;
  }

  /** One that holds the state, or else one that holds none, or else any. */
  private @Nullable Lent take(@Nullable String state) {
    Lent found = null;
    for (Lent one : idle) {
      if (state != null && one.holds(state)) {
        found = one;
        break;
      }
      if (found == null || !one.holdsAny()) {
        found = one;
      }
    }
    if (found != null) {
      idle.remove(found);
    }
    return found;
  }

  private boolean keep(Lent learner) {
    synchronized (idle) {
      return idle.size() < capacity && idle.add(learner);
    }
  }

  /** Closes idle learners and keeps none from now on. */
  void drain() {
    Deque<Lent> all;
    synchronized (idle) {
      capacity = 0;
      all = new ArrayDeque<>(idle);
      idle.clear();
    }
    all.forEach(LearnerPool::close);
  }

  private static void close(Lent lent) {
    try {
      lent.learner().close();
    } catch (RuntimeException e) {
      log.warn("event=learner_close_failed", e);
    } finally {
      JvmMetrics.work().learnerClosed();
    }
  }
}
