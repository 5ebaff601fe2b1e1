package dev.mona.training;

import dev.mona.example.Disturbance;
import dev.mona.example.JavaProcess;
import dev.mona.example.LocalSpark;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaSparkContext;

/** The small job in a JVM of its own, which can be killed. */
final class TrainingProcess {
  private TrainingProcess() {}

  /** Arguments: Spark master, output directory, longest pause of a round in milliseconds. */
  public static void main(String[] arguments) {
    SparkConf conf = LocalSpark.conf(arguments[0]);
    JavaProcess.executorSettings().forEach(conf::set);
    int pause = Integer.parseInt(arguments[2]);
    Disturbance disturbance = pause == 0 ? Disturbance.NONE : Disturbance.sleeping(pause, 1);
    try (JavaSparkContext spark = new JavaSparkContext(conf)) {
      SmallTraining.run(spark, Path.of(arguments[1]), false, disturbance);
    }
  }

  /**
   * Starts a process.
   *
   * @param home an empty directory that serves as SPARK_HOME for executors in JVMs of their own
   */
  static Process start(String master, Path output, int pause, Path home) throws IOException {
    return JavaProcess.start(
        home,
        List.of(),
        TrainingProcess.class.getName(),
        List.of(master, output.toString(), Integer.toString(pause)));
  }
}
