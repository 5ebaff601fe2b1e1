package dev.mona.cli;

import dev.mona.convert.ConvertOptions;
import dev.mona.published.PublishedFormat;

/**
 * A published data set to convert.
 *
 * @param format its form
 * @param input file or folder
 * @param stride every how manyth point of a field is taken
 * @param target what is made
 */
public record PublishedRequest(
    PublishedFormat format, String input, int stride, ConvertOptions target) {}
