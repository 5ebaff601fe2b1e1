package dev.mona.deploy.kubernetes;

import dev.mona.deploy.Installation;
import dev.mona.deploy.Running;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * {@code submit.sh} in a folder, with pods of one core and little memory.
 *
 * @param url address of the API server
 * @param properties of Spark, by which it and the driver are known to that server
 * @param folder where its log and the {@code events} of Spark go
 */
record Submission(String url, List<String> properties, Path folder) {
  /** The image, which no registry has. */
  static final String IMAGE = "registry.example/mona:0.1.0";

  /** Where Kubernetes mounts the token of a pod's account. */
  static final String ACCOUNT = "/var/run/secrets/kubernetes.io/serviceaccount";

  /** Starts it. */
  Running start(List<String> options, List<String> command) {
    List<String> words =
        new ArrayList<>(
            List.of(
                Installation.home().resolve("deploy/kubernetes/submit.sh").toString(),
                "--master",
                "k8s://" + url,
                "--image",
                IMAGE));
    words.addAll(options);
    List<String> all =
        new ArrayList<>(
            List.of(
                "spark.kubernetes.authenticate.driver.mounted.oauthTokenFile=" + ACCOUNT + "/token",
                "spark.kubernetes.driver.master=" + url,
                "spark.driver.port=" + Running.freePort(),
                "spark.driver.blockManager.port=" + Running.freePort(),
                "spark.ui.enabled=false",
                "spark.eventLog.enabled=true",
                "spark.eventLog.dir=" + folder.resolve("events").toUri(),
                "spark.driver.cores=1",
                "spark.executor.cores=1",
                "spark.task.cpus=1",
                "spark.executorEnv.OMP_NUM_THREADS=1",
                "spark.kubernetes.driverEnv.OMP_NUM_THREADS=1",
                "spark.driver.memory=1536m",
                "spark.driver.memoryOverhead=1536m",
                "spark.executor.memory=1g",
                "spark.executor.memoryOverhead=2g",
                "spark.kubernetes.executor.podNamePrefix=mona-test"));
    all.addAll(properties);
    for (String property : all) {
      words.addAll(List.of("--conf", property));
    }
    words.add("--");
    words.addAll(command);
    return Running.start(
        folder.resolve("submit.log"), Map.of("SPARK_LOCAL_IP", "127.0.0.1"), words);
  }
}
