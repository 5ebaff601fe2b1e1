package dev.mona.sizing;

import dev.mona.compute.Precision;

/**
 * Executors of a cluster.
 *
 * @param executors how many
 * @param cores of each
 * @param taskCores cores of a task: its native threads
 * @param gpu whether each has a GPU, which runs one task at a time
 * @param precision of products of matrices
 */
public record Cluster(int executors, int cores, int taskCores, boolean gpu, Precision precision) {
  public Cluster {
    if (executors < 1 || taskCores < 1 || cores < taskCores) {
      throw new IllegalArgumentException(
          executors + " executors of " + cores + " cores for tasks of " + taskCores);
    }
  }

  /** Training tasks that an executor runs at once. */
  public int tasksAtOnce(int partitions) {
    int share = (partitions + executors - 1) / executors;
    return gpu ? 1 : Math.min(cores / taskCores, share);
  }
}
