package dev.mona.compute;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.DoubleBinaryOperator;
import java.util.function.DoubleUnaryOperator;
import java.util.function.IntConsumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.commons.math3.special.Erf;

/** Each primitive beside plain loops in double that do the same. */
public final class KernelCases {
  /** Rows and columns of matrices. */
  private static final int[][] SIZES = {{1, 1}, {1, 5}, {9, 1}, {7, 65}, {40, 50}, {3, 5000}};

  /** Of this size each host kernel has at least two blocks. */
  private static final int[] LARGE = {130, 384};

  /** A call of a primitive. */
  public interface Call {
    void apply(Kernels kernels, Array[] arrays);
  }

  /** The same on the values of the arrays, row-major. */
  public interface Loops {
    void apply(double[][] values);
  }

  /**
   * A primitive on some arrays. What it changes, the loops change in the same way; what it writes
   * holds arbitrary numbers before.
   *
   * @param arrays what they hold before the call
   */
  public record Case(String name, List<Values> arrays, Call call, Loops loops) {
    @Override
    public String toString() {
      List<String> shapes = arrays.stream().map(x -> Arrays.toString(x.shape())).toList();
      return name + " " + String.join(" ", shapes);
    }
  }

  private final Random random = new Random(17);
  private final List<Case> cases = new ArrayList<>();

  private KernelCases() {}

  /** All primitives in several sizes. */
  public static Stream<Case> all() {
    KernelCases all = new KernelCases();
    for (int[] size : SIZES) {
      all.matrices(size[0], size[1]);
    }
    all.broadcasts();
    all.products();
    all.heads(2, 3, 4, 5, 7);
    all.permutations();
    return Stream.concat(all.cases.stream(), large());
  }

  /** All primitives of which the JVM may have loops, in a size that makes several blocks. */
  public static Stream<Case> large() {
    KernelCases large = new KernelCases();
    large.matrices(LARGE[0], LARGE[1]);
    large.heads(6, 3, 7, 50, 32);
    return large.cases.stream();
  }

  private void add(String name, Call call, Loops loops, Values... arrays) {
    cases.add(new Case(name, List.of(arrays), call, loops));
  }

  /** Floats, so that every type holds them. */
  private Values random(long... shape) {
    return mapped(Values.gaussian(random, shape), x -> x);
  }

  private static Values mapped(Values values, DoubleUnaryOperator f) {
    return new Values(
        Arrays.stream(values.flat()).map(f).map(x -> (float) x).toArray(), values.shape());
  }

  private Values positive(long... shape) {
    return mapped(random(shape), x -> 0.1 + Math.abs(x));
  }

  // every size

  private void matrices(int n, int w) {
    functions(n, w);
    sums(n, w);
    softmax(n, w);
    normalisation(n, w);
    affine(n, w);
    rows(n, w);
    groups(n, w);
  }

