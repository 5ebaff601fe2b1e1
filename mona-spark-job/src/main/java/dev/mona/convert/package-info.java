/**
 * Other formats to target data sets: any {@link dev.mona.convert.SetSource} is read once, checked
 * and written as Parquet with its manifest. Depends on {@code dev.mona.data} and on what that uses;
 * the formats themselves live in {@code dev.mona.numpy} and {@code dev.mona.published}.
 */
@NullMarked
package dev.mona.convert;

import org.jspecify.annotations.NullMarked;
