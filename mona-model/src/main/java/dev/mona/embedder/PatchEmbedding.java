package dev.mona.embedder;

import dev.mona.MonaException;
import dev.mona.Setting;
import dev.mona.autodiff.Tape;
import dev.mona.compute.Device;
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

/**
 * The pretrained source embedder of an encoder of images: what {@link ImageEmbedder} records, with
 * the values of the checkpoint's own embedding block.
 */
public final class PatchEmbedding implements SourceEmbedder {
  private final ImageEmbedder embedder;
  private final float[] values;
  private final OnDevice<Parameters> parameters = new OnDevice<>(this::copy);

  /**
   * The embedder of a checkpoint.
   *
   * @param embedder of colour images
   * @param values by its names
   */
  public PatchEmbedding(ImageEmbedder embedder, Map<String, float[]> values) {
    this.embedder = embedder;
    this.values = new float[Math.toIntExact(embedder.layout().length())];
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
      System.arraycopy(own, 0, this.values, (int) entry.offset(), own.length);
    }
  }

  private Parameters copy(Device device) {
    Parameters copy = Parameters.zeros(embedder.layout(), device);
    copy.assign(values);
    return copy;
  }

  @Override
  public void require(SourceSamples samples) {
    if (!(samples instanceof SourceImages)) {
      throw MonaException.configuration(
          "the encoder sees images and the source samples are texts: name a set of images",
          Setting.SOURCE);
    }
  }

  @Override
  public Tokens embed(Tape tape, SourceBatch samples) {
    if (!(samples instanceof ImageBatch batch)) {
      throw new IllegalArgumentException("not a batch of images: " + samples);
    }
    SampleShape shape = new SampleShape(SourceImages.COLOURS, batch.height(), batch.width());
    return new ImageEmbedder(shape, embedder.grid(), embedder.width(), embedder.after())
        .embed(tape, Leaves.of(tape, parameters.get(tape.device())), batch.values());
  }
}
