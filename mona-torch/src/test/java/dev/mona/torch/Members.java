package dev.mona.torch;

import dev.mona.compute.Collective;
import dev.mona.compute.Collectives;
import dev.mona.compute.Device;
import dev.mona.compute.DeviceSpec;
import dev.mona.compute.ElementType;
import dev.mona.compute.Engines;
import dev.mona.compute.Membership;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;

/** Members that are threads of this process, over the loopback device. */
final class Members {
  private static final String ADDRESS = "127.0.0.1";

  private Members() {}

  /** What a member does. */
  interface Work<T> {
    T of(Collective member);
  }

  private static Membership membership(
      int rank, int size, String[] texts, CyclicBarrier all, AtomicBoolean cancelled) {
    return new Membership(
        rank,
        size,
        ADDRESS,
        own -> {
          texts[rank] = own;
          try {
            all.await();
          } catch (InterruptedException | BrokenBarrierException e) {
            throw new IllegalStateException(e);
          }
          return Arrays.asList(texts);
        },
        cancelled::get);
  }

  static <T> List<T> together(int size, Work<T> work)
      throws InterruptedException, ExecutionException {
    return together(size, new AtomicBoolean(), work);
  }

  static <T> List<T> together(int size, AtomicBoolean cancelled, Work<T> work)
      throws InterruptedException, ExecutionException {
    ExecutorService threads = Executors.newFixedThreadPool(size);
    CyclicBarrier all = new CyclicBarrier(size);
    String[] texts = new String[size];
    try {
      List<Future<T>> results = new ArrayList<>();
      for (int r = 0; r < size; r++) {
        Membership membership = membership(r, size, texts, all, cancelled);
        results.add(
            threads.submit(
                () -> {
                  try (Collective member = Collectives.join(membership)) {
                    return work.of(member);
                  }
                }));
      }
      List<T> values = new ArrayList<>();
      for (Future<T> result : results) {
        values.add(result.get());
      }
      return values;
    } finally {
      threads.shutdown();
    }
  }

  /** Noise, one vector for each number. */
  static float[] values(int member, int length) {
    Random random = new Random(31L * member + length);
    float[] values = new float[length];
    for (int i = 0; i < length; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return values;
  }

  /** The mean, in plain loops, of as many vectors as there are weights, from one on. */
  static float[] meanFrom(int first, int length, long... weights) {
    float[] mean = new float[length];
    long total = Arrays.stream(weights).sum();
    float[][] all = new float[weights.length][];
    Arrays.setAll(all, member -> values(first + member, length));
    for (int i = 0; i < length; i++) {
      double sum = 0;
      for (int p = 0; p < weights.length; p++) {
        if (weights[p] > 0) {
          sum += (double) weights[p] * all[p][i];
        }
      }
      mean[i] = (float) (sum / total);
    }
    return mean;
  }

  static Device device(String engine, ElementType type) {
    Device device = Engines.named(engine).open(DeviceSpec.of(type));
    device.bind(1);
    return device;
  }
}
