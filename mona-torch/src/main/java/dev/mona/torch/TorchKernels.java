package dev.mona.torch;

import dev.mona.compute.Arena;
import dev.mona.compute.Array;
import dev.mona.compute.Function;
import dev.mona.compute.Heads;
import dev.mona.compute.Kernels;
import dev.mona.compute.RowIndex;
import dev.mona.compute.Target;
import java.util.Arrays;
import org.bytedeco.pytorch.LongOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.jspecify.annotations.Nullable;

/**
 * The primitives as libtorch calls whose results are written where they belong. libtorch's own
 * normalisation and the derivative of its softmax have no such form that spares an allocation, and
 * are slower on a CPU than the calls here.
 */
final class TorchKernels extends TorchVectors implements Kernels {
  private static final long[] LAST = {-1};
  private static final long[] FIRST = {0};
  private static final LongOptional SECOND = new LongOptional(1);

  private final Arena arena;
  private final Functions functions;
  private final Products products;

  TorchKernels(TorchDevice device, Arena arena) {
    super(device);
    this.arena = arena;
    functions = new Functions(device, arena);
    products = new Products(device, arena);
  }

  @Override
  public Arena scratch() {
    return arena;
  }

  /** Memory in the shape of an array; to be released. */
  private Array like(Array x) {
    return arena.take(x.shape());
  }

  /** Memory for a number of each row. */
  private Array perRow(Array x) {
    long[] shape = x.shape();
    shape[shape.length - 1] = 1;
    return arena.take(shape);
  }

  // element by element

  @Override
  public void add(Array a, Array b, Array out) {
    done(torch.add_out(out(out), in(a), in(b), Constants.ONE));
  }

  @Override
  public void subtract(Array a, Array b, Array out) {
    done(torch.sub_out(out(out), in(a), in(b), Constants.ONE));
  }

  @Override
  public void multiply(Array a, Array b, Array out) {
    done(torch.mul_out(out(out), in(a), in(b)));
  }

  @Override
  public void multiply(Array a, Array b, Target out) {
    Tensor sum = out(out.array());
    if (out.add()) {
      done(torch.addcmul_out(sum, sum, in(a), in(b), Constants.ONE));
    } else {
      done(torch.mul_out(sum, in(a), in(b)));
    }
  }

  @Override
  public void map(Function f, Array x, Array out) {
    functions.map(f, all(x), allOf(out));
  }

  @Override
  public void chain(Function f, Array x, Array y, Array gradient) {
    chain(f, x, y, gradient, gradient);
  }

  @Override
  public void chain(Function f, Array x, Array y, Array gradient, Array out) {
    functions.chain(f, all(x), all(y), all(gradient), allOf(out));
  }

  @Override
  public void power(Array x, double exponent, Array out) {
    done(torch.pow_out(allOf(out), all(x), device().constants().scalar(exponent)));
  }

  // products of matrices

  @Override
  public void matmul(Array a, Array b, Target out, boolean transA, boolean transB) {
    products.multiply(
        Matrices.of(TorchArray.of(a)),
        transA,
        Matrices.of(TorchArray.of(b)),
        transB,
        new Products.Sum(Matrices.of(TorchArray.of(out.array())), 1, out.add()));
  }

  @Override
  public void linear(Array x, Array weight, Array bias, Array out) {
    products.linear(
        TorchArray.of(x), TorchArray.of(weight), TorchArray.of(bias), TorchArray.of(out));
  }

  @Override
  public void headProducts(
      Heads a, Heads b, Heads out, boolean transA, boolean transB, double factor, boolean add) {
    products.multiply(
        Matrices.of(a),
        transA,
        Matrices.of(b),
        transB,
        new Products.Sum(Matrices.of(out), factor, add));
  }

  // shapes and sums

  @Override
  public void permute(Array x, int[] axes, Array out) {
    TorchArray from = TorchArray.of(x);
    out(out).copy_(from.tensor(from.layout().permuted(axes)));
    device().called();
  }

  private void sumLast(Tensor x, Tensor out) {
    done(torch.sum_out(out, x, LAST, true, Constants.SAME_TYPE));
  }

  private void meanLast(Tensor x, Tensor out) {
    done(torch.mean_out(out, x, LAST, true, Constants.SAME_TYPE));
  }

  @Override
  public void sumLast(Array x, Array out) {
    sumLast(in(x), out(out));
  }

  @Override
  public void sumRows(Array matrix, Target out) {
    Tensor sum = allOf(out.array());
    if (!out.add()) {
      done(torch.sum_out(sum, in(matrix), FIRST, false, Constants.SAME_TYPE));
      return;
    }
    Array more = arena.take(out.array().length());
    Tensor sums = out(more);
    done(torch.sum_out(sums, in(matrix), FIRST, false, Constants.SAME_TYPE));
    done(torch.add_out(sum, sum, sums, Constants.ONE));
    arena.release(more);
  }

