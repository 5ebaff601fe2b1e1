package dev.mona.rounds;

/** A way to workers: takes a workload to the cluster for as long as a program runs. */
public interface Session {

  /**
   * Runs a program over the workers of a workload. What it computes does not depend on the kind of
   * session: the same arguments lead to the same bytes.
   *
   * @return what the program returns
   * @throws IllegalArgumentException if a training partition does not hold one block
   */
  <T> T run(Workload workload, Program<T> program);
}
