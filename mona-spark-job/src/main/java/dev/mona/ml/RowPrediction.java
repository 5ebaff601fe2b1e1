package dev.mona.ml;

import dev.mona.executor.ServedModel;
import dev.mona.learner.Predictor;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.concurrent.CancellationException;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.util.TaskCompletionListener;
import org.jspecify.annotations.Nullable;

/**
 * Adds predictions to the rows of a partition, a batch at a time.
 *
 * @param model the model, sent once
 * @param features where the features are
 * @param columns what is added
 */
record RowPrediction(Broadcast<ServedModel> model, RowFeatures features, OutputColumns columns)
    implements MapPartitionsFunction<Row, Row> {

  @Override
  public Iterator<Row> call(Iterator<Row> rows) {
    Predicted predicted = new Predicted(rows);
    TaskContext unused = TaskContext.get().addTaskCompletionListener(predicted);
    return predicted;
  }

  /**
   * Rows with their predictions. A task may end while another thread still reads, so reading and
   * closing exclude each other.
   */
  private final class Predicted implements Iterator<Row>, TaskCompletionListener {
    private final Iterator<Row> rows;
    private final Deque<Row> ready = new ArrayDeque<>();
    private @Nullable Predictor predictor;
    private boolean closed;

    Predicted(Iterator<Row> rows) {
      this.rows = rows;
    }

    @Override
    public boolean hasNext() {
      return !ready.isEmpty() || rows.hasNext();
    }

    @Override
    public Row next() {
      if (ready.isEmpty()) {
        if (!rows.hasNext()) {
          throw new NoSuchElementException();
        }
        fill();
      }
      return ready.remove();
    }

    private synchronized void fill() {
      if (closed) {
        throw new CancellationException("the task has ended");
      }
      Predictor made = predictor;
      if (made == null) {
        made = model.value().predictor();
        predictor = made;
      }
      int most = model.value().serving().batch();
      int length = features.shape().length();
      List<Row> batch = new ArrayList<>();
      float[] values = new float[most * length];
      while (batch.size() < most && rows.hasNext()) {
        Row row = rows.next();
        features.read(row, values, batch.size() * length);
        batch.add(row);
      }
      float[] logits = made.predict(Arrays.copyOf(values, batch.size() * length), batch.size());
      int outputs = logits.length / batch.size();
      for (int i = 0; i < batch.size(); i++) {
        ready.add(
            with(
                batch.get(i),
                columns.of(Arrays.copyOfRange(logits, i * outputs, (i + 1) * outputs))));
      }
    }

    @Override
    public synchronized void onTaskCompletion(TaskContext context) {
      closed = true;
      if (predictor != null) {
        predictor.close();
        predictor = null;
      }
    }
  }

  private static Row with(Row row, Object[] added) {
    Object[] values = new Object[row.size() + added.length];
    for (int k = 0; k < row.size(); k++) {
      values[k] = row.get(k);
    }
    System.arraycopy(added, 0, values, row.size(), added.length);
    return RowFactory.create(values);
  }
}