  // softmax and normalisation

  @Override
  public void softmax(Array x, Array out) {
    done(torch.softmax_out(out(out), in(x), -1));
  }

  private void inBlocks(Array rows, RowBlocks.Body body) {
    new RowBlocks(device().place().resident(), rows).each(body);
  }

  @Override
  public void softmaxBack(Array y, Array gradient) {
    softmaxBack(y, gradient, gradient);
  }

  @Override
  public void softmaxBack(Array y, Array gradient, Array out) {
    inBlocks(y, part -> softmaxBackOf(part.of(y), part.of(gradient), part.of(out)));
  }

  private void softmaxBackOf(Array y, Array gradient, Array out) {
    Array products = like(y);
    Array sums = perRow(y);
    Tensor o = out(out);
    Tensor p = out(products);
    Tensor s = out(sums);
    done(torch.mul_out(p, in(gradient), in(y)));
    sumLast(p, s);
    done(torch.sub_out(o, in(gradient), s, Constants.ONE));
    done(torch.mul_out(o, o, in(y)));
    arena.release(sums);
    arena.release(products);
  }

  @Override
  public void logSoftmax(Array x, Array out) {
    done(torch.log_softmax_out(out(out), in(x), -1));
  }

  @Override
  public void logSoftmaxBack(Array x, Array y, Array gradient) {
    Array softmax = like(y);
    Array sums = perRow(y);
    Tensor g = out(gradient);
    Tensor p = out(softmax);
    Tensor s = out(sums);
    done(torch.exp_out(p, in(y)));
    sumLast(g, s);
    done(torch.addcmul_out(g, g, p, s, Constants.MINUS_ONE));
    arena.release(sums);
    arena.release(softmax);
  }

  @Override
  public void normalize(Array x, double epsilon, Array out, Array inverse) {
    inBlocks(x, part -> normalizeOf(part.of(x), epsilon, part.of(out), part.of(inverse)));
  }

  private void normalizeOf(Array x, double epsilon, Array out, Array inverse) {
    Tensor y = out(out);
    center(x, y);
    Tensor r = out(inverse);
    inverseDeviation(out, y, epsilon, r);
    done(torch.mul_out(y, y, r));
  }

  /** {@code out = x - mean}. */
  private void center(Array x, Tensor out) {
    Array means = perRow(x);
    Tensor mean = out(means);
    meanLast(in(x), mean);
    done(torch.sub_out(out, in(x), mean, Constants.ONE));
    arena.release(means);
  }

  /** {@code 1 / sqrt(mean square + epsilon)} of rows of mean 0 in the shape of an array. */
  private void inverseDeviation(Array like, Tensor centred, double epsilon, Tensor out) {
    Array scratch = like(like);
    Tensor squares = out(scratch);
    done(torch.mul_out(squares, centred, centred));
    meanLast(squares, out);
    done(torch.add_out(out, out, number(epsilon), Constants.ONE));
    done(torch.rsqrt_out(out, out));
    arena.release(scratch);
  }

  @Override
  public void normalizeBack(Array y, Array inverse, Array gradient) {
    normalizeBack(y, inverse, gradient, gradient);
  }

  @Override
  public void normalizeBack(Array y, Array inverse, Array gradient, Array out) {
    inBlocks(
        y, part -> normalizeBackOf(part.of(y), part.of(inverse), part.of(gradient), part.of(out)));
  }

  private void normalizeBackOf(Array y, Array inverse, Array gradient, Array out) {
    Array products = like(y);
    Array means = perRow(y);
    Array slopes = perRow(y);
    Tensor g = in(gradient);
    Tensor o = out(out);
    Tensor p = out(products);
    Tensor mean = out(means);
    Tensor slope = out(slopes);
    meanLast(g, mean);
    done(torch.mul_out(p, g, in(y)));
    meanLast(p, slope);
    done(torch.sub_out(o, g, mean, Constants.ONE));
    done(torch.addcmul_out(o, o, in(y), slope, Constants.MINUS_ONE));
    done(torch.mul_out(o, o, in(inverse)));
    arena.release(slopes);
    arena.release(means);
    arena.release(products);
  }

  @Override
  public void affine(Array x, Array gain, Array bias, Array out) {
    done(torch.addcmul_out(out(out), all(bias), in(x), all(gain), Constants.ONE));
  }

  @Override
  public void affineBack(Array x, Array gain, Array gradient, Target gains, Target biases) {
    affineBack(x, gain, gradient, gradient, gains, biases);
  }

  @Override
  public void affineBack(
      Array x, Array gain, Array gradient, Array out, Target gains, Target biases) {
    RowBlocks blocks = new RowBlocks(device().place().summed(), x);
    blocks.each(
        part -> {
          Target moreGains = new Target(gains.array(), gains.add() || !part.first());
          Target moreBiases = new Target(biases.array(), biases.add() || !part.first());
          Array g = part.of(gradient);
          sumsBack(part.of(x), g, moreGains, moreBiases);
          done(torch.mul_out(out(part.of(out)), in(g), all(gain)));
        });
  }

