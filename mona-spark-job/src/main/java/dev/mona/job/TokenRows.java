package dev.mona.job;

import dev.mona.autodiff.Tape;
import dev.mona.compute.Array;
import dev.mona.compute.Device;
import dev.mona.embedder.SourceEmbedder;
import dev.mona.embedder.TargetEmbedder;
import dev.mona.inputs.JobInputs;
import dev.mona.nn.Leaves;
import dev.mona.nn.Tokens;
import dev.mona.source.SourceBatch;
import dev.mona.source.SourceSamples;
import dev.mona.task.SampleBlock;
import dev.mona.task.TaskSpec;
import dev.mona.tensor.ParameterGroup;
import dev.mona.tensor.Parameters;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;

/** Embeds some samples and texts, one at a time, into rows of {@link EmbeddingJob}. */
final class TokenRows implements AutoCloseable {
  private final JobInputs inputs;
  private final int samples;
  private final List<Row> rows = new ArrayList<>();
  private final Tape tape;

  /**
   * @param samples source samples to embed
   * @param device where they are embedded
   */
  TokenRows(JobInputs inputs, int samples, Device device) {
    this.inputs = inputs;
    this.samples = samples;
    tape = new Tape(device);
  }

  /** Adds the tokens of source samples, padding left out. */
  void addSource() {
    SourceEmbedder embedder = inputs.weights().sourceEmbedder();
    SourceSamples source = inputs.source().train();
    for (int sample : spread(source.size())) {
      tape.reset();
      SourceBatch batch = source.batch(new int[] {sample});
      String label = source.classNames().get(source.labels()[sample]);
      Tokens tokens = embedder.embed(tape, batch);
      add(
          new Origin("source", "pretrained", sample, label),
          tokens.values().value(),
          embedder.lengths(batch, tokens)[0]);
    }
  }

  /** Adds the tokens of target samples under an embedder. */
  void addTarget(String name, float[] embedder, SampleBlock chosen) {
    TaskSpec task = inputs.options().task();
    TargetEmbedder shape = inputs.network().embedder();
    Parameters parameters =
        Parameters.zeros(inputs.network().layout(ParameterGroup.EMBEDDER), tape.device());
    parameters.assign(embedder);
    for (int i = 0; i < chosen.size(); i++) {
      tape.reset();
      SampleBlock sample = chosen.select(new int[] {i});
      add(
          new Origin("target", name, sample.ids()[0], label(task, sample.labels())),
          shape.embed(tape, Leaves.of(tape, parameters), sample.features()).values().value(),
          shape.tokens());
    }
  }

  List<Row> rows() {
    return rows;
  }

  /** Positions from 0 on, evenly spaced: data sets are often sorted by class. */
  private int[] spread(int size) {
    int n = Math.min(samples, size);
    return IntStream.range(0, n).map(i -> (int) ((long) i * size / n)).toArray();
  }

  private static String label(TaskSpec task, float[] label) {
    return switch (task.kind()) {
      case CLASSIFICATION -> task.prediction().className((int) label[0]);
      case DENSE -> "";
      case MULTI_LABEL ->
          IntStream.range(0, label.length)
              .filter(k -> label[k] > 0)
              .mapToObj(task.prediction()::className)
              .collect(Collectors.joining("+"));
    };
  }

  /** The columns that the tokens of one sample share. */
  private record Origin(String origin, String embedder, long sample, String label) {}

  private void add(Origin of, Array embedded, int tokens) {
    float[] values = embedded.toFloats();
    int width = Math.toIntExact(embedded.size(-1));
    for (int t = 0; t < tokens; t++) {
      float[] token = Arrays.copyOfRange(values, t * width, (t + 1) * width);
      rows.add(RowFactory.create(of.origin(), of.embedder(), of.sample(), t, of.label(), token));
    }
  }

  @Override
  public void close() {
    tape.close();
  }
}
