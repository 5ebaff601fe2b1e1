/**
 * What a comparison runs: arms, which are settings over one configuration, from methods, presets,
 * fractions of the training samples and grids. May use {@code config} and the model.
 */
@NullMarked
package dev.mona.arms;

import org.jspecify.annotations.NullMarked;
