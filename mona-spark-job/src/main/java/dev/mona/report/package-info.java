/**
 * What a run tells while it trains: listeners for the console and for files of JSON lines, and text
 * tables. Depends on the stages of the model and on Jackson; writes to streams that it is given and
 * knows no file system.
 */
@NullMarked
package dev.mona.report;

import org.jspecify.annotations.NullMarked;
