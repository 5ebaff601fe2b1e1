package dev.mona.convert;

/**
 * One row of a data set's Parquet file. The arrays are shared with the writer's caller and valid
 * during the call only.
 *
 * @param id stable id, unique in the data set
 * @param features row-major {@code [C, H, W]}
 * @param labels one class index, 0/1 for each label, or a field {@code [outputs, H, W]}
 */
public record Sample(long id, float[] features, float[] labels) {}