  private void functions(int n, int w) {
    for (Function f : Function.values()) {
      Values x = f == Function.LOG ? positive(n, w) : random(n, w);
      add(
          "map " + f,
          (k, a) -> k.map(f, a[0], a[1]),
          v -> each(v[1], i -> value(f, v[0][i])),
          x,
          random(n, w));
      add(
          "chain " + f,
          (k, a) -> k.chain(f, a[0], a[1], a[2]),
          v -> each(v[2], i -> v[2][i] * slope(f, v[0][i])),
          x,
          new Values(Arrays.stream(x.flat()).map(e -> value(f, e)).toArray(), n, w),
          random(n, w));
    }
    Map<Function, Function> slopes =
        Map.of(
            Function.EXP,
            Function.EXP,
            Function.SOFTPLUS,
            Function.SIGMOID,
            Function.GELU,
            Function.GELU_SLOPE,
            Function.NORMAL_DISTRIBUTION,
            Function.NORMAL_DENSITY);
    for (Map.Entry<Function, Function> slope : new TreeMap<>(slopes).entrySet()) {
      Function f = slope.getKey();
      Function first = slope.getValue();
      Values x = random(n, w);
      add(
          "chain apart " + f,
          (k, a) -> k.chain(f, a[0], a[1], a[2], a[3]),
          v -> each(v[3], i -> v[2][i] * slope(f, v[0][i])),
          x,
          new Values(Arrays.stream(x.flat()).map(e -> value(f, e)).toArray(), n, w),
          random(n, w),
          random(n, w));
      for (boolean plus : new boolean[] {false, true}) {
        add(
            "bend " + first + (plus ? " added" : ""),
            (k, a) -> k.bend(first, a[0], a[1], a[2], new Target(a[3], plus)),
            v -> each(v[3], i -> (plus ? v[3][i] : 0) + slope(first, v[0][i]) * v[1][i] * v[2][i]),
            random(n, w),
            random(n, w),
            random(n, w),
            random(n, w));
      }
    }
    for (boolean plus : new boolean[] {false, true}) {
      for (long[] second : new long[][] {{n, w}, {w}, {n, 1}}) {
        add(
            "multiply to a target"
                + (plus ? " added" : "")
                + (second.length == 2 && w > 1 && second[1] == 1 ? " by row" : ""),
            (k, a) -> k.multiply(a[0], a[1], new Target(a[2], plus)),
            v ->
                each(
                    v[2],
                    i ->
                        (plus ? v[2][i] : 0)
                            + v[0][i] * v[1][repeated(i, new long[] {n, w}, second)]),
            random(n, w),
            random(second),
            random(n, w));
      }
    }
    for (double exponent : new double[] {-1, 0.5, 3}) {
      add(
          "power " + exponent,
          (k, a) -> k.power(a[0], exponent, a[1]),
          v -> each(v[1], i -> Math.pow(v[0][i], exponent)),
          positive(n, w),
          random(n, w));
    }
    add(
        "power in place",
        (k, a) -> k.power(a[0], 2, a[0]),
        v -> each(v[0], i -> v[0][i] * v[0][i]),
        positive(n, w));
  }

  private void sums(int n, int w) {
    add(
        "sum last",
        (k, a) -> k.sumLast(a[0], a[1]),
        v -> each(v[1], r -> sum(w, j -> v[0][r * w + j])),
        random(n, w),
        random(n, 1));
    for (boolean plus : new boolean[] {false, true}) {
      add(
          "sum rows" + (plus ? " added" : ""),
          (k, a) -> k.sumRows(a[0], new Target(a[1], plus)),
          v -> each(v[1], j -> (plus ? v[1][j] : 0) + sum(n, r -> v[0][r * w + j])),
          random(n, w),
          random(w));
    }
  }

  private void softmax(int n, int w) {
    add(
        "softmax",
        (k, a) -> k.softmax(a[0], a[1]),
        v -> eachRow(n, w, at -> softmax(v[0], v[1], at, w)),
        random(n, w),
        random(n, w));
    add(
        "softmax back",
        (k, a) -> k.softmaxBack(a[0], a[1]),
        v -> softmaxBack(n, w, v[0], v[1], v[1]),
        mapped(random(n, w), x -> Math.abs(x) / w),
        random(n, w));
    add(
        "softmax back apart",
        (k, a) -> k.softmaxBack(a[0], a[1], a[2]),
        v -> softmaxBack(n, w, v[0], v[1], v[2]),
        mapped(random(n, w), x -> Math.abs(x) / w),
        random(n, w),
        random(n, w));
    for (boolean plus : new boolean[] {false, true}) {
      add(
          "softmax bend" + (plus ? " added" : ""),
          (k, a) -> k.softmaxBend(a[0], a[1], a[2], new Target(a[3], plus)),
          v ->
              eachRow(
                  n,
                  w,
                  at -> {
                    double u = sum(w, j -> v[0][at + j] * v[1][at + j]);
                    double g = sum(w, j -> v[0][at + j] * v[2][at + j]);
                    for (int j = at; j < at + w; j++) {
                      v[3][j] = (plus ? v[3][j] : 0) + v[2][j] * (v[1][j] - u) - v[1][j] * g;
                    }
                  }),
          mapped(random(n, w), x -> Math.abs(x) / w),
          random(n, w),
          random(n, w),
          random(n, w));
    }
    // with differences of hundreds, where probabilities underflow
    Values x = mapped(random(n, w), e -> 200 * e);
    add(
        "log softmax",
        (k, a) -> k.logSoftmax(a[0], a[1]),
        v -> eachRow(n, w, at -> logSoftmax(v[0], v[1], at, w)),
        x,
        random(n, w));
    Values logits = random(n, w);
    double[] y = new double[n * w];
    eachRow(n, w, at -> logSoftmax(logits.flat(), y, at, w));
    add(
        "log softmax back",
        (k, a) -> k.logSoftmaxBack(a[0], a[1], a[2]),
        v -> logSoftmaxBack(n, w, v[0], v[2], v[2]),
        logits,
        new Values(y, n, w),
        random(n, w));
    add(
        "log softmax back apart",
        (k, a) -> k.logSoftmaxBack(a[0], a[1], a[2], a[3]),
        v -> logSoftmaxBack(n, w, v[0], v[2], v[3]),
        logits,
        new Values(y, n, w),
        random(n, w),
        random(n, w));
  }

