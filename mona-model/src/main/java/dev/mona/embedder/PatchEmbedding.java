package dev.mona.embedder;

import dev.mona.MonaException;
import dev.mona.autodiff.Tape;
import dev.mona.nn.Leaves;
import dev.mona.nn.Tokens;
import dev.mona.source.ImageBatch;
import dev.mona.source.SourceBatch;
import dev.mona.source.SourceImages;
import dev.mona.source.SourceSamples;
import dev.mona.task.SampleShape;
import dev.mona.tensor.ParameterLayout;
import dev.mona.tensor.Parameters;
import java.util.Locale;
import java.util.Map;
import org.nd4j.linalg.api.buffer.DataType;

/**
 * The pretrained source embedder of an encoder of images: what {@link ImageEmbedder} records, with
 * the values of the checkpoint's own embedding block.
 */
public final class PatchEmbedding implements SourceEmbedder {
  private final ImageEmbedder embedder;
  private final Parameters values;

  /**
   * Copies the values to the device.
   *
   * @param embedder of colour images
   * @param values by its names
   */
  public PatchEmbedding(ImageEmbedder embedder, Map<String, float[]> values) {
    this.embedder = embedder;
    this.values = Parameters.zeros(embedder.layout(), DataType.FLOAT);
    float[] flat = new float[Math.toIntExact(this.values.length())];
    for (ParameterLayout.Entry entry : embedder.layout().entries()) {
      float[] own = values.getOrDefault(entry.name(), new float[0]);
      if (own.length != entry.length()) {
        throw new IllegalArgumentException(
            String.format(
                Locale.ROOT,
                "%s of the checkpoint's embedding holds %d values, its shape has %d",
                entry.name(),
                own.length,
                entry.length()));
      }
      System.arraycopy(own, 0, flat, (int) entry.offset(), own.length);
    }
    this.values.assign(flat);
  }

  @Override
  public void require(SourceSamples samples) {
    if (!(samples instanceof SourceImages)) {
      throw MonaException.configuration(
          "the encoder sees images and the source samples are texts: set source.kind to images and"
              + " source.path to a set of images");
    }
  }

  @Override
  public Tokens embed(Tape tape, SourceBatch samples) {
    if (!(samples instanceof ImageBatch batch)) {
      throw new IllegalArgumentException("not a batch of images: " + samples);
    }
    SampleShape shape = new SampleShape(SourceImages.COLOURS, batch.height(), batch.width());
    return new ImageEmbedder(shape, embedder.grid(), embedder.width(), embedder.after())
        .embed(tape, Leaves.of(tape, values), batch.values());
  }
}