  private void sumsBack(Array x, Array gradient, Target gains, Target biases) {
    Array products = like(x);
    multiply(x, gradient, products);
    sumRows(products, gains);
    arena.release(products);
    sumRows(gradient, biases);
  }

  // rows

  @Override
  public void gather(Array x, RowIndex rows, Array out) {
    if (rows.size() == 0) {
      return;
    }
    select(in(x), device().table(rows).forward(), out(out));
  }

  private void select(Tensor from, RowTable.Rows rows, Tensor out) {
    done(torch.index_select_out(out, from, 0, rows.rows()));
    Tensor zeros = rows.zeros();
    if (zeros != null) {
      out.index_fill_(0, zeros, Constants.ZERO);
      device().called();
    }
  }

  @Override
  public void gatherAdd(Array gradient, RowIndex rows, Target out) {
    Array sums = out.array();
    if (rows.size() == 0) {
      if (!out.add()) {
        fill(sums, 0);
      }
      return;
    }
    RowTable.Back back = device().table(rows).backward(rows, sums.size(0));
    Array rounds = sumRounds(in(gradient), back);
    Tensor from = rounds == null ? in(gradient) : in(rounds);
    if (out.add()) {
      Array more = like(sums);
      select(from, back.sums(), out(more));
      add(sums, more, sums);
      arena.release(more);
    } else {
      select(from, back.sums(), out(sums));
    }
    if (rounds != null) {
      arena.release(rounds);
    }
  }

  /** The sums of the rows that have any, those with most gradients first; null without rounds. */
  private @Nullable Array sumRounds(Tensor gradient, RowTable.Back back) {
    if (back.rounds().isEmpty()) {
      return null;
    }
    long width = gradient.size(1);
    Array sums = arena.take(back.rounds().get(0).numel(), width);
    Array more = arena.take(sums.shape());
    done(torch.index_select_out(out(sums), gradient, 0, back.rounds().get(0)));
    for (Tensor places : back.rounds().subList(1, back.rounds().size())) {
      long n = places.numel();
      done(torch.index_select_out(out(more.slice(0, n)), gradient, 0, places));
      add(sums.slice(0, n), more.slice(0, n), sums.slice(0, n));
    }
    arena.release(more);
    return sums;
  }

  @Override
  public void rows(Array table, int[] rows, Array out) {
    TorchArray scratch = integers(rows.length);
    Tensor numbers = scratch.memory(ScalarType.Long).tensor(Layout.rowMajor(0, rows.length));
    device().place().upload(Arrays.stream(rows).asLongStream().toArray(), numbers);
    device().called();
    done(torch.index_select_out(out(out), in(table), 0, numbers));
    arena.release(scratch);
  }

  /** Memory for so many 64-bit integers; to be released. */
  private TorchArray integers(long n) {
    long each = Long.BYTES / device().type().bytes();
    return TorchArray.of(arena.take(n * each).root()).written();
  }

  @Override
  public void groupChoose(Array x, int size, Array choice) {
    TorchArray scratch = integers(choice.length());
    Tensor numbers = scratch.memory(ScalarType.Long).tensor(Layout.rowMajor(0, choice.shape()));
    done(torch.argmax_out(numbers, groups(x, size), SECOND, false));
    out(choice).copy_(numbers);
    device().called();
    arena.release(scratch);
  }

  /** {@code [N * size, W]} as {@code [N, size, W]}. */
  private static Tensor groups(Array x, int size) {
    return in(x.reshape(x.size(0) / size, size, x.size(1)));
  }

  /** The chosen numbers as {@code [N, 1, W]}. */
  private Tensor chosen(TorchArray scratch, Array choice) {
    Tensor numbers =
        scratch
            .memory(ScalarType.Long)
            .tensor(Layout.rowMajor(0, choice.size(0), 1, choice.size(1)));
    numbers.copy_(in(choice.reshape(choice.size(0), 1, choice.size(1))));
    device().called();
    return numbers;
  }

  @Override
  public void groupPick(Array x, int size, Array choice, Array out) {
    TorchArray scratch = integers(choice.length());
    Tensor picked = out(out.reshape(choice.size(0), 1, choice.size(1)));
    done(torch.gather_out(picked, groups(x, size), 1, chosen(scratch, choice), false));
    arena.release(scratch);
  }

  /** No two gradients of a call meet. */
  @Override
  public void groupAdd(Array gradient, int size, Array choice, Array sum) {
    TorchArray scratch = integers(choice.length());
    TorchArray.of(sum).written();
    groups(sum, size)
        .scatter_add_(
            1, chosen(scratch, choice), in(gradient.reshape(choice.size(0), 1, choice.size(1))));
    device().called();
    arena.release(scratch);
  }
}