  private static void softmaxBack(int n, int w, double[] y, double[] gradient, double[] out) {
    eachRow(
        n,
        w,
        at -> {
          double along = sum(w, j -> y[at + j] * gradient[at + j]);
          for (int j = at; j < at + w; j++) {
            out[j] = (gradient[j] - along) * y[j];
          }
        });
  }

  private static void logSoftmaxBack(int n, int w, double[] x, double[] gradient, double[] out) {
    eachRow(
        n,
        w,
        at -> {
          double all = sum(w, j -> gradient[at + j]);
          double[] p = new double[n * w];
          softmax(x, p, at, w);
          for (int j = at; j < at + w; j++) {
            out[j] = gradient[j] - p[j] * all;
          }
        });
  }

  private static void normalizeBack(int n, int w, double[][] v, double[] gradient, double[] out) {
    eachRow(
        n,
        w,
        at -> {
          double mean = mean(gradient, at / w, w);
          double along = sum(w, j -> v[0][at + j] * gradient[at + j]) / w;
          for (int j = at; j < at + w; j++) {
            out[j] = (gradient[j] - mean - v[0][j] * along) * v[1][at / w];
          }
        });
  }

  private void normalisation(int n, int w) {
    double epsilon = 1e-2;
    add(
        "normalize",
        (k, a) -> k.normalize(a[0], epsilon, a[1], a[2]),
        v ->
            each(
                v[2],
                r -> {
                  double mean = mean(v[0], r, w);
                  double inverse = inverseDeviation(v[0], r, w, epsilon);
                  for (int j = r * w; j < (r + 1) * w; j++) {
                    v[1][j] = (v[0][j] - mean) * inverse;
                  }
                  return inverse;
                }),
        random(n, w),
        random(n, w),
        random(n, 1));
    add(
        "normalize back",
        (k, a) -> k.normalizeBack(a[0], a[1], a[2]),
        v -> normalizeBack(n, w, v, v[2], v[2]),
        random(n, w),
        positive(n, 1),
        random(n, w));
    add(
        "normalize back apart",
        (k, a) -> k.normalizeBack(a[0], a[1], a[2], a[3]),
        v -> normalizeBack(n, w, v, v[2], v[3]),
        random(n, w),
        positive(n, 1),
        random(n, w),
        random(n, w));
    for (boolean plus : new boolean[] {false, true}) {
      add(
          "normalize bend" + (plus ? " added" : ""),
          (k, a) -> k.normalizeBend(a[0], a[1], a[2], a[3], new Target(a[4], plus)),
          v -> {
            double[] u = new double[n * w];
            double[] g = new double[n * w];
            normalizeBack(n, w, v, v[2], u);
            normalizeBack(n, w, v, v[3], g);
            each(
                v[4],
                i -> {
                  int at = i / w * w;
                  double r = v[1][i / w];
                  double first = g[i] * sum(w, j -> v[0][at + j] * v[2][at + j]) / w;
                  double second = u[i] * sum(w, j -> v[0][at + j] * v[3][at + j]) / w;
                  double third = v[0][i] * sum(w, j -> v[3][at + j] * u[at + j]) / w;
                  return (plus ? v[4][i] : 0) - r * (first + second + third);
                });
          },
          random(n, w),
          positive(n, 1),
          random(n, w),
          random(n, w),
          random(n, w));
    }
  }

