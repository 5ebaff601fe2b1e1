package dev.mona.source;

/**
 * Source images as most vision encoders were pretrained on them: scaled to 0 to 1, then brought to
 * mean 0 and deviation 1 with the moments of ImageNet.
 *
 * @param values {@code [size, 3, height, width]} row-major
 * @param height of an image
 * @param width of an image
 * @param labels class of each image
 */
public record ImageBatch(float[] values, int height, int width, int[] labels)
    implements SourceBatch {
  private static final double[] MEAN = {0.485, 0.456, 0.406};
  private static final double[] DEVIATION = {0.229, 0.224, 0.225};

  /** Images by their index. */
  public static ImageBatch of(SourceImages images, int[] indices) {
    int plane = images.height() * images.width();
    int image = SourceImages.COLOURS * plane;
    float[] values = new float[Math.multiplyExact(indices.length, image)];
    int[] labels = new int[indices.length];
    for (int i = 0; i < indices.length; i++) {
      labels[i] = images.labels()[indices[i]];
      for (int k = 0; k < image; k++) {
        int level = images.pixels()[indices[i] * image + k] & 0xFF;
        int colour = k / plane;
        values[i * image + k] = (float) ((level / 255.0 - MEAN[colour]) / DEVIATION[colour]);
      }
    }
    return new ImageBatch(values, images.height(), images.width(), labels);
  }
}
