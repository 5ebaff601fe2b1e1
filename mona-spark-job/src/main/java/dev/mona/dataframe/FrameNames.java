package dev.mona.dataframe;

import java.util.Optional;

/**
 * What the columns of a DataFrame are called.
 *
 * @param features an array of numbers or a vector of Spark ML
 * @param label a number or an array of numbers
 * @param id a whole number; empty where rows are numbered as they come
 * @param split a text: train, val or test; empty where no column says it
 */
public record FrameNames(
    String features, String label, Optional<String> id, Optional<String> split) {}