  private void affine(int n, int w) {
    add(
        "affine",
        (k, a) -> k.affine(a[0], a[1], a[2], a[3]),
        v -> each(v[3], i -> v[0][i] * v[1][i % w] + v[2][i % w]),
        random(n, w),
        random(w),
        random(w),
        random(n, w));
    for (boolean plus : new boolean[] {false, true}) {
      add(
          "affine back" + (plus ? " added" : ""),
          (k, a) -> k.affineBack(a[0], a[1], a[2], new Target(a[3], plus), new Target(a[4], !plus)),
          v -> {
            each(v[3], j -> (plus ? v[3][j] : 0) + sum(n, r -> v[0][r * w + j] * v[2][r * w + j]));
            each(v[4], j -> (plus ? 0 : v[4][j]) + sum(n, r -> v[2][r * w + j]));
            each(v[2], i -> v[2][i] * v[1][i % w]);
          },
          random(n, w),
          random(w),
          random(n, w),
          random(w),
          random(w));
    }
    add(
        "affine back apart",
        (k, a) ->
            k.affineBack(a[0], a[1], a[2], a[3], new Target(a[4], false), new Target(a[5], false)),
        v -> {
          each(v[4], j -> sum(n, r -> v[0][r * w + j] * v[2][r * w + j]));
          each(v[5], j -> sum(n, r -> v[2][r * w + j]));
          each(v[3], i -> v[2][i] * v[1][i % w]);
        },
        random(n, w),
        random(w),
        random(n, w),
        random(n, w),
        random(w),
        random(w));
  }

  private void rows(int n, int w) {
    int[] gathered =
        IntStream.range(0, 3 * n)
            .map(i -> i % 4 == 1 ? RowIndex.ZERO : (n - 1) * (i % 3) / 2)
            .toArray();
    RowIndex index = new RowIndex(gathered);
    add(
        "gather",
        (k, a) -> k.gather(a[0], index, a[1]),
        v ->
            each(
                v[1],
                i -> gathered[i / w] == RowIndex.ZERO ? 0 : v[0][gathered[i / w] * w + i % w]),
        random(n, w),
        random(3L * n, w));
    for (boolean plus : new boolean[] {false, true}) {
      add(
          "gather add" + (plus ? " added" : ""),
          (k, a) -> k.gatherAdd(a[0], index, new Target(a[1], plus)),
          v -> {
            each(v[1], i -> plus ? v[1][i] : 0);
            for (int i = 0; i < v[0].length; i++) {
              if (gathered[i / w] != RowIndex.ZERO) {
                v[1][gathered[i / w] * w + i % w] += v[0][i];
              }
            }
          },
          random(3L * n, w),
          random(n, w));
    }
    int[] taken = IntStream.range(0, n + 2).map(i -> i * 7 % n).toArray();
    add(
        "rows",
        (k, a) -> k.rows(a[0], taken, a[1]),
        v -> each(v[1], i -> v[0][taken[i / w] * w + i % w]),
        random(n, w),
        random(n + 2L, w));
  }

  private void groups(int n, int w) {
    int size = 3;
    // of few different values, so that there are equals
    Values x = mapped(random(3L * n, w), e -> Math.rint(e));
    add(
        "group choose",
        (k, a) -> k.groupChoose(a[0], size, a[1]),
        v -> each(v[1], i -> largest(v[0], i, size, w)),
        x,
        random(n, w));
    Values choice = mapped(random(n, w), e -> Math.min(size - 1, Math.floor(Math.abs(e))));
    add(
        "group pick",
        (k, a) -> k.groupPick(a[0], size, a[1], a[2]),
        v -> each(v[2], i -> v[0][at(i, (int) v[1][i], size, w)]),
        x,
        choice,
        random(n, w));
    add(
        "group add",
        (k, a) -> k.groupAdd(a[0], size, a[1], a[2]),
        v -> {
          for (int i = 0; i < v[0].length; i++) {
            v[2][at(i, (int) v[1][i], size, w)] += v[0][i];
          }
        },
        random(n, w),
        choice,
        random(3L * n, w));
  }

