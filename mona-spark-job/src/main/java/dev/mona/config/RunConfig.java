package dev.mona.config;

import dev.mona.compute.Precision;
import dev.mona.device.DeviceRequest;
import dev.mona.device.EngineName;
import dev.mona.device.WantedDevice;
import dev.mona.storage.Lease;
import java.io.Serializable;
import java.time.Duration;
import java.util.Map;

/**
 * Identity, place and resources of a run.
 *
 * @param id name of the run's directory; empty to let the job choose one
 * @param output directory that holds run directories
 * @param seed seed of everything random
 * @param resources what its tasks work on
 * @param restart what is done about a run of this id that is there already
 */
public record RunConfig(String id, String output, long seed, Resources resources, Restart restart) {

  public RunConfig {
    if (restart.resume() != Resume.NEVER && id.isEmpty()) {
      throw new IllegalArgumentException("a run without id cannot be resumed");
    }
  }

  /**
   * What the tasks of a run work on.
   *
   * @param partitions partitions of the training data; 0 for Spark's default parallelism
   * @param threadsPerTask native threads of one task; 0 to leave {@code OMP_NUM_THREADS} as it is
   * @param device what the run computes on
   */
  public record Resources(int partitions, int threadsPerTask, DeviceRequest device)
      implements Serializable {
    public Resources {
      if (partitions < 0 || threadsPerTask < 0) {
        throw new IllegalArgumentException("partitions and threads per task must be >= 0");
      }
    }
  }

  /**
   * What is done about a run that is there already.
   *
   * @param resume whether it is gone on with
   * @param leaseSeconds seconds for which a sign of life of the run's driver holds
   * @param repartition whether it may go on with another number of partitions
   */
  public record Restart(Resume resume, int leaseSeconds, boolean repartition) {
    public Restart {
      if (leaseSeconds < 1) {
        throw new IllegalArgumentException("a lease of " + leaseSeconds + " seconds is none");
      }
    }

    /** Terms of the run's lock: what is to be gone on with may have been left by a dead driver. */
    public Lease lease() {
      Lease lease = Lease.of(Duration.ofSeconds(leaseSeconds));
      return resume == Resume.NEVER ? new Lease(lease.length(), Duration.ZERO) : lease;
    }
  }

  static final Section SECTION =
      new Section("Run") {
        @Override
        void check(Values values, Problems problems) {
          if (values.has(RESUME, ID)
              && values.get(RESUME) != Resume.NEVER
              && values.get(ID).isEmpty()) {
            problems.add(values.quote(RESUME) + " but run.id is empty: name the run to continue");
          }
          if (values.has(ENGINE, PRECISION)
              && !values.get(ENGINE).computesIn(values.get(PRECISION))) {
            problems.add(
                values.quote(PRECISION)
                    + " and "
                    + values.quote(ENGINE)
                    + ", which computes in float32 alone: leave run.precision out, or set"
                    + " run.engine=torch");
          }
        }
      };

  static final Key<String> ID =
      SECTION.add(
          Key.of(
                  new ValueType.Name(true),
                  "run.id",
                  "Name of the run's directory under `run.output`; empty to have one made from"
                      + " task, method, seed and time")
              .notDecisive());
  static final Key<String> OUTPUT =
      SECTION.add(
          Key.of(
                  new ValueType.Location(false),
                  "run.output",
                  "Directory that holds run directories")
              .notDecisive());
  static final Key<Long> SEED =
      SECTION.add(
          new Key<>(
              "run.seed",
              new ValueType.Seed(),
              "Seed of initial values, sample order, validation split and source batches",
              false,
              Key.Hashed.YES));
  static final Key<Integer> PARTITIONS =
      SECTION.add(
          Key.atLeast(
                  0,
                  "run.partitions",
                  "Partitions of the training data, each trained by one task; 0 for Spark's default"
                      + " parallelism when the run is started. A run is continued only with the"
                      + " number it had before, unless `run.repartition` is set")
              .notDecisive());
  static final Key<Integer> THREADS =
      SECTION.add(
          Key.atLeast(
                  0,
                  "run.threads-per-task",
                  "Native threads of one task; 0 to leave OMP_NUM_THREADS as it is. The last bits"
                      + " of a sum can depend on it: give OMP_NUM_THREADS"
                      + " (spark.executorEnv.OMP_NUM_THREADS on a cluster) the same value, which"
                      + " some reductions follow alone. A run is continued only with the numbers"
                      + " it was started with")
              .notDecisive());
  static final Key<WantedDevice> DEVICE =
      SECTION.add(
          Key.choice(
                  WantedDevice.class,
                  "run.device",
                  "Device that the run needs: `gpu` and `cpu` refuse the other build of the engine,"
                      + " `auto` takes the one on the class path")
              .notDecisive());
  static final Key<EngineName> ENGINE =
      SECTION.add(
          Key.choice(
                  EngineName.class,
                  "run.engine",
                  "Library that computes: ND4J, or libtorch, which also runs on GPUs that ND4J has"
                      + " no code for. Both give the same results up to rounding. A run is"
                      + " continued only with the engine it was started with")
              .decisiveUnlessDefault());
  static final Key<Precision> PRECISION =
      SECTION.add(
          Key.choice(
                  Precision.class,
                  "run.precision",
                  "How matrices are multiplied: in float, or with factors rounded to 10 (`tf32`) or"
                      + " 7 bits (`bf16`) and sums in float. Parameters, moments, norms, softmax and"
                      + " losses stay in float. `nd4j` has `float32` alone; a device that lacks a"
                      + " precision refuses it. A run is continued only with the precision it was"
                      + " started with")
              .decisiveUnlessDefault());
  static final Key<Resume> RESUME =
      SECTION.add(
          Key.choice(
                  Resume.class,
                  Map.of(Resume.NEVER, "false", Resume.IF_PRESENT, "auto", Resume.REQUIRED, "true"),
                  "run.resume",
                  "Whether to continue from the last checkpoint of `run.id`: `true` needs such a"
                      + " run, `auto` starts one where there is none and leaves one that has ended"
                      + " as it is, so that a scheduler can repeat the same command")
              .notDecisive());

  static final Key<Integer> LEASE =
      SECTION.add(
          Key.between(
                  2,
                  86_400,
                  "run.lease-seconds",
                  "Seconds without a sign of life after which another driver may take over the run."
                      + " A restart on the same machine after a kill does not wait")
              .notDecisive());

  static final Key<Boolean> REPARTITION =
      SECTION.add(
          Key.flag(
                  "run.repartition",
                  "Whether a run that is continued may take another `run.partitions` from then on."
                      + " It goes on from the end of its last epoch and ends with another result;"
                      + " `mona train --resume RUN --workers N` sets both")
              .notDecisive());

  static final Key<ListenerClasses> LISTENERS =
      SECTION.add(
          new Key<>(
              "run.listeners",
              new ValueType.Classes(),
              "Classes on the driver's class path that are told what happens in the run, in this"
                  + " order; see [listeners](listeners.md)",
              false,
              Key.Hashed.NO));

  static RunConfig from(Values values) {
    return new RunConfig(
        values.get(ID),
        values.get(OUTPUT),
        values.get(SEED),
        new Resources(
            values.get(PARTITIONS),
            values.get(THREADS),
            new DeviceRequest(values.get(ENGINE), values.get(PRECISION), values.get(DEVICE))),
        new Restart(values.get(RESUME), values.get(LEASE), values.get(REPARTITION)));
  }
}
