package dev.mona.benchmark.libtorch;

import static dev.mona.benchmark.libtorch.Encoder.constant;
import static dev.mona.benchmark.libtorch.Encoder.leaf;
import static dev.mona.benchmark.libtorch.Encoder.linear;
import static dev.mona.benchmark.libtorch.Encoder.layerNorm;
import static dev.mona.benchmark.libtorch.Encoder.normal;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.BoolOptional;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.ScalarTypeOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/** The step of each benchmark case, on fixed random data. */
final class Steps {
  static final List<String> NAMES =
      List.of("encoder", "gradient", "exact", "gradient-alignment", "swin", "hiera");

  /** Length of the virtual step. */
  private static final double ALPHA = 0.05;

  private final Map<String, Integer> shape;
  private final Encoder encoder;
  private final Tensor tokens;
  private final Tensor upstream;
  private final Tensor samples;
  private final Tensor labels;
  private final List<Tensor> embedder;
  private final List<Tensor> head;
  private final Tensor source;
  private final Tensor first;
  private final Tensor second;
  private final Tensor positive;
  private final ImageStep swin;
  private final ImageStep hiera;
  private List<Tensor> held = List.of();

  Steps(Map<String, Integer> shape) {
    this.shape = shape;
    encoder = new Encoder(shape);
    long batch = shape.get("batch");
    long positions = shape.get("tokens");
    long width = shape.get("width");
    long channels = shape.get("channels");
    long kernel = shape.get("kernel");
    long classes = shape.get("classes");
    tokens = leaf(torch.randn(batch, positions, width));
    upstream = torch.randn(batch, positions, width);
    samples = torch.randn(batch, channels, positions * kernel);
    labels = torch.arange(new Scalar((double) batch)).remainder(new Scalar((double) classes)).to(ScalarType.Long);
    embedder =
        List.of(
            normal(width, channels, kernel),
            constant(0, width),
            constant(1, width),
            constant(0, width),
            normal(positions, width));
    head = List.of(constant(1, width), constant(0, width), normal(classes, width), constant(0, classes));

    int perClass = shape.get("samplesPerClass");
    int texts = shape.get("sourceClasses") * perClass;
    source = torch.randn(texts, shape.get("sourceTokens"), width);
    Tensor pairs = torch.triu_indices(texts, texts, 1, new TensorOptions(ScalarType.Long));
    first = pairs.select(0, 0).contiguous();
    second = pairs.select(0, 1).contiguous();
    Tensor perClassTensor = torch.full(new long[] {1}, new Scalar((double) perClass));
    positive =
        torch
            .floor_divide(first.to(ScalarType.Float), perClassTensor)
            .eq(torch.floor_divide(second.to(ScalarType.Float), perClassTensor));
    long stageWidth = shape.get("stageWidth");
    swin = new ImageStep(new Swin(), shape.get("swinBatch"), shape.get("swinSide"), stageWidth);
    hiera = new ImageStep(new Hiera(), shape.get("hieraBatch"), shape.get("hieraSide"), stageWidth);
  }

  /** Runs one step; returns a value that depends on all of its work. */
  double run(String name, boolean fusedAttention) {
    try (PointerScope scope = new PointerScope()) {
      Tensor result =
          switch (name) {
            case "encoder" -> encoderStep(fusedAttention);
            case "gradient" -> gradientStep(fusedAttention);
            case "exact" -> metaStep(fusedAttention, false);
            case "gradient-alignment" -> metaStep(fusedAttention, true);
            case "swin" -> swin.run(fusedAttention);
            case "hiera" -> hiera.run(fusedAttention);
            default -> throw new IllegalArgumentException("unknown case " + name);
          };
      return result.sum().item_float();
    }
  }

  private Tensor encoderStep(boolean fusedAttention) {
    Tensor out = encoder.forward(tokens, encoder.parameters(), fusedAttention);
    return gradients(out, concatenate(List.of(tokens), encoder.parameters()), upstream, false).get(0);
  }

