package dev.mona.config;

import dev.mona.device.WantedDevice;
import dev.mona.storage.Lease;
import java.io.Serializable;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * Identity, place and resources of a run.
 *
 * @param id name of the run's directory; empty to let the job choose one
 * @param output directory that holds run directories
 * @param seed seed of everything random
 * @param partitions partitions of the training data; 0 for Spark's default parallelism
 * @param threadsPerTask native threads of one task; 0 to leave {@code OMP_NUM_THREADS} as it is
 * @param device the device that the run needs
 * @param resume what to do about a run of this id that is there already
 * @param leaseSeconds seconds for which a sign of life of the run's driver holds
 * @param listeners classes that are told what happens in the run
 */
public record RunConfig(
    String id,
    String output,
    long seed,
    int partitions,
    int threadsPerTask,
    WantedDevice device,
    Resume resume,
    int leaseSeconds,
    ClassNames listeners)
    implements Serializable {

  public RunConfig {
    if (partitions < 0 || threadsPerTask < 0) {
      throw new IllegalArgumentException("partitions and threads per task must be >= 0");
    }
    if (leaseSeconds < 1) {
      throw new IllegalArgumentException("a lease of " + leaseSeconds + " seconds is none");
    }
    if (resume != Resume.NEVER && id.isEmpty()) {
      throw new IllegalArgumentException("a run without id cannot be resumed");
    }
  }

  /** Terms of the run's lock: what is to be gone on with may have been left by a dead driver. */
  public Lease lease() {
    Lease lease = Lease.of(Duration.ofSeconds(leaseSeconds));
    return resume == Resume.NEVER ? new Lease(lease.length(), Duration.ZERO) : lease;
  }

  static final Key<String> ID =
      Key.of(
              new ValueType.Name(true),
              "run.id",
              "Name of the run's directory under `run.output`; empty to have one made from task,"
                  + " method, seed and time")
          .notDecisive();
  static final Key<String> OUTPUT =
      Key.of(new ValueType.Location(false), "run.output", "Directory that holds run directories")
          .notDecisive();
  static final Key<Long> SEED =
      new Key<>(
          "run.seed",
          new ValueType.Seed(),
          "Seed of initial values, sample order, validation split and source batches",
          false,
          true);
  static final Key<Integer> PARTITIONS =
      Key.atLeast(
              0,
              "run.partitions",
              "Partitions of the training data, each trained by one task; 0 for Spark's default"
                  + " parallelism when the run is started. A run goes on with the number that it"
                  + " was started with")
          .notDecisive();
  static final Key<Integer> THREADS =
      Key.atLeast(
              0,
              "run.threads-per-task",
              "Native threads of one task; 0 to leave OMP_NUM_THREADS as it is. The last bits of a"
                  + " sum can depend on it: give OMP_NUM_THREADS (spark.executorEnv.OMP_NUM_THREADS"
                  + " on a cluster) the same value, which some reductions follow alone. A run does"
                  + " not go on with other numbers than it was started with")
          .notDecisive();
  static final Key<WantedDevice> DEVICE =
      Key.choice(
              WantedDevice.class,
              "run.device",
              "Device that the run needs: `gpu` and `cpu` refuse the other backend, `auto` takes"
                  + " the one on the class path")
          .notDecisive();
  static final Key<Resume> RESUME =
      Key.choice(
              Resume.class,
              Map.of(Resume.NEVER, "false", Resume.IF_PRESENT, "auto", Resume.REQUIRED, "true"),
              "run.resume",
              "Whether to continue from the last checkpoint of `run.id`: `true` needs such a run,"
                  + " `auto` starts one where there is none and leaves one that has ended as it is,"
                  + " so that a scheduler can repeat the same command")
          .notDecisive();

  static final Key<Integer> LEASE =
      Key.between(
              2,
              86_400,
              "run.lease-seconds",
              "Seconds after its last sign of life for which a driver keeps its run to itself. One"
                  + " that is started again on the same machine after a kill does not wait for it")
          .notDecisive();

  static final Key<ClassNames> LISTENERS =
      new Key<>(
          "run.listeners",
          new ValueType.Classes(),
          "Classes on the driver's class path that are told what happens in the run, in this order;"
              + " see [listeners](listeners.md)",
          false,
          false);

  static final Section SECTION =
      new Section() {
        @Override
        public String title() {
          return "Run";
        }

        @Override
        public List<Key<?>> keys() {
          return List.of(ID, OUTPUT, SEED, PARTITIONS, THREADS, DEVICE, RESUME, LEASE, LISTENERS);
        }

        @Override
        public void check(Values values, Problems problems) {
          if (values.has(RESUME, ID)
              && values.get(RESUME) != Resume.NEVER
              && values.get(ID).isEmpty()) {
            problems.add(values.quote(RESUME) + " but run.id is empty: name the run to continue");
          }
        }
      };

  static RunConfig from(Values values) {
    return new RunConfig(
        values.get(ID),
        values.get(OUTPUT),
        values.get(SEED),
        values.get(PARTITIONS),
        values.get(THREADS),
        values.get(DEVICE),
        values.get(RESUME),
        values.get(LEASE),
        values.get(LISTENERS));
  }
}
