package dev.mona.rounds;

import dev.mona.task.BlockIndex;
import dev.mona.task.PartitionSamples;
import dev.mona.task.SampleBlock;

/**
 * The training samples of a worker in its task.
 *
 * @param name of the training samples of a job; no other has it
 * @param worker which worker
 * @param index its blocks
 * @param blocks fetches them
 */
record WorkerSamples(String name, int worker, BlockIndex index, WorkerBlocks blocks)
    implements PartitionSamples {

  @Override
  public SampleBlock read(int block) {
    return blocks.read(block);
  }

  /** Of the same worker in another task, too. */
  @Override
  public boolean equals(Object other) {
    return other instanceof WorkerSamples that && name.equals(that.name) && worker == that.worker;
  }

  @Override
  public int hashCode() {
    return name.hashCode() + worker;
  }
}
