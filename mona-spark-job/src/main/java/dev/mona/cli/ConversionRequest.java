package dev.mona.cli;

import dev.mona.convert.ConvertOptions;
import dev.mona.numpy.NumpyOptions;

/**
 * A data set to make.
 *
 * @param source what is read
 * @param target what is made
 */
public record ConversionRequest(NumpyOptions source, ConvertOptions target) {}
