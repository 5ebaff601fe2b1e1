package dev.mona.learner;

import dev.mona.task.PartitionSamples;
import dev.mona.task.SampleBlock;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/**
 * Batches of a learner's rounds. While a step runs, another thread copies the samples of the next
 * batch out of the window and augments them; blocks are read by the learner's own thread. Two
 * batches, those beside one, and the window that was read last, are kept from round to round: no
 * values of a round, since samples do not change.
 */
final class BatchFeed implements AutoCloseable {
  private final LearnerOptions options;
  private final SampleBlock[] full;
  private @Nullable ExecutorService ahead;
  private @Nullable Reading reading;

  BatchFeed(LearnerOptions options) {
    this.options = options;
    this.full = new SampleBlock[2 + options.besideBatch(Stage.ALIGNMENT)];
  }

  /** The batches of a round; closed before the next begins. */
  Batches of(RoundWork work, PartitionSamples samples) {
    Reading known = reading;
    if (known != null && known.isOf(work, samples)) {
      known.samples = samples; // the same ones, read by another task
    } else {
      reading = null;
      known = new Reading(work, samples);
      reading = known;
    }
    return new Batches(work, known);
  }

  private ExecutorService ahead() {
    ExecutorService service = ahead;
    if (service == null) {
      service =
          Executors.newSingleThreadExecutor(
              task -> {
                Thread thread = new Thread(task, "mona-next-batch");
                thread.setDaemon(true);
                return thread;
              });
      ahead = service;
    }
    return service;
  }

  @Override
  public void close() {
    if (ahead != null) {
      ahead.shutdown();
    }
    reading = null;
  }

  /** The samples of a partition in the order of an epoch, with one window in memory. */
  private final class Reading {
    private final Stage stage;
    private final int epoch;
    private PartitionSamples samples;
    private final EpochWindows windows;
    private int number = -1;
    private @Nullable Window window;

    Reading(RoundWork work, PartitionSamples samples) {
      this.stage = work.stage();
      this.epoch = work.epoch();
      this.samples = samples;
      this.windows = new EpochWindows(options.seed(), stage, epoch, samples.index());
    }

    boolean isOf(RoundWork work, PartitionSamples others) {
      return work.stage() == stage && work.epoch() == epoch && samples.equals(others);
    }

    int size() {
      return windows.count() == 0 ? 0 : windows.end(windows.count() - 1);
    }

    /** Whether samples can be copied without reading blocks. */
    boolean holds(int from, int to) {
      return number >= 0 && windows.start(number) <= from && to <= windows.end(number);
    }

    private Window window(int wanted) {
      Window known = window;
      if (known == null || number != wanted) {
        window = null; // before the next takes its memory
        number = -1;
        known = new Window(samples, windows.blocks(wanted), options.seed(), stage, epoch);
        window = known;
        number = wanted;
      }
      return known;
    }

    /** The samples of some places in the epoch, augmented. */
    SampleBlock batch(int from, int to, int slot) {
      return batch(new Beside(from, to - from, 0, size()), slot);
    }

    /** The same of places in a span, which goes on at its start. */
    SampleBlock batch(Beside places, int slot) {
      SampleBlock batch = null;
      int at = places.from();
      for (int done = 0; done < places.count(); ) {
        at = at == places.end() ? places.start() : at;
        int here = windows.at(at);
        Window its = window(here);
        batch = batch == null ? room(its, places.count(), slot) : batch;
        int most = Math.min(places.end(), windows.end(here)) - at;
        int count = Math.min(places.count() - done, most);
        int place = at - windows.start(here);
        its.copy(place, place + count, batch, done);
        done += count;
        at += count;
      }
      if (batch == null) {
        throw new IllegalArgumentException("no batch of " + places);
      }
      TargetOptions target = options.target();
      target.augmentation().apply(batch, options.task(), options.seed(), stage, epoch);
      return batch;
    }

    /** A batch that was given out before the last one, if it has the size. */
    private SampleBlock room(Window of, int samplesOfBatch, int slot) {
      SampleBlock known = full[slot];
      if (known == null || known.size() != samplesOfBatch) {
        known = of.room(samplesOfBatch);
        if (samplesOfBatch == options.stage(stage).batchSize()) {
          full[slot] = known;
        }
      }
      return known;
    }
  }

  /** The batches of the steps of one round, one after the other. */
  final class Batches implements AutoCloseable {
    private final Reading from;
    private final int batchSize;
    private final int perStep;
    private final int end;
    private final int others;
    private int place;
    private int slot;
    private List<SampleBlock> beside = List.of();
    private @Nullable Future<SampleBlock> next;

    private Batches(RoundWork work, Reading from) {
      StageOptions stage = options.stage(work.stage());
      StepRange steps = work.steps();
      this.from = from;
      this.others = options.besideBatch(work.stage());
      this.batchSize = stage.batchSize();
      this.perStep = stage.batchSize() * stage.accumulation();
      long first = (long) steps.first() * perStep;
      this.place = (int) Math.min(from.size(), first);
      this.end = (int) Math.min(from.size(), first + (long) steps.count() * perStep);
    }

    /** Samples of the next step; none when the partition has run out of them. */
    int ofStep() {
      return (int) Math.min(perStep - place % perStep, (long) end - place);
    }

    /**
     * The next batch, whose arrays are taken back when the one after the next is asked for.
     *
     * @throws CancellationException if the thread is interrupted
     */
    SampleBlock next() {
      int to = batchEnd(place);
      SampleBlock batch = next == null ? from.batch(place, to, slot) : join(next);
      next = null;
      if (others > 0) {
        // before another thread reads the batch after it
        readBeside(place, to);
      }
      place = to;
      slot = 1 - slot;
      int after = batchEnd(place);
      if (place < end && from.holds(place, after)) {
        int start = place;
        int other = slot;
        next = ahead().submit(() -> from.batch(start, after, other));
      }
      return batch;
    }

    /**
     * The batches beside the last one, as many as the stage asks for; their arrays are taken back
     * when the next batch is asked for.
     */
    List<SampleBlock> beside() {
      return beside;
    }

    private void readBeside(int start, int to) {
      List<SampleBlock> read = new ArrayList<>();
      for (Beside places : Beside.of(from.windows, start, to, batchSize, others)) {
        read.add(from.batch(places, 2 + read.size()));
      }
      beside = read;
    }

    private int batchEnd(int start) {
      long stepEnd = (long) start - start % perStep + perStep;
      return (int) Math.min(Math.min(end, stepEnd), (long) start + batchSize);
    }

    private static SampleBlock join(Future<SampleBlock> next) {
      try {
        return next.get();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new CancellationException("interrupted before the next batch");
      } catch (ExecutionException e) {
        if (e.getCause() instanceof Error error) {
          throw error;
        }
        throw e.getCause() instanceof RuntimeException known
            ? known
            : new IllegalStateException("the next batch could not be made", e.getCause());
      }
    }

    /** Waits until nobody writes into a batch. */
    @Override
    public void close() {
      Future<SampleBlock> left = next;
      next = null;
      boolean interrupted = false;
      while (left != null && !left.isDone()) {
        try {
          left.get();
        } catch (InterruptedException e) {
          interrupted = true;
        } catch (ExecutionException e) {
          break; // of a batch that nobody wants any more
        }
      }
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
