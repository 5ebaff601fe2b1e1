package dev.mona.doctor;

import dev.mona.Causes;
import dev.mona.MonaException;
import dev.mona.device.DeviceRequest;
import dev.mona.device.TaskDevice;
import dev.mona.device.WantedDevice;
import java.util.List;
import java.util.ServiceLoader;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.factory.Nd4jBackend;
import org.nd4j.nativeblas.NativeOps;
import org.nd4j.nativeblas.NativeOpsHolder;

/** ND4J's native library, loaded and asked: every run measures and exports with it. */
final class Natives {
  private static final String SECTION = "ND4J";

  /** libnd4j's numbers of instruction sets. */
  private static final String[] LEVELS = {"generic", "x86-64", "AVX2", "AVX-512"};

  private Natives() {}

  /** Whether the library works. */
  static boolean examine(Chart chart) {
    try {
      TaskDevice.bind(DeviceRequest.of(WantedDevice.AUTO), 0);
      several(chart);
      NativeOps ops = NativeOpsHolder.getInstance().getDeviceNativeOps();
      String build = ops.buildInfo();
      boolean cuda = build.contains("ENGINE_CUDA");
      boolean oneDnn = build.contains("HAVE_ONEDNN");
      chart.fact(SECTION, "library", ops.getClass().getSimpleName());
      chart.fact(SECTION, "kernels", cuda ? "CUDA" : oneDnn ? "oneDNN" : "plain");
      chart.fact(SECTION, "instruction set", level(ops.binaryLevel()));
      chart.fact(SECTION, "instruction set of the CPU", level(ops.optimalLevel()));
      chart.fact(SECTION, "OpenMP threads", String.valueOf(ops.ompGetMaxThreads()));
      chart.fact(
          SECTION,
          "BLAS",
          String.valueOf(
              Nd4j.getExecutioner().getEnvironmentInformation().getProperty("blas.vendor")));
      if (!cuda && !oneDnn) {
        chart.warning(
            "the natives are the plain ones, half as fast as those with oneDNN: put the nd4j-native"
                + " jar with the classifier linux-x86_64-onednn-avx2 on the class path");
      }
      if (!ops.isMinimalRequirementsMet()) {
        chart.problem(
            "the natives need "
                + level(ops.binaryLevel())
                + " and this CPU has not: build with -Dnative.extension=onednn");
        return false;
      }
      return true;
    } catch (MonaException e) {
      chart.problem(String.valueOf(e.getMessage()));
      return false;
    } catch (LinkageError | RuntimeException e) {
      chart.problem(
          "ND4J's native library cannot be loaded ("
              + innermost(e)
              + "): check that its jar is for linux-x86_64 and that java.io.tmpdir and"
              + " ~/.javacpp can be written");
      return false;
    }
  }

  private static void several(Chart chart) {
    List<String> backends =
        ServiceLoader.load(Nd4jBackend.class, Nd4jBackend.class.getClassLoader()).stream()
            .map(provider -> provider.type().getName())
            .distinct()
            .sorted()
            .toList();
    if (backends.size() > 1) {
      chart.warning(
          "the class path has several ND4J backends ("
              + String.join(", ", backends)
              + "), of which ND4J takes one by its own order: keep one");
    }
  }

  private static String level(int level) {
    return level >= 0 && level < LEVELS.length ? LEVELS[level] : "level " + level;
  }

  static String innermost(Throwable failure) {
    return String.valueOf(Causes.innermost(failure).getMessage());
  }
}
