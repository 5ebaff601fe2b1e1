package dev.mona.training;

import dev.mona.metric.Metric;
import org.jspecify.annotations.Nullable;

/**
 * How epochs are scored.
 *
 * @param metric of the validation samples; null without any
 * @param evaluator adds to an epoch's metrics
 */
record EpochScoring(@Nullable Metric metric, EpochEvaluator evaluator) {}
