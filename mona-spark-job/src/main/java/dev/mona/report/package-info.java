/**
 * What is shown of runs: listeners for the console and for files of JSON lines, comparisons, and
 * text tables. Depends on {@code events}, on the stages of the model and on Jackson; writes to
 * streams that it is given and knows no file system.
 */
@NullMarked
package dev.mona.report;

import org.jspecify.annotations.NullMarked;
