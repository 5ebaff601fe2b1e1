package dev.mona.ml;

import dev.mona.executor.ServedModel;
import dev.mona.job.FinetunedModel;
import org.apache.spark.SparkContext;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.jspecify.annotations.Nullable;

/** What a model and its copies share: parameters, how they came about, and their broadcast. */
final class TrainedContent {
  private final FinetunedModel model;
  private final MonaSummary summary;
  private @Nullable SparkContext spark;
  private @Nullable Broadcast<ServedModel> sent;

  TrainedContent(FinetunedModel model, MonaSummary summary) {
    this.model = model;
    this.summary = summary;
  }

  FinetunedModel model() {
    return model;
  }

  MonaSummary summary() {
    return summary;
  }

  /**
   * The model on its way to the executors of a context. Spark lets go of it when neither the model
   * nor a DataFrame needs it.
   */
  synchronized Broadcast<ServedModel> sent(SparkContext to) {
    Broadcast<ServedModel> broadcast = sent;
    if (broadcast == null || spark != to) {
      broadcast = JavaSparkContext.fromSparkContext(to).broadcast(model.served());
      sent = broadcast;
      spark = to;
    }
    return broadcast;
  }
}