  private static int at(int i, int row, int size, int width) {
    return (i / width * size + row) * width + i % width;
  }

  private static int largest(double[] x, int i, int size, int width) {
    int best = 0;
    for (int k = 1; k < size; k++) {
      if (x[at(i, k, size, width)] > x[at(i, best, size, width)]) {
        best = k;
      }
    }
    return best;
  }

  // shapes of their own

  private void broadcasts() {
    long[][][] shapes = {
      {{7, 65}, {7, 65}},
      {{7, 65}, {65}},
      {{7, 65}, {1, 65}},
      {{7, 65}, {7, 1}},
      {{7, 1}, {1}},
      {{1, 1}, {1}},
      {{2, 3, 5}, {5}},
      {{2, 3, 5}, {3, 5}},
      {{2, 3, 5}, {1, 3, 5}},
      {{2, 3, 5}, {2, 3, 1}},
      {{2, 3, 4, 5}, {3, 4, 5}},
      {{2, 3, 4, 5}, {1, 3, 4, 5}},
      {{2, 3, 4, 5}, {1, 1, 4, 5}},
      {{2, 3, 4, 5}, {2, 3, 4, 1}},
      {{11}, {11}},
      {{11}, {1}},
    };
    for (long[][] pair : shapes) {
      broadcast("add", Kernels::add, Double::sum, pair[0], pair[1]);
      broadcast("subtract", Kernels::subtract, (a, b) -> a - b, pair[0], pair[1]);
      broadcast("multiply", Kernels::multiply, (a, b) -> a * b, pair[0], pair[1]);
    }
  }

  /** A pair of arrays to a third. */
  private interface Pairwise {
    void apply(Kernels kernels, Array a, Array b, Array out);
  }

  private void broadcast(
      String name, Pairwise call, DoubleBinaryOperator f, long[] first, long[] second) {
    Values a = random(first);
    Values b = random(second);
    add(
        name,
        (k, x) -> call.apply(k, x[0], x[1], x[2]),
        v -> each(v[2], i -> f.applyAsDouble(v[0][i], v[1][repeated(i, first, second)])),
        a,
        b,
        random(first));
    add(
        name + " in place",
        (k, x) -> call.apply(k, x[0], x[1], x[0]),
        v -> each(v[0], i -> f.applyAsDouble(v[0][i], v[1][repeated(i, first, second)])),
        a,
        b);
  }

  /** Where in the second array the element is that meets one of the first. */
  private static int repeated(int i, long[] first, long[] second) {
    int place = 0;
    int step = 1;
    int rest = i;
    for (int axis = 1; axis <= second.length; axis++) {
      int size = (int) second[second.length - axis];
      int index = rest % (int) first[first.length - axis];
      rest /= (int) first[first.length - axis];
      place += size == 1 ? 0 : index * step;
      step *= size;
    }
    return place;
  }

  private void products() {
    int[][] sizes = {{1, 1, 1}, {1, 7, 3}, {5, 1, 4}, {4, 6, 1}, {9, 65, 17}};
    for (int[] size : sizes) {
      int n = size[0];
      int m = size[1];
      int depth = size[2];
      for (int form = 0; form < 8; form++) {
        matmul(1, n, m, depth, (form & 1) > 0, (form & 2) > 0, (form & 4) > 0);
        matmul(3, n, m, depth, (form & 1) > 0, (form & 2) > 0, (form & 4) > 0);
      }
      add(
          "linear",
          (k, a) -> k.linear(a[0], a[1], a[2], a[3]),
          v -> {
            each(v[3], i -> v[2][i % m]);
            multiply(v, 3, 1, new int[] {n, m, depth}, false, true);
          },
          random(n, depth),
          random(m, depth),
          random(m),
          random(n, m));
    }
  }