  private Tensor gradientStep(boolean fusedAttention) {
    List<Tensor> inputs = concatenate(embedder, head, encoder.parameters());
    return gradients(innerLoss(fusedAttention), inputs, null, false).get(0);
  }

  private Tensor metaStep(boolean fusedAttention, boolean hold) {
    List<Tensor> theta = encoder.parameters();
    int trained = embedder.size() + head.size();
    List<Tensor> all =
        gradients(innerLoss(false), concatenate(embedder, head, theta), null, true);
    List<Tensor> g = all.subList(trained, all.size());
    List<Tensor> v;
    if (hold) {
      if (held.isEmpty()) {
        held = kept(outerGradient(theta, fusedAttention));
      }
      v = held;
    } else {
      Tensor length = euclidean(g);
      List<Tensor> moved = new ArrayList<>();
      for (int i = 0; i < g.size(); i++) {
        moved.add(theta.get(i).detach().sub(g.get(i).detach().mul(new Scalar(ALPHA)).div(length)));
      }
      v = outerGradient(moved, fusedAttention);
    }
    Tensor tangent = g.get(0).mul(v.get(0)).sum();
    for (int i = 1; i < g.size(); i++) {
      tangent = tangent.add(g.get(i).mul(v.get(i)).sum());
    }
    List<Tensor> mixed = gradients(tangent, embedder, null, false);
    Tensor ratio = euclidean(all.subList(0, embedder.size())).div(euclidean(mixed));
    return all.get(0).detach().sub(mixed.get(0).mul(ratio));
  }

  private Tensor innerLoss(boolean fusedAttention) {
    long kernel = shape.get("kernel");
    Tensor x =
        torch
            .conv1d(
                samples,
                embedder.get(0),
                new TensorOptional(embedder.get(1)),
                new long[] {kernel},
                new long[] {0},
                new long[] {1},
                1)
            .transpose(1, 2);
    x = layerNorm(x.add(embedder.get(4)), embedder, 2);
    x = encoder.forward(x, encoder.parameters(), fusedAttention);
    return torch.cross_entropy_loss(linear(layerNorm(x, head, 0).mean(1), head, 2), labels);
  }

  private List<Tensor> outerGradient(List<Tensor> theta, boolean fusedAttention) {
    List<Tensor> leaves = theta.stream().map(Encoder::leaf).toList();
    Tensor pooled = encoder.forward(source, leaves, fusedAttention).mean(1);
    Tensor z = pooled.div(pooled.square().sum(new long[] {-1}, true, new ScalarTypeOptional()).sqrt());
    Tensor squared =
        z.index_select(0, first).sub(z.index_select(0, second)).square().sum(-1);
    Tensor align = squared.masked_select(positive).mean();
    Tensor uniform = squared.mul(new Scalar(-2.0)).exp().mean().log();
    return gradients(align.add(uniform), leaves, null, false);
  }

  static List<Tensor> gradients(
      Tensor out, List<Tensor> inputs, Tensor upstream, boolean differentiable) {
    TensorVector result =
        torch.grad(
            new TensorVector(out),
            new TensorVector(inputs.toArray(new Tensor[0])),
            upstream == null ? new TensorVector() : new TensorVector(upstream),
            new BoolOptional(differentiable),
            differentiable,
            false);
    return List.of(result.get());
  }

  private static Tensor euclidean(List<Tensor> parts) {
    Tensor sum = parts.get(0).detach().square().sum();
    for (Tensor part : parts.subList(1, parts.size())) {
      sum = sum.add(part.detach().square().sum());
    }
    return sum.sqrt();
  }

  /** Copies that outlive the step's pointer scope. */
  private static List<Tensor> kept(List<Tensor> values) {
    List<Tensor> copies = values.stream().map(t -> new Tensor(t)).toList();
    copies.forEach(t -> t.retainReference());
    return copies;
  }

  @SafeVarargs
  private static List<Tensor> concatenate(List<Tensor>... lists) {
    List<Tensor> all = new ArrayList<>();
    for (List<Tensor> list : lists) {
      all.addAll(list);
    }
    return all;
  }
}
