package dev.mona.cli;

import dev.mona.convert.ConvertOptions;
import dev.mona.data.Origin;
import dev.mona.dataframe.FrameOptions;

/**
 * A DataFrame to convert.
 *
 * @param source how it is read
 * @param origin what it holds
 * @param target what is made
 */
public record FrameRequest(FrameOptions source, Origin origin, ConvertOptions target) {}