  private void matmul(
      int batch, int n, int m, int depth, boolean transA, boolean transB, boolean plus) {
    long[] a = transA ? new long[] {batch, depth, n} : new long[] {batch, n, depth};
    long[] b = transB ? new long[] {batch, m, depth} : new long[] {batch, depth, m};
    long[] out = {batch, n, m};
    boolean plain = batch == 1;
    add(
        "matmul" + (transA ? " a^T" : "") + (transB ? " b^T" : "") + (plus ? " added" : ""),
        (k, x) -> k.matmul(x[0], x[1], new Target(x[2], plus), transA, transB),
        v -> {
          each(v[2], i -> plus ? v[2][i] : 0);
          multiply(v, 2, batch, new int[] {n, m, depth}, transA, transB);
        },
        random(plain ? new long[] {a[1], a[2]} : a),
        random(plain ? new long[] {b[1], b[2]} : b),
        random(plain ? new long[] {n, m} : out));
  }

  /** Adds the products of the first two arrays to another. */
  private static void multiply(
      double[][] v, int out, int batch, int[] size, boolean transA, boolean transB) {
    int n = size[0];
    int m = size[1];
    int depth = size[2];
    for (int s = 0; s < batch; s++) {
      for (int i = 0; i < n; i++) {
        for (int j = 0; j < m; j++) {
          for (int d = 0; d < depth; d++) {
            double a = v[0][s * n * depth + (transA ? d * n + i : i * depth + d)];
            double b = v[1][s * m * depth + (transB ? j * depth + d : d * m + j)];
            v[out][(s * n + i) * m + j] += a * b;
          }
        }
      }
    }
  }

  private void heads(int batch, int heads, int length, int keys, int width) {
    double factor = 0.3;
    long columns = (long) heads * width;
    for (boolean plus : new boolean[] {false, true}) {
      String added = plus ? " added" : "";
      // weights = q k^T
      add(
          "head products of tokens" + added,
          (k, a) ->
              k.headProducts(
                  Heads.of(a[0], heads, length),
                  Heads.of(a[1], heads, keys),
                  Heads.of(a[2]),
                  false,
                  true,
                  factor,
                  plus),
          v -> {
            each(v[2], i -> plus ? v[2][i] : 0);
            for (int s = 0; s < batch * heads; s++) {
              for (int i = 0; i < length * keys; i++) {
                for (int d = 0; d < width; d++) {
                  int q = token(s, i / keys, d, new int[] {heads, length, width});
                  int key = token(s, i % keys, d, new int[] {heads, keys, width});
                  v[2][s * length * keys + i] += factor * v[0][q] * v[1][key];
                }
              }
            }
          },
          random((long) batch * length, columns),
          random((long) batch * keys, columns),
          random(batch, heads, length, keys));
      // tokens = weights tokens, and with the transpose of the weights
      for (boolean transposed : new boolean[] {false, true}) {
        int from = transposed ? length : keys;
        int to = transposed ? keys : length;
        add(
            "head products of weights" + (transposed ? " transposed" : "") + added,
            (k, a) ->
                k.headProducts(
                    Heads.of(a[0]),
                    Heads.of(a[1], heads, from),
                    Heads.of(a[2], heads, to),
                    transposed,
                    false,
                    factor,
                    plus),
            v -> {
              each(v[2], i -> plus ? v[2][i] : 0);
              for (int s = 0; s < batch * heads; s++) {
                for (int i = 0; i < to * from; i++) {
                  int row = i / from;
                  int column = i % from;
                  int place = transposed ? column * keys + row : row * keys + column;
                  double weight = v[0][s * length * keys + place];
                  for (int d = 0; d < width; d++) {
                    v[2][token(s, row, d, new int[] {heads, to, width})] +=
                        factor * weight * v[1][token(s, column, d, new int[] {heads, from, width})];
                  }
                }
              }
            },
            random(batch, heads, length, keys),
            random((long) batch * from, columns),
            random((long) batch * to, columns));
      }
    }
  }

  /**
   * Where column d of a token of a head is.
   *
   * @param matrix number of sample and head
   * @param size heads, tokens of a sample, columns of a head
   */
  private static int token(int matrix, int token, int d, int[] size) {
    int row = matrix / size[0] * size[1] + token;
    return (row * size[0] + matrix % size[0]) * size[2] + d;
  }

