package dev.mona.torch;

import dev.mona.compute.Arena;
import dev.mona.compute.Array;
import dev.mona.compute.Function;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/** Functions of one element and their derivatives. */
final class Functions {
  private static final double INVERSE_ROOT_2_PI = 1 / Math.sqrt(2 * Math.PI);

  /** Beyond it {@code log(1 + e^x)} is x in double too. */
  private static final Scalar LINEAR = new Scalar(40.0);

  private final TorchDevice device;
  private final Arena arena;

  Functions(TorchDevice device, Arena arena) {
    this.device = device;
    this.arena = arena;
  }

  private void done(Tensor returned) {
    device.called(returned);
  }

  private Tensor number(double value) {
    return device.constants().tensor(value);
  }

  /** {@code out = f(x)}. */
  void map(Function f, Tensor x, Tensor out) {
    switch (f) {
      case EXP -> done(torch.exp_out(out, x));
      case LOG -> done(torch.log_out(out, x));
      case SIGMOID -> done(torch.sigmoid_out(out, x));
      case SOFTPLUS -> done(torch.softplus_out(out, x, Constants.ONE, LINEAR));
      case GELU -> done(torch.gelu_out(out, x));
      case GELU_SLOPE -> {
        // the derivative with an incoming gradient of ones
        out.fill_(Constants.ONE);
        device.called();
        done(torch.gelu_backward_out(out, out, x));
      }
      case NORMAL_DISTRIBUTION -> {
        done(torch.mul_out(out, x, number(-Math.sqrt(0.5))));
        done(torch.erfc_out(out, out));
        done(torch.mul_out(out, out, number(0.5)));
      }
      case NORMAL_DENSITY -> density(x, out);
    }
  }

  private void density(Tensor x, Tensor out) {
    done(torch.mul_out(out, x, x));
    done(torch.mul_out(out, out, number(-0.5)));
    done(torch.exp_out(out, out));
    done(torch.mul_out(out, out, number(INVERSE_ROOT_2_PI)));
  }

  /**
   * {@code out = gradient f'(x)}; out may be the gradient.
   *
   * @param y {@code f(x)}
   */
  void chain(Function f, Tensor x, Tensor y, Tensor gradient, Tensor out) {
    switch (f) {
      case EXP -> done(torch.mul_out(out, gradient, y));
      case LOG -> done(torch.div_out(out, gradient, x));
      case SIGMOID -> done(torch.sigmoid_backward_out(out, gradient, y));
      case SOFTPLUS -> done(torch.softplus_backward_out(out, gradient, x, Constants.ONE, LINEAR));
      case GELU -> done(torch.gelu_backward_out(out, gradient, x));
      case GELU_SLOPE -> {
        // (2 - x^2) phi(x)
        Array scratch = arena.take(x.numel());
        Tensor slope = TorchVectors.allOf(scratch);
        density(x, slope);
        done(torch.mul_out(out, gradient, slope));
        done(torch.mul_out(slope, x, x));
        done(torch.sub_out(slope, number(2), slope, Constants.ONE));
        done(torch.mul_out(out, out, slope));
        arena.release(scratch);
      }
      case NORMAL_DISTRIBUTION -> {
        Array scratch = arena.take(x.numel());
        Tensor slope = TorchVectors.allOf(scratch);
        density(x, slope);
        done(torch.mul_out(out, gradient, slope));
        arena.release(scratch);
      }
      case NORMAL_DENSITY -> {
        done(torch.mul_out(out, gradient, x));
        done(torch.mul_out(out, out, y));
        done(torch.mul_out(out, out, number(-1)));
      }
    }
  }
}
