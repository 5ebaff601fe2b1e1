package dev.mona.benchmark.libtorch;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.bytedeco.pytorch.global.torch;

/**
 * The benchmark's steps in libtorch, called through JavaCPP, in a JVM of its own. Arguments and
 * requests are those of every peer: {@code name=value} shapes, then lines {@code <case> <steps>} on
 * standard input, each answered by one line of JSON.
 */
public final class LibtorchPeer {
  private static final int TRIALS = 4;

  private LibtorchPeer() {}

  public static void main(String[] arguments) throws IOException {
    Map<String, Integer> shape = new HashMap<>();
    for (String argument : arguments) {
      String[] pair = argument.split("=", 2);
      shape.put(pair[0], Integer.valueOf(pair[1]));
    }
    torch.set_num_threads(shape.get("threads"));
    torch.manual_seed(17);
    Steps steps = new Steps(shape);
    System.out.printf(
        "{\"peer\": \"libtorch\", \"version\": \"%s\", \"threads\": %d, \"steps\": [\"%s\"]}%n",
        torch.class.getPackage().getImplementationVersion(),
        torch.get_num_threads(),
        String.join("\", \"", Steps.NAMES));
    BufferedReader requests =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    Map<String, Boolean> fused = new HashMap<>();
    for (String line = requests.readLine(); line != null; line = requests.readLine()) {
      String[] request = line.split(" ");
      boolean variant = fused.computeIfAbsent(request[0], name -> fusedIsFaster(steps, name));
      double[] seconds = new double[Integer.parseInt(request[1])];
      double checksum = 0;
      for (int i = 0; i < seconds.length; i++) {
        long start = System.nanoTime();
        checksum = steps.run(request[0], variant);
        seconds[i] = (System.nanoTime() - start) / 1e9;
      }
      System.out.printf(
          Locale.ROOT,
          "{\"seconds\": [%s], \"variant\": \"%s attention\", \"checksum\": %.9g}%n",
          Arrays.stream(seconds).mapToObj(Double::toString).collect(Collectors.joining(", ")),
          variant ? "fused" : "written-out",
          checksum);
    }
  }

  private static boolean fusedIsFaster(Steps steps, String name) {
    return fastest(steps, name, true) < fastest(steps, name, false);
  }

  private static long fastest(Steps steps, String name, boolean variant) {
    long best = Long.MAX_VALUE;
    for (int i = 0; i < TRIALS; i++) {
      long start = System.nanoTime();
      steps.run(name, variant);
      best = Math.min(best, System.nanoTime() - start);
    }
    return best;
  }
}
