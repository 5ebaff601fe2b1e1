package dev.mona.averaging;

/** The sequence of rounds of a job; run by the training master once the samples are in place. */
@FunctionalInterface
public interface TrainingProgram {
  void run(Workers workers);
}