  private void permutations() {
    permutation(new long[] {5, 7}, 1, 0);
    permutation(new long[] {2, 3, 5}, 2, 0, 1);
    permutation(new long[] {2, 3, 4, 5}, 0, 2, 1, 3);
    permutation(new long[] {2, 1, 4, 1, 3, 2}, 0, 1, 3, 2, 4, 5);
  }

  private void permutation(long[] shape, int... axes) {
    long[] to = Arrays.stream(axes).mapToLong(axis -> shape[axis]).toArray();
    add(
        "permute " + Arrays.toString(axes),
        (k, a) -> k.permute(a[0], axes, a[1]),
        v ->
            each(
                v[1],
                i -> {
                  int[] index = new int[axes.length];
                  int rest = i;
                  for (int axis = axes.length - 1; axis >= 0; axis--) {
                    index[axes[axis]] = rest % (int) to[axis];
                    rest /= (int) to[axis];
                  }
                  int place = 0;
                  for (int axis = 0; axis < axes.length; axis++) {
                    place = place * (int) shape[axis] + index[axis];
                  }
                  return v[0][place];
                }),
        random(shape),
        random(to));
  }

  // arithmetic in double

  /** A number for a place. */
  private interface ByPlace {
    double at(int i);
  }

  private static void each(double[] out, ByPlace f) {
    double[] values = new double[out.length];
    for (int i = 0; i < out.length; i++) {
      values[i] = f.at(i);
    }
    System.arraycopy(values, 0, out, 0, out.length);
  }

  private static double sum(int n, ByPlace f) {
    double sum = 0;
    for (int i = 0; i < n; i++) {
      sum += f.at(i);
    }
    return sum;
  }

  private static void eachRow(int n, int w, IntConsumer body) {
    for (int r = 0; r < n; r++) {
      body.accept(r * w);
    }
  }

  private static double mean(double[] x, int row, int w) {
    return sum(w, j -> x[row * w + j]) / w;
  }

  private static double inverseDeviation(double[] x, int row, int w, double epsilon) {
    double mean = mean(x, row, w);
    double variance = sum(w, j -> Math.pow(x[row * w + j] - mean, 2)) / w;
    return 1 / Math.sqrt(variance + epsilon);
  }

  private static void logSoftmax(double[] x, double[] out, int at, int w) {
    double max = Arrays.stream(x, at, at + w).max().orElseThrow();
    double log = max + Math.log(sum(w, j -> Math.exp(x[at + j] - max)));
    for (int j = at; j < at + w; j++) {
      out[j] = x[j] - log;
    }
  }

  private static void softmax(double[] x, double[] out, int at, int w) {
    logSoftmax(x, out, at, w);
    for (int j = at; j < at + w; j++) {
      out[j] = Math.exp(out[j]);
    }
  }

  private static double density(double x) {
    return Math.exp(-x * x / 2) / Math.sqrt(2 * Math.PI);
  }

  private static double distribution(double x) {
    return Erf.erfc(-x / Math.sqrt(2)) / 2;
  }

  private static double sigmoid(double x) {
    return 1 / (1 + Math.exp(-x));
  }

  private static double value(Function f, double x) {
    return switch (f) {
      case EXP -> Math.exp(x);
      case LOG -> Math.log(x);
      case SIGMOID -> sigmoid(x);
      case SOFTPLUS -> Math.log1p(Math.exp(x));
      case GELU -> x * distribution(x);
      case GELU_SLOPE -> distribution(x) + x * density(x);
      case NORMAL_DISTRIBUTION -> distribution(x);
      case NORMAL_DENSITY -> density(x);
    };
  }

  private static double slope(Function f, double x) {
    return switch (f) {
      case EXP -> Math.exp(x);
      case LOG -> 1 / x;
      case SIGMOID -> sigmoid(x) * (1 - sigmoid(x));
      case SOFTPLUS -> sigmoid(x);
      case GELU -> distribution(x) + x * density(x);
      case GELU_SLOPE -> (2 - x * x) * density(x);
      case NORMAL_DISTRIBUTION -> density(x);
      case NORMAL_DENSITY -> -x * density(x);
    };
  }
}
