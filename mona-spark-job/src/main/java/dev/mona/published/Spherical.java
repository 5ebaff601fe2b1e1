package dev.mona.published;

import dev.mona.convert.Card;
import dev.mona.convert.SetSource;
import dev.mona.data.Samples;
import dev.mona.data.Split;
import dev.mona.random.SplitMix64;
import dev.mona.task.SampleShape;
import java.io.IOException;
import java.util.Optional;
import java.util.Random;

/**
 * Square images on a sphere, as in spherical CNNs (Cohen et al., ICLR 2018), from which
 * NAS-Bench-360 takes its set: the image lies on the lower half of the sphere by stereographic
 * projection from the north pole, the sphere is turned at random, and is then read on a grid of
 * Driscoll and Healy of bandwidth 30: {@code beta_j = pi (2 j + 1) / 120, alpha_k = pi k / 30}. The
 * rotation of a sample is a pure function of its split and number.
 */
final class Spherical implements SetSource {
  static final int GRID = 60;
  private static final long KEY = 0x53_50_48L;

  private final SetSource flat;

  Spherical(SetSource flat) {
    this.flat = flat;
  }

  @Override
  public Card card() {
    return flat.card();
  }

  @Override
  public Optional<Samples> samples(Split split) throws IOException {
    return flat.samples(split).map(samples -> new Projected(samples, split == Split.TRAIN ? 0 : 1));
  }

  @Override
  public void close() throws IOException {
    flat.close();
  }

  /** A uniform rotation: the matrix of a unit quaternion of four normal numbers. */
  static double[][] rotation(long split, long sample) {
    Random random = new Random(SplitMix64.hash(KEY, split, sample));
    double[] q = new double[4];
    double norm = 0;
    for (int i = 0; i < q.length; i++) {
      q[i] = random.nextGaussian();
      norm += q[i] * q[i];
    }
    double s = 2 / norm;
    double w = q[0];
    double x = q[1];
    double y = q[2];
    double z = q[3];
    return new double[][] {
      {1 - s * (y * y + z * z), s * (x * y - w * z), s * (x * z + w * y)},
      {s * (x * y + w * z), 1 - s * (x * x + z * z), s * (y * z - w * x)},
      {s * (x * z - w * y), s * (y * z + w * x), 1 - s * (x * x + y * y)}
    };
  }

  /**
   * Reads an image on the turned sphere.
   *
   * @param image {@code [C, side, side]}
   * @param into {@code [C, 60, 60]}
   */
  static void project(double[] image, int side, double[][] rotation, double[] into) {
    int channels = image.length / (side * side);
    for (int j = 0; j < GRID; j++) {
      double beta = Math.PI * (2 * j + 1) / (2 * GRID);
      for (int k = 0; k < GRID; k++) {
        double alpha = 2 * Math.PI * k / GRID;
        double[] p = {
          Math.sin(beta) * Math.cos(alpha), Math.sin(beta) * Math.sin(alpha), Math.cos(beta)
        };
        double[] turned = new double[3];
        for (int row = 0; row < 3; row++) {
          for (int column = 0; column < 3; column++) {
            turned[row] += rotation[row][column] * p[column];
          }
        }
        double across = turned[0] / (1 - turned[2]);
        double down = turned[1] / (1 - turned[2]);
        boolean seen = turned[2] <= 0 && Math.abs(across) <= 1 && Math.abs(down) <= 1;
        double x = (across + 1) / 2 * (side - 1);
        double y = (down + 1) / 2 * (side - 1);
        for (int c = 0; c < channels; c++) {
          into[(c * GRID + j) * GRID + k] = seen ? bilinear(image, c * side * side, side, y, x) : 0;
        }
      }
    }
  }

  private static double bilinear(double[] image, int plane, int side, double y, double x) {
    int top = (int) y;
    int left = (int) x;
    int bottom = Math.min(top + 1, side - 1);
    int right = Math.min(left + 1, side - 1);
    double down = y - top;
    double across = x - left;
    double upper =
        (1 - across) * image[plane + top * side + left]
            + across * image[plane + top * side + right];
    double lower =
        (1 - across) * image[plane + bottom * side + left]
            + across * image[plane + bottom * side + right];
    return (1 - down) * upper + down * lower;
  }

  /**
   * Samples on the sphere.
   *
   * @param flat the images
   * @param split number of their split
   */
  private record Projected(Samples flat, long split) implements Samples {
    @Override
    public int size() {
      return flat.size();
    }

    @Override
    public SampleShape shape() {
      return new SampleShape(flat.shape().channels(), GRID, GRID);
    }

    @Override
    public void features(int sample, double[] into) throws IOException {
      double[] image = new double[flat.shape().length()];
      flat.features(sample, image);
      project(image, flat.shape().width(), rotation(split, sample), into);
    }

    @Override
    public void labels(int sample, double[] into) throws IOException {
      flat.labels(sample, into);
    }
  }
}
