package dev.mona.dl4jspark;

import dev.mona.task.SampleBlock;
import org.apache.spark.api.java.JavaRDD;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.api.MultiDataSet;
import org.nd4j.linalg.factory.Nd4j;

/**
 * A whole {@link SampleBlock} as one DL4J data set: feature arrays {@code [n, featureLength]} and
 * {@code [n]} (the ids, as LONG, so that they stay exact), label array {@code [n, labelLength]}.
 *
 * <p>It is the form in which a block passes DL4J's interface, once a job: packing and unpacking
 * happen in the same task, so no array is serialised.
 */
public final class BlockDataSet {
  private BlockDataSet() {}

  /** Packs every block; one data set a block. */
  public static JavaRDD<MultiDataSet> pack(JavaRDD<SampleBlock> blocks) {
    return blocks.map(BlockDataSet::pack);
  }

  /** Packs a block of at least one sample. */
  public static MultiDataSet pack(SampleBlock block) {
    int n = block.size();
    if (n == 0) {
      throw new IllegalArgumentException("a block without samples cannot be a data set");
    }
    INDArray features = Nd4j.create(block.features(), new long[] {n, block.features().length / n});
    INDArray labels = Nd4j.create(block.labels(), new long[] {n, block.labels().length / n});
    INDArray ids = Nd4j.createFromArray(block.ids());
    return new org.nd4j.linalg.dataset.MultiDataSet(
        new INDArray[] {features, ids}, new INDArray[] {labels});
  }

  /** The block in a data set made by {@link #pack(SampleBlock)}. */
  public static SampleBlock unpack(MultiDataSet data) {
    if (data.numFeatureArrays() != 2
        || data.numLabelsArrays() != 1
        || data.getFeatures(1).dataType() != DataType.INT64) {
      throw new IllegalArgumentException(
          "a data set must hold features, LONG ids and one label array, got "
              + data.numFeatureArrays()
              + " feature and "
              + data.numLabelsArrays()
              + " label arrays");
    }
    return new SampleBlock(
        data.getFeatures(1).toLongVector(), floats(data.getFeatures(0)), floats(data.getLabels(0)));
  }

  private static float[] floats(INDArray array) {
    return array.dup('c').data().asFloat();
  }
}
