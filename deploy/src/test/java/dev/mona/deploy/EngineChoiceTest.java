package dev.mona.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The engine of a machine or a cluster is one word. Scripts of a copied checkout run before a
 * spark-submit and a java that print their arguments.
 */
class EngineChoiceTest {
  private static final String PRINTS = "#!/usr/bin/env bash\nprintf '%s\\n' \"$@\"\n";
  private static final List<String> ENGINES = List.of("", "-nd4j-cuda", "-torch", "-torch-cuda");

  @TempDir Path folder;

  private final Map<String, String> environment = new HashMap<>();

  private void checkout() throws IOException {
    for (String name :
        List.of(
            "deploy/environment.sh",
            "deploy/local/mona",
            "deploy/yarn/submit.sh",
            "deploy/gpu/discover-gpus.sh",
            "conf/clusters/local.conf",
            "conf/clusters/yarn.conf",
            "conf/clusters/yarn-gpu.conf",
            "conf/tasks/dna_splice.conf")) {
      Path copy = folder.resolve(name);
      Files.createDirectories(copy.getParent());
      Files.copy(Installation.home().resolve(name), copy);
    }
    for (String engine : ENGINES) {
      file("mona-spark-job/target/mona-spark-job-0.1.0-all" + engine + ".jar", "");
      file("mona-spark-job/target/dist" + engine + "/complete", "");
    }
    for (String program : List.of("bin/spark-submit", "java/bin/java")) {
      Files.setPosixFilePermissions(
          file(program, PRINTS), PosixFilePermissions.fromString("rwxr-xr-x"));
    }
    environment.put("JAVA_HOME", folder.resolve("java").toString());
    environment.put("SPARK_HOME", folder.toString());
    environment.put("HADOOP_CONF_DIR", folder.toString());
    environment.put("MONA_CONF_DIR", folder.resolve("conf").toString());
  }

  private Path file(String name, String text) throws IOException {
    Path file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    return Files.writeString(file, text);
  }

  private List<String> run(int code, String script, String... arguments) {
    List<String> command = new ArrayList<>();
    command.add(folder.resolve("deploy").resolve(script).toString());
    command.addAll(List.of(arguments));
    try (Running process = Running.start(folder.resolve("log"), environment, command)) {
      assertThat(process.await(Duration.ofSeconds(20))).as(process::tail).isEqualTo(code);
      return process.output().lines().toList();
    }
  }

  @ParameterizedTest
  @CsvSource({
    "nd4j, '', train --task t",
    "nd4j-cuda, -nd4j-cuda, train --set run.device=gpu --task t",
    "torch, -torch, train --set run.engine=torch --task t",
    "torch-cuda, -torch-cuda, train --set run.engine=torch --set run.device=gpu --task t"
  })
  void yarnGetsTheJarTheGpusAndTheSettings(String engine, String suffix, String command)
      throws IOException {
    checkout();
    List<String> words = run(0, "yarn/submit.sh", "--engine", engine, "--", "train", "--task", "t");
    assertThat(String.join(" ", words))
        .endsWith("/mona-spark-job-0.1.0-all" + suffix + ".jar " + command);
    assertThat(words.contains("spark.task.resource.gpu.amount=1"))
        .isEqualTo(engine.endsWith("-cuda"));
    assertThat(words.stream().anyMatch(word -> word.contains("/discover-gpus.sh")))
        .isEqualTo(engine.endsWith("-cuda"));
  }

  @ParameterizedTest
  @CsvSource({
    "nd4j, dist, validate --task t",
    "torch, dist-torch, validate --set run.engine=torch --task t",
    "torch-cuda, dist-torch-cuda, validate --set run.engine=torch --set run.device=gpu --task t"
  })
  void oneMachineGetsTheJarsAndTheSettings(String engine, String jars, String command)
      throws IOException {
    checkout();
    environment.put("MONA_ENGINE", engine);
    String words = String.join(" ", run(0, "local/mona", "validate", "--task", "t"));
    assertThat(words)
        .contains("/target/" + jars + "/lib/*")
        .endsWith(" dev.mona.cli.Main " + command);
  }

  @ParameterizedTest
  @CsvSource({
    "inspect /runs/a, inspect /runs/a",
    "doctor --json, doctor --engine torch --json",
    "doctor --engine nd4j, doctor --engine nd4j",
    "compare /runs/a /runs/b, compare /runs/a /runs/b",
    "compare --task t, compare --set run.engine=torch --task t",
    "compare --config=c.conf, compare --set run.engine=torch --config=c.conf",
    "train --resume /runs/a, train --set run.engine=torch --resume /runs/a",
    "'', ''"
  })
  void onlyCommandsThatTakeSettingsGetThem(String asked, String told) throws IOException {
    checkout();
    environment.put("MONA_ENGINE", "torch");
    String[] arguments = asked.isEmpty() ? new String[0] : asked.split(" ", -1);
    assertThat(String.join(" ", run(0, "local/mona", arguments)))
        .endsWith(("dev.mona.cli.Main " + told).strip());
  }

  @Test
  void whatIsUnknownOrNotBuiltIsRefusedInWords() throws IOException {
    checkout();
    assertThat(run(2, "yarn/submit.sh", "--engine", "cuda", "--", "train"))
        .first()
        .asString()
        .contains("\"cuda\", must be nd4j, nd4j-cuda, torch or torch-cuda");
    Files.delete(folder.resolve("mona-spark-job/target/mona-spark-job-0.1.0-all-torch.jar"));
    assertThat(run(7, "yarn/submit.sh", "--engine", "torch", "--", "train"))
        .singleElement()
        .asString()
        .contains("build it with mvn -Ptorch -DskipTests package");
    environment.put("MONA_ENGINE", "gpu");
    assertThat(run(7, "local/mona", "doctor")).last().asString().contains("check MONA_ENGINE");
  }
}
