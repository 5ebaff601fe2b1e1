package dev.mona.data;

/**
 * Where a data set comes from, for people.
 *
 * @param modality what was measured
 * @param source who measured or published it
 * @param licence under what terms
 */
public record Origin(String modality, String source, String licence) {}
