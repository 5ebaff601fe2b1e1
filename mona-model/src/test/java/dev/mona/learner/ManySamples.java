package dev.mona.learner;

import dev.mona.task.BlockIndex;
import dev.mona.task.PartitionSamples;
import dev.mona.task.SampleBlock;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Samples that are made when their block is read. The feature of a sample at {@code i} is {@code id
 * + i}, its label {@code -id}; ids run on.
 */
final class ManySamples implements PartitionSamples {
  private final int[] sizes;
  private final int features;
  private final int atOnce;

  /** Blocks in the order in which they were read, and the threads that did. */
  final List<Integer> reads = new ArrayList<>();

  final List<Thread> readers = new ArrayList<>();

  ManySamples(int[] sizes, int features, int atOnce) {
    this.sizes = sizes;
    this.features = features;
    this.atOnce = atOnce;
  }

  long firstId(int block) {
    return 1000L + Arrays.stream(sizes).limit(block).sum();
  }

  @Override
  public BlockIndex index() {
    long[] firstIds = IntStream.range(0, sizes.length).mapToLong(this::firstId).toArray();
    return new BlockIndex(sizes, firstIds, atOnce);
  }

  @Override
  public SampleBlock read(int block) {
    reads.add(block);
    readers.add(Thread.currentThread());
    return make(firstId(block), sizes[block]);
  }

  /** All samples in one block. */
  SampleBlock together() {
    return make(firstId(0), Arrays.stream(sizes).sum());
  }

  private SampleBlock make(long first, int size) {
    SampleBlock made = new SampleBlock(new long[size], new float[size * features], new float[size]);
    for (int s = 0; s < size; s++) {
      made.ids()[s] = first + s;
      made.labels()[s] = -(first + s);
      for (int i = 0; i < features; i++) {
        made.features()[s * features + i] = first + s + i;
      }
    }
    return made;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof ManySamples that
        && Arrays.equals(sizes, that.sizes)
        && features == that.features
        && atOnce == that.atOnce;
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(sizes);
  }
}
