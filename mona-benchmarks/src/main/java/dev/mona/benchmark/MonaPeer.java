package dev.mona.benchmark;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.management.ThreadMXBean;
import dev.mona.compute.Device;
import dev.mona.compute.DeviceSpec;
import dev.mona.compute.ElementType;
import dev.mona.compute.Engine;
import dev.mona.compute.Engines;
import dev.mona.compute.Precision;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * This project's side of the comparison, in a process of its own. Arguments are the engine, the
 * precision and those of {@link Shape#arguments}; requests come as lines {@code <step> <count>} on
 * standard input and are each answered by one line of JSON.
 */
final class MonaPeer {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  private MonaPeer() {}

  public static void main(String[] arguments) throws IOException {
    Engine engine = Engines.named(arguments[0]);
    Shape shape = Shape.parse(Arrays.copyOfRange(arguments, 2, arguments.length));
    Device device = engine.open(new DeviceSpec(0, ElementType.FLOAT, Precision.of(arguments[1])));
    device.bind(shape.threads());
    PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
    try (MonaSteps steps = new MonaSteps(Problem.of(shape), device)) {
      Map<String, Object> hello = new LinkedHashMap<>();
      hello.put("version", engine.library() + ", " + device.describe());
      hello.put("threads", shape.threads());
      hello.put("steps", Arrays.stream(StepKind.values()).map(StepKind::id).toList());
      out.println(JSON.writeValueAsString(hello));
      BufferedReader requests =
          new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
      for (String line = requests.readLine(); line != null; line = requests.readLine()) {
        out.println(JSON.writeValueAsString(answer(steps, device, line)));
      }
    }
  }

  private static Map<String, Object> answer(MonaSteps steps, Device device, String request) {
    int space = request.indexOf(' ');
    StepKind kind = StepKind.of(request.substring(0, space));
    double[] seconds = new double[Integer.parseInt(request.substring(space + 1))];
    long calls = device.calls();
    long waits = device.waits();
    long bytes = javaBytes();
    double checksum = 0;
    for (int i = 0; i < seconds.length; i++) {
      long start = System.nanoTime();
      checksum = steps.run(kind);
      seconds[i] = (System.nanoTime() - start) / 1e9;
    }
    bytes = javaBytes() - bytes;
    Map<String, Long> counts = new LinkedHashMap<>();
    counts.put(Counts.CALLS, (device.calls() - calls) / seconds.length);
    counts.put(Counts.WAITS, (device.waits() - waits) / seconds.length);
    counts.put(Counts.JAVA_BYTES, bytes / seconds.length);
    Map<String, Object> answer = new LinkedHashMap<>();
    answer.put("seconds", seconds);
    answer.put("variant", "tape");
    answer.put("checksum", checksum);
    answer.put("counts", counts);
    return answer;
  }

  /** Bytes of all objects that the threads of this JVM have made so far. */
  private static long javaBytes() {
    return Arrays.stream(THREADS.getThreadAllocatedBytes(THREADS.getAllThreadIds())).sum();
  }
}
