/**
 * The training as an estimator of Spark ML, and its result as a model: params to a configuration, a
 * DataFrame to a run, a row to its prediction. Depends on Spark ML and on the job beneath it.
 */
@NullMarked
package dev.mona.ml;

import org.jspecify.annotations.NullMarked;
