package dev.mona.retention;

import dev.mona.SmallModel;
import dev.mona.encoder.Bert;
import dev.mona.encoder.TextEncoder;
import dev.mona.network.PretrainedWeights;
import dev.mona.tensor.ParameterLayout;
import java.util.Arrays;

/**
 * The network once more, one sample at a time and without padding, in plain loops over doubles: the
 * reference of what the tape computes.
 *
 * @param weights the pretrained model
 */
record ReferenceModel(PretrainedWeights weights) {

  /** The parameters of one group by name. */
  record Group(ParameterLayout layout, double[] values) {
    static Group of(ParameterLayout layout, float[] flat) {
      double[] values = new double[flat.length];
      Arrays.setAll(values, i -> flat[i]);
      return new Group(layout, values);
    }

    double[] get(String name) {
      for (ParameterLayout.Entry entry : layout.entries()) {
        if (entry.name().equals(name)) {
          int from = (int) entry.offset();
          return Arrays.copyOfRange(values, from, from + (int) entry.length());
        }
      }
      throw new IllegalArgumentException(name);
    }
  }

  private Bert config() {
    return SmallModel.config(weights);
  }

  /** Unit representation of a source text under an encoder. */
  double[] represent(Group encoder, int[] text) {
    int width = config().shape().width();
    double[][] x = new double[text.length][width];
    for (int t = 0; t < text.length; t++) {
      for (int w = 0; w < width; w++) {
        x[t][w] =
            SmallModel.embedding(weights, TextEncoder.WORDS).values()[text[t] * width + w]
                + (double)
                    SmallModel.embedding(weights, TextEncoder.POSITIONS).values()[t * width + w]
                + SmallModel.embedding(weights, TextEncoder.TYPES).values()[w];
      }
    }
    double[] z =
        mean(
            encode(
                encoder,
                norm(
                    x,
                    doubles(SmallModel.embedding(weights, TextEncoder.GAIN).values()),
                    doubles(SmallModel.embedding(weights, TextEncoder.BIAS).values()))));
    double length = Math.sqrt(dot(z, z));
    for (int w = 0; w < width; w++) {
      z[w] /= length;
    }
    return z;
  }

  /** Cross entropy of one target sample {@code [channels, length]}. */
  double loss(
      Group embedder, Group encoder, Group head, float[] sample, int channels, int kernel, int y) {
    double[][] encoded = encodeTarget(embedder, encoder, sample, channels, kernel);
    double[][] pooled = {mean(norm(head, "LayerNorm", encoded))};
    double[] logits = linear(head, "classifier", pooled)[0];
    double sum = 0;
    for (double z : logits) {
      sum += Math.exp(z);
    }
    return Math.log(sum) - logits[y];
  }

  /** The encoded tokens of one target sample. */
  double[][] encodeTarget(Group embedder, Group encoder, float[] sample, int channels, int kernel) {
    int width = config().shape().width();
    int length = sample.length / channels;
    double[] convolution = embedder.get("convolution.weight");
    double[] bias = embedder.get("convolution.bias");
    double[] positions = embedder.get("position_embeddings.weight");
    double[][] x = new double[length / kernel][width];
    for (int t = 0; t < x.length; t++) {
      for (int w = 0; w < width; w++) {
        x[t][w] = bias[w] + positions[t * width + w];
        for (int c = 0; c < channels; c++) {
          for (int j = 0; j < kernel; j++) {
            x[t][w] +=
                convolution[(w * channels + c) * kernel + j] * sample[c * length + t * kernel + j];
          }
        }
      }
    }
    return encode(encoder, norm(embedder, "LayerNorm", x));
  }

  private double[][] encode(Group encoder, double[][] tokens) {
    double[][] x = tokens;
    for (int i = 0; i < config().shape().layers(); i++) {
      String layer = "encoder.layer." + i;
      double[][] attended =
          linear(encoder, layer + ".attention.output.dense", attention(encoder, layer, x));
      double[][] middle = norm(encoder, layer + ".attention.output.LayerNorm", sum(attended, x));
      double[][] inner = linear(encoder, layer + ".intermediate.dense", middle);
      for (double[] row : inner) {
        Arrays.setAll(row, k -> row[k] * normalLaw(row[k]));
      }
      double[][] output = linear(encoder, layer + ".output.dense", inner);
      x = norm(encoder, layer + ".output.LayerNorm", sum(output, middle));
    }
    return x;
  }

