package dev.mona.dataframe;

import java.io.Serializable;
import org.jspecify.annotations.Nullable;

/**
 * A row as it was read, not yet checked.
 *
 * @param number of the row, from 0: by the names of the files, and within each in its order
 * @param id of its sample; null where the column has none
 * @param split what its column says; null without such a column, or where it has none
 * @param features null where there are none, NaN for a value that is missing
 * @param labels a class, or the values of an array, in the same way
 */
record FrameRow(
    long number,
    @Nullable Long id,
    @Nullable String split,
    double @Nullable [] features,
    double @Nullable [] labels)
    implements Serializable {}
