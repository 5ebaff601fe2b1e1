package dev.mona.config;

import dev.mona.compute.Nesterov;
import dev.mona.rounds.AveragingOptions;
import dev.mona.rounds.OuterUpdate;
import dev.mona.rounds.Transport;
import dev.mona.rounds.Way;
import java.io.Serializable;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * How workers are averaged.
 *
 * @param frequency local optimizer steps of one round
 * @param chunkSize values of the flat state in one chunk of the distributed sum
 * @param transport how the states come together
 * @param plaintext whether they may be sent unprotected where Spark protects what it sends
 * @param outer what becomes of them
 */
public record AveragingConfig(
    int frequency, int chunkSize, Transport transport, Plaintext plaintext, OuterUpdate outer)
    implements Serializable {

  /** What is done where Spark protects what it sends and the transport cannot. */
  public enum Plaintext {
    REFUSE,
    ALLOW
  }

  /** What the next round starts from. */
  enum Start {
    MEAN,
    NESTEROV
  }

  public AveragingConfig {
    if (frequency < 1 || chunkSize < 1) {
      throw new IllegalArgumentException("frequency and chunk size must be >= 1");
    }
  }

  /** Whether workers have to be there at once: it is asked for, or they keep moments. */
  public boolean inPlace() {
    return transport == Transport.COLLECTIVE || outer.moments() == OuterUpdate.Moments.LOCAL;
  }

  static final Section SECTION = new Section("Averaging");

  static final Key<Integer> FREQUENCY =
      SECTION.add(
          Key.atLeast(
              1,
              "averaging.frequency",
              "Local optimizer steps of a worker between two averagings"));
  static final Key<Integer> CHUNK_SIZE =
      SECTION.add(
          Key.between(
              1024,
              1 << 28,
              "averaging.chunk-size",
              "Values of the flat state in one chunk of the distributed sum"));
  static final Key<Transport> TRANSPORT =
      SECTION.add(
          Key.choice(
                  Transport.class,
                  "averaging.transport",
                  "How states are averaged, to the same bytes: over Spark's shuffle, or in place"
                      + " between workers that stay for an epoch, which needs libtorch; `auto` is"
                      + " in place wherever that is possible")
              .notDecisive());
  static final Key<Plaintext> PLAINTEXT =
      SECTION.add(
          Key.choice(
                  Plaintext.class,
                  "averaging.collective.plaintext",
                  "Whether states may be averaged in place, in plain text between the workers,"
                      + " where Spark's authentication or encryption is on")
              .notDecisive());

  static final Key<Start> OUTER =
      SECTION.add(
          Key.choice(
                  Start.class,
                  "averaging.outer",
                  "What a round leaves behind: the mean of the workers' parameters, or what an outer"
                      + " step with Nesterov's momentum makes of it (DiLoCo), which allows hundreds"
                      + " of local steps")
              .decisiveUnlessDefault());
  static final Key<Double> RATE =
      SECTION.add(
          Key.positive(
                  "averaging.nesterov.rate",
                  "With `averaging.outer = nesterov`, learning rate of the outer step")
              .decisiveUnlessDefault());
  static final Key<Double> MOMENTUM =
      SECTION.add(
          Key.fraction(
                  "averaging.nesterov.momentum",
                  "With `averaging.outer = nesterov`, momentum of the outer step")
              .decisiveUnlessDefault());
  static final Key<OuterUpdate.Moments> MOMENTS =
      SECTION.add(
          Key.choice(
                  OuterUpdate.Moments.class,
                  "averaging.moments",
                  "Whether the optimizer's moments are averaged with the parameters every round, or"
                      + " stay with their workers, are averaged at the end of an epoch and allow"
                      + " neither the shuffle nor checkpoints within an epoch")
              .decisiveUnlessDefault());

  /** For so many workers. */
  public AveragingOptions options(int partitions) {
    Way way = new Way(transport, plaintext == Plaintext.ALLOW);
    return new AveragingOptions(partitions, frequency, chunkSize, way, outer);
  }

  /** Whether a state has a velocity. */
  public boolean hasVelocity() {
    return outer.step() != null;
  }

  /** What of it decides the result, for the files of a run. */
  public Map<String, Object> facts() {
    Map<String, Object> facts = new LinkedHashMap<>();
    Nesterov step = outer.step();
    facts.put("frequency", frequency);
    facts.put("outer", step == null ? "mean" : "nesterov");
    if (step != null) {
      facts.put("rate", step.rate());
      facts.put("momentum", step.momentum());
    }
    facts.put("moments", outer.moments().id());
    return facts;
  }

  static AveragingConfig from(Values values) {
    return new AveragingConfig(
        values.get(FREQUENCY),
        values.get(CHUNK_SIZE),
        values.get(TRANSPORT),
        values.get(PLAINTEXT),
        outer(values));
  }

  private static OuterUpdate outer(Values values) {
    Nesterov step =
        values.get(OUTER) == Start.NESTEROV
            ? new Nesterov(values.get(RATE), values.get(MOMENTUM))
            : null;
    return new OuterUpdate(step, values.get(MOMENTS));
  }
}
