package dev.mona.training;

import dev.mona.metric.Metric;
import dev.mona.task.SampleBlock;
import org.apache.spark.api.java.JavaRDD;

/**
 * What epochs are scored with.
 *
 * @param blocks validation samples
 * @param metric lower is better
 */
public record Validation(JavaRDD<SampleBlock> blocks, Metric metric) {}
