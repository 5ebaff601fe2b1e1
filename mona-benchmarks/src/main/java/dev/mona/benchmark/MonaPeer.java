package dev.mona.benchmark;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Properties;
import org.nd4j.linalg.factory.Nd4j;

/**
 * This project's side of the comparison, in a process of its own. Arguments are those of {@link
 * Shape#arguments}; requests come as lines {@code <step> <count>} on standard input and are each
 * answered by one line of JSON.
 */
final class MonaPeer {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String ND4J_PROPERTIES = "/META-INF/maven/org.nd4j/nd4j-api/pom.properties";

  private MonaPeer() {}

  public static void main(String[] arguments) throws IOException {
    Shape shape = Shape.parse(arguments);
    PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
    try (MonaSteps steps = new MonaSteps(shape)) {
      Map<String, Object> hello = new LinkedHashMap<>();
      hello.put("peer", "MoNA");
      hello.put("version", "ND4J " + nd4jVersion());
      hello.put("threads", shape.threads());
      hello.put("steps", Arrays.stream(StepKind.values()).map(StepKind::id).toList());
      out.println(JSON.writeValueAsString(hello));
      BufferedReader requests =
          new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
      for (String line = requests.readLine(); line != null; line = requests.readLine()) {
        out.println(JSON.writeValueAsString(answer(steps, line)));
      }
    }
  }

  private static String nd4jVersion() throws IOException {
    Properties properties = new Properties();
    try (InputStream in = Nd4j.class.getResourceAsStream(ND4J_PROPERTIES)) {
      if (in != null) {
        properties.load(in);
      }
    }
    return properties.getProperty("version", "of unknown version");
  }

  private static Map<String, Object> answer(MonaSteps steps, String request) {
    int space = request.indexOf(' ');
    StepKind kind = StepKind.of(request.substring(0, space));
    double[] seconds = new double[Integer.parseInt(request.substring(space + 1))];
    double checksum = 0;
    for (int i = 0; i < seconds.length; i++) {
      long start = System.nanoTime();
      checksum = steps.run(kind);
      seconds[i] = (System.nanoTime() - start) / 1e9;
    }
    Map<String, Object> answer = new LinkedHashMap<>();
    answer.put("seconds", seconds);
    answer.put("variant", "tape");
    answer.put("checksum", checksum);
    return answer;
  }
}
