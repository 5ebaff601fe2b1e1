package dev.mona.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.mona.example.JavaProcess;
import dev.mona.example.LocalSpark;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A run whose executors authenticate themselves, over encrypted connections and with encrypted
 * shuffle files: the same bytes, and no secret in anything that it leaves behind.
 */
class EncryptionIT {
  private static final long PATIENCE_SECONDS = 100;
  private static final String AUTHENTICATION = "5f3c9a-authentication";
  private static final String STORE_KEY = "77b1e0-object-store";
  private static final String KEYSTORE = "c41d2e-keystore";

  private static Path plain;
  private static Path run;
  private static Path events;
  private static String log;

  @BeforeAll
  static void trainTwice(@TempDir Path root) throws IOException, InterruptedException {
    JobFolder folder;
    try (SparkSession spark = LocalSpark.session("local[2]")) {
      folder = JobFolder.write(spark, root);
      plain = folder.trained(spark, "plain");
    }
    events = Files.createDirectories(root.resolve("events"));
    Map<String, String> settings = new HashMap<>(JavaProcess.executorSettings());
    settings.put("spark.authenticate", "true");
    settings.put("spark.authenticate.secret", AUTHENTICATION);
    settings.put("spark.network.crypto.enabled", "true");
    settings.put("spark.network.crypto.saslFallback", "false");
    settings.put("spark.io.encryption.enabled", "true");
    settings.put("spark.hadoop.fs.s3a.secret.key", STORE_KEY);
    settings.put("spark.ssl.keyStorePassword", KEYSTORE);
    settings.put("spark.eventLog.enabled", "true");
    settings.put("spark.eventLog.dir", events.toUri().toString());
    settings.put("spark.executorEnv.OMP_NUM_THREADS", System.getenv("OMP_NUM_THREADS"));
    List<String> options = new ArrayList<>(LocalSpark.options("local-cluster[2,1,1024]"));
    settings.forEach((key, value) -> options.add("-D" + key + "=" + value));
    Path home = root.resolve("home");
    Process process =
        JavaProcess.start(home, options, Main.class.getName(), folder.trainArguments("encrypted"));
    log = JavaProcess.ended(process, home, PATIENCE_SECONDS);
    run = folder.run("encrypted");
  }

  @Test
  void leavesTheBytesOfARunInTheClear() {
    JobFolder.assertSameModels(run, plain, "encrypted");
  }

  /** The event log holds the settings that the run had: these were on, and are not legible. */
  @Test
  void theSettingsWereOn() throws IOException {
    String update =
        Files.readAllLines(only(events)).stream()
            .filter(line -> line.contains("\"SparkListenerEnvironmentUpdate\""))
            .findFirst()
            .orElseThrow();
    JsonNode settings = new ObjectMapper().readTree(update).path("Spark Properties");
    for (String switched :
        List.of(
            "spark.authenticate", "spark.network.crypto.enabled", "spark.io.encryption.enabled")) {
      assertThat(settings.path(switched).asText()).as(switched).isEqualTo("true");
    }
    assertThat(settings.path("spark.authenticate.secret").asText()).contains("redacted");
  }

  @Test
  void noSecretIsLeftBehind() throws IOException {
    List<Path> files = new ArrayList<>(files(run));
    assertThat(files).hasSizeGreaterThan(10);
    files.addAll(files(events));
    for (Path file : files) {
      assertNoSecret(Files.readString(file, StandardCharsets.ISO_8859_1), file.toString());
    }
    assertNoSecret(log, "log");
  }

  private static void assertNoSecret(String text, String where) {
    for (String secret : List.of(AUTHENTICATION, STORE_KEY, KEYSTORE)) {
      assertThat(text.contains(secret)).as("%s in %s", secret, where).isFalse();
    }
  }

  private static Path only(Path directory) throws IOException {
    List<Path> files = files(directory);
    assertThat(files).hasSize(1);
    return files.get(0);
  }

  /** Regular files, but not Hadoop's checksums of them. */
  private static List<Path> files(Path directory) throws IOException {
    try (Stream<Path> all = Files.walk(directory)) {
      return all.filter(Files::isRegularFile)
          .filter(file -> !file.toString().endsWith(".crc"))
          .toList();
    }
  }
}
