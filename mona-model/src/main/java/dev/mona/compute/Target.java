package dev.mona.compute;

/**
 * Where a sum goes.
 *
 * @param array what is written
 * @param add whether the sum is added to what the array holds; otherwise the contents are undefined
 */
public record Target(Array array, boolean add) {}