  private double[][] attention(Group encoder, String layer, double[][] x) {
    double[][] query = linear(encoder, layer + ".attention.self.query", x);
    double[][] key = linear(encoder, layer + ".attention.self.key", x);
    double[][] value = linear(encoder, layer + ".attention.self.value", x);
    int width = config().shape().width();
    int depth = width / config().shape().heads();
    double[][] mixed = new double[x.length][width];
    for (int from = 0; from < width; from += depth) {
      for (int i = 0; i < x.length; i++) {
        double[] weight = new double[x.length];
        double sum = 0;
        for (int j = 0; j < x.length; j++) {
          double score = 0;
          for (int k = from; k < from + depth; k++) {
            score += query[i][k] * key[j][k];
          }
          weight[j] = Math.exp(score / Math.sqrt(depth));
          sum += weight[j];
        }
        for (int j = 0; j < x.length; j++) {
          for (int k = from; k < from + depth; k++) {
            mixed[i][k] += weight[j] / sum * value[j][k];
          }
        }
      }
    }
    return mixed;
  }

  private static double[][] linear(Group group, String name, double[][] x) {
    double[] weight = group.get(name + ".weight");
    double[] bias = group.get(name + ".bias");
    double[][] y = new double[x.length][bias.length];
    for (int t = 0; t < x.length; t++) {
      for (int o = 0; o < bias.length; o++) {
        y[t][o] = bias[o];
        for (int i = 0; i < x[t].length; i++) {
          y[t][o] += weight[o * x[t].length + i] * x[t][i];
        }
      }
    }
    return y;
  }

  private double[][] norm(Group group, String name, double[][] x) {
    return norm(x, group.get(name + ".weight"), group.get(name + ".bias"));
  }

  private double[][] norm(double[][] x, double[] gain, double[] bias) {
    double[][] y = new double[x.length][gain.length];
    for (int t = 0; t < x.length; t++) {
      double mean = 0;
      for (double value : x[t]) {
        mean += value / gain.length;
      }
      double variance = 0;
      for (double value : x[t]) {
        variance += (value - mean) * (value - mean) / gain.length;
      }
      for (int w = 0; w < gain.length; w++) {
        double standard = (x[t][w] - mean) / Math.sqrt(variance + config().layerNormEpsilon());
        y[t][w] = standard * gain[w] + bias[w];
      }
    }
    return y;
  }

  /** The standard normal distribution by its power series around 0. */
  private static double normalLaw(double x) {
    double term = x;
    double sum = x;
    for (int k = 3; Math.abs(term) > 1e-18 * Math.abs(sum); k += 2) {
      term *= x * x / k;
      sum += term;
    }
    return 0.5 + sum * Math.exp(-x * x / 2) / Math.sqrt(2 * Math.PI);
  }

  private static double[][] sum(double[][] a, double[][] b) {
    double[][] c = new double[a.length][a[0].length];
    for (int t = 0; t < a.length; t++) {
      for (int w = 0; w < a[t].length; w++) {
        c[t][w] = a[t][w] + b[t][w];
      }
    }
    return c;
  }

  static double[] mean(double[][] x) {
    double[] mean = new double[x[0].length];
    for (double[] row : x) {
      for (int w = 0; w < mean.length; w++) {
        mean[w] += row[w] / x.length;
      }
    }
    return mean;
  }

  static double dot(double[] a, double[] b) {
    double sum = 0;
    for (int w = 0; w < a.length; w++) {
      sum += a[w] * b[w];
    }
    return sum;
  }

  private static double[] doubles(float[] values) {
    double[] wide = new double[values.length];
    Arrays.setAll(wide, i -> values[i]);
    return wide;
  }
}
