package dev.mona.embedder;

import dev.mona.MonaException;
import dev.mona.Setting;
import dev.mona.source.ImageBatch;
import dev.mona.source.SourceBatch;
import dev.mona.source.SourceImages;
import dev.mona.source.SourceSamples;
import dev.mona.task.SampleShape;

/** Source samples of a vision encoder. */
final class ImageSamples {
  private ImageSamples() {}

  static void require(SourceSamples samples) {
    if (!(samples instanceof SourceImages)) {
      throw MonaException.configuration(
          "the encoder sees images and the source samples are texts: name a set of images",
          Setting.SOURCE);
    }
  }

  static ImageBatch batch(SourceBatch samples) {
    if (samples instanceof ImageBatch batch) {
      return batch;
    }
    throw new IllegalArgumentException("not a batch of images: " + samples);
  }

  static SampleShape shape(ImageBatch batch) {
    return new SampleShape(SourceImages.COLOURS, batch.height(), batch.width());
  }
}
