package dev.mona.rounds;

import dev.mona.MonaException;
import dev.mona.compute.Collectives;
import dev.mona.compute.Communication;
import dev.mona.gauges.MonaPlugin;
import dev.mona.spark.SparkJob;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaSparkContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The transport of a job, and why it is that one.
 *
 * @param transport not {@link Transport#AUTO}
 * @param reason for the log and the files of a run
 */
public record TransportChoice(Transport transport, String reason) {
  private static final Logger log = LoggerFactory.getLogger(TransportChoice.class);

  /** Executors register one after the other. */
  private static final long REGISTERED_MILLIS = 10_000;

  /** What makes Spark protect what it sends. */
  private static final List<String> PROTECTION =
      List.of(
          "spark.authenticate",
          "spark.network.crypto.enabled",
          "spark.authenticate.enableSaslEncryption",
          "spark.ssl.enabled",
          "spark.ssl.rpc.enabled");

  /**
   * Chooses for an application whose executors are there.
   *
   * @throws MonaException of the category {@code CONFIGURATION} if averaging in place is asked for
   *     and not possible here
   */
  public static TransportChoice of(JavaSparkContext spark, AveragingOptions options) {
    return switch (options.transport()) {
      case SHUFFLE -> {
        if (options.momentsStay()) {
          throw MonaException.configuration(
              "averaging.moments is local and averaging.transport is shuffle, by which workers hand"
                  + " over all of their state after every round and keep nothing: set"
                  + " averaging.transport to collective, or averaging.moments to average");
        }
        yield new TransportChoice(Transport.SHUFFLE, "it is asked for");
      }
      case COLLECTIVE -> {
        obstacle(spark, options)
            .ifPresent(
                obstacle -> {
                  throw MonaException.configuration(
                      "averaging.transport is collective and "
                          + obstacle
                          + ", or set averaging.transport to shuffle or auto"
                          + withMoments(options));
                });
        yield new TransportChoice(Transport.COLLECTIVE, "it is asked for");
      }
      case AUTO -> options.momentsStay() ? keeping(spark, options) : automatic(spark, options);
    };
  }

  /** What one has to change too who takes the shuffle instead. */
  private static String withMoments(AveragingOptions options) {
    return options.momentsStay() ? " with averaging.moments = average" : "";
  }

  /** Only workers that stay can keep anything. */
  private static TransportChoice keeping(JavaSparkContext spark, AveragingOptions options) {
    obstacle(spark, options)
        .ifPresent(
            obstacle -> {
              throw MonaException.configuration(
                  "averaging.moments is local, for which workers have to be averaged in place, and "
                      + obstacle
                      + ", or set averaging.moments to average");
            });
    return new TransportChoice(Transport.COLLECTIVE, "workers keep moments of their own");
  }

  private static TransportChoice automatic(JavaSparkContext spark, AveragingOptions options) {
    return useless(spark, options)
        .or(() -> obstacle(spark, options))
        .map(reason -> new TransportChoice(Transport.SHUFFLE, reason))
        .orElseGet(
            () ->
                new TransportChoice(
                    Transport.COLLECTIVE, "all workers are there at once and have libtorch"));
  }

  /** This, written to the log. */
  public TransportChoice logged() {
    log.info("event=transport transport={} reason=\"{}\"", transport.id(), reason);
    return this;
  }

  private static Optional<String> useless(JavaSparkContext spark, AveragingOptions options) {
    if (options.partitions() == 1) {
      return Optional.of("there is one worker");
    }
    return spark.isLocal() ? Optional.of("all workers share one JVM") : Optional.empty();
  }

  /** What is in the way, with what to do about it. */
  private static Optional<String> obstacle(JavaSparkContext spark, AveragingOptions options) {
    SparkConf conf = spark.getConf();
    if (!spark.isLocal() && conf.getBoolean("spark.dynamicAllocation.enabled", false)) {
      return Optional.of(
          "spark.dynamicAllocation.enabled is true, with which Spark starts no workers at once:"
              + " switch it off");
    }
    Optional<String> protection = protection(conf, options.plaintext());
    if (protection.isPresent()) {
      return protection;
    }
    String plugin = MonaPlugin.class.getName();
    if (Arrays.stream(conf.get("spark.plugins", "").split(",", -1))
        .noneMatch(name -> name.strip().equals(plugin))) {
      return Optional.of(
          "spark.plugins has no " + plugin + ", by which workers reach the driver: add it");
    }
    Optional<String> library = options.partitions() == 1 ? Optional.empty() : withoutLibrary(spark);
    return library.or(() -> withoutRoom(spark, options.partitions()));
  }

  private static Optional<String> withoutRoom(JavaSparkContext spark, int workers) {
    Slots slots = new Slots(spark, workers, 0);
    return slots.comeWithin(spark.isLocal() ? 0 : REGISTERED_MILLIS)
        ? Optional.empty()
        : Optional.of(slots.tooFew(slots.now()));
  }

  /** What would be sent unprotected although Spark protects what it sends. */
  static Optional<String> protection(SparkConf conf, boolean plaintext) {
    return PROTECTION.stream()
        .filter(key -> !plaintext && conf.getBoolean(key, false))
        .findFirst()
        .map(
            key ->
                key
                    + " is true, but workers that average in place send the model in plain text:"
                    + " set averaging.collective.plaintext to allow if their network may see it");
  }

  /** Whether an executor lacks the library: it is loaded there, not on the driver. */
  private static Optional<String> withoutLibrary(JavaSparkContext spark) {
    int tasks = 2 * spark.defaultParallelism();
    List<String> problems =
        SparkJob.described(
            spark,
            "look for libtorch",
            () ->
                spark
                    .parallelize(Collections.nCopies(tasks, 0), tasks)
                    .map(task -> problem())
                    .collect());
    return problems.stream().flatMap(TransportChoice::nonEmpty).sorted().findFirst();
  }

  private static Stream<String> nonEmpty(String problem) {
    return problem.isEmpty() ? Stream.empty() : Stream.of(problem);
  }

  private static String problem() {
    Optional<Communication> library = Collectives.library();
    if (library.isEmpty()) {
      return "libtorch is not on the executors' class path: use a jar that was built with the"
          + " profile torch or torch-cuda";
    }
    try {
      library.get().load();
      return "";
    } catch (MonaException e) {
      return "an executor cannot use it (" + e.getMessage() + ")";
    }
  }
}
