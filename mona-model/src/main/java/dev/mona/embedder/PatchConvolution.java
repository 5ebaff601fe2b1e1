package dev.mona.embedder;

import dev.mona.autodiff.Tape;
import dev.mona.autodiff.Variable;
import dev.mona.compute.HostScratch;
import dev.mona.task.SampleShape;
import java.io.Serializable;

/**
 * Geometry of the convolution that makes tokens of images.
 *
 * @param kernel side of the kernel
 * @param stride from one place to the next
 * @param padding zeros around the image
 */
public record PatchConvolution(int kernel, int stride, int padding) implements Serializable {
  private static final int RESIZED = 0;
  private static final int PATCHES = 1;
  private static final HostScratch SCRATCH = new HostScratch();

  /** Patches side by side. */
  public static PatchConvolution sideBySide(int patch) {
    return new PatchConvolution(patch, patch, 0);
  }

  /** Tokens of a side of so many pixels; patches that stick out see zeros. */
  public int tokens(int pixels) {
    return (pixels + stride - 1) / stride;
  }

  /**
   * What the convolution sees of images that are resized.
   *
   * @param images {@code [batch, C, H, W]} row-major
   * @param shape C, H and W
   * @param height pixels after the resize
   * @param width pixels after the resize
   * @return {@code [batch * tokens, C * kernel * kernel]}
   */
  Variable record(Tape tape, float[] images, SampleShape shape, int height, int width) {
    int batch = images.length / shape.length();
    float[] resized = images;
    if (shape.height() != height || shape.width() != width) {
      resized = SCRATCH.atLeast(RESIZED, batch * shape.channels() * height * width);
      new BilinearResize(shape.height(), shape.width(), height, width).apply(images, resized);
    }
    ImagePatches seen = new ImagePatches(new SampleShape(shape.channels(), height, width), this);
    float[] patches =
        SCRATCH.atLeast(PATCHES, Math.multiplyExact(batch * seen.tokens(), seen.length()));
    seen.copy(resized, batch, patches);
    return tape.constant(patches, (long) batch * seen.tokens(), seen.length());
  }
}
