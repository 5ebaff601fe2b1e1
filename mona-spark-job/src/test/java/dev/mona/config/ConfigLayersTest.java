package dev.mona.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConfigLayersTest {
  private final Path directory;

  ConfigLayersTest(@TempDir Path directory) {
    this.directory = directory;
  }

  private Path write(String name, String... lines) throws IOException {
    return Files.write(directory.resolve(name), List.of(lines));
  }

  @Test
  void referenceSetsEveryKeyThatHasADefaultAndNoOther() {
    List<String> reference =
        ConfigLayers.reference().entrySet().stream().map(e -> e.getKey()).sorted().toList();
    List<String> schema =
        Schema.keys().stream().filter(k -> !k.required()).map(Key::path).sorted().toList();
    assertThat(reference).isEqualTo(schema);
    assertThat(Schema.keys().stream().map(Key::path)).doesNotHaveDuplicates();
  }

  @Test
  void precedenceIsAssignmentThenFileThenTaskThenReference() throws IOException {
    Path task =
        write(
            "dna.conf",
            "task { name = dna, data = d }",
            "run { seed = 10, partitions = 10, threads-per-task = 10 }");
    Path file = write("mine.conf", "run { seed = 20, partitions = 20 }");
    // calls in an order that must not matter
    MonaConfig config =
        ConfigLayers.start().set("run.seed=30").file(file).task(directory, "dna").load();
    assertThat(config.run().seed()).isEqualTo(30);
    assertThat(config.run().resources().partitions()).isEqualTo(20);
    assertThat(config.run().resources().threadsPerTask()).isEqualTo(10);
    assertThat(config.run().output()).isEqualTo("runs");
    assertThat(config.task().name()).isEqualTo("dna");
    assertThat(ConfigLayers.start().task(directory, task.toString()).load().run().seed())
        .isEqualTo(10);
  }

  @Test
  void laterAssignmentWins() {
    assertThat(ConfigFixture.load("run.seed=3", "run.seed=4").run().seed()).isEqualTo(4);
  }

  @Test
  void allProblemsAtOnceWithPlaceAndValue() throws IOException {
    Path file =
        write(
            "bad.conf",
            "task.name = t",
            "alignment {",
            "  alpha = -1",
            "  strenght.ratio = 2",
            "}",
            "warmup.epochs = [1, 2]",
            "evaluation = 3",
            "method = null");
    String message =
        ConfigFixture.refusal(
            ConfigLayers.start().file(file).set("run.seed=x").set("zzz=1").set("nonsense"));
    assertThat(message.lines().toList())
        .containsExactlyInAnyOrder(
            "9 problems in the configuration:",
            "  - --set nonsense has no key and value: write --set key=value",
            "  - unknown key alignment.strenght.ratio ("
                + file
                + ":4): did you mean alignment.strength.ratio?",
            "  - evaluation ("
                + file
                + ":7) is a section, not a value: set keys under it, for example"
                + " evaluation.discrepancy-samples",
            "  - unknown key zzz (--set zzz): see docs/configuration.md for the keys that exist",
            "  - method is null ("
                + file
                + ":8), must be one of mona, warmup-finetune, finetune, mona-shuffled, orca,"
                + " layernorm, scratch",
            "  - run.seed is \"x\" (--set run.seed), must be an integer of 64 bits",
            "  - task.data is missing: set it in the task file, in the --config file or with --set"
                + " task.data=...",
            "  - warmup.epochs is a list (" + file + ":6), must be an integer from 0 to 100000",
            "  - alignment.alpha is -1 (" + file + ":3), must be a number > 0");
  }

  @Test
  void filesThatCannotBeRead() throws IOException {
    write("dna_splice.conf", "");
    assertThat(ConfigFixture.refusal(ConfigFixture.layers().file(directory.resolve("no.conf"))))
        .isEqualTo(
            "configuration file "
                + directory.resolve("no.conf")
                + " does not exist: check the path");
    assertThat(ConfigFixture.refusal(ConfigFixture.layers().file(directory)))
        .isEqualTo("configuration file " + directory + " is a folder: name a file");
    assertThat(ConfigFixture.refusal(ConfigLayers.start().task(directory, "dna_slice")))
        .startsWith("task dna_slice has no file ")
        .doesNotContain("is missing");
    assertThat(ConfigFixture.refusal(ConfigFixture.layers().task(directory, "dna_slice")))
        .endsWith("did you mean dna_splice?");
    assertThat(ConfigFixture.refusal(ConfigFixture.layers().task(directory, "satellite")))
        .endsWith("the tasks there are dna_splice");
    assertThat(ConfigFixture.refusal(ConfigFixture.layers().file(write("b.conf", "run {"))))
        .startsWith("the configuration cannot be parsed: " + directory.resolve("b.conf"));
    assertThat(
            ConfigFixture.refusal(ConfigFixture.layers().file(write("c.conf", "run.id = ${none}"))))
        .contains("c.conf: 1", "none");
    assertThat(
            ConfigFixture.refusal(
                ConfigFixture.layers().file(write("d.conf", "#".repeat((1 << 20) + 1)))))
        .endsWith("is larger than 1 MiB: this is no configuration");
  }

  @Test
  void renderedConfigurationGivesTheSameConfiguration() {
    MonaConfig config =
        ConfigFixture.load(
            "task.data=hdfs://name:8020/a \"b\"",
            "alignment.strength.mode=lambda",
            "alignment.outer.loss=supcon",
            "warmup.optimizer.learning-rate=3e-5",
            "method=finetune");
    assertThat(ConfigLayers.start().text("config.conf", config.rendered()).load())
        .isEqualTo(config);
  }

  @Test
  void hashIsOfTheDecisiveLinesAndIgnoresSpelling() throws Exception {
    MonaConfig config = ConfigFixture.load("warmup.optimizer.learning-rate=1e-2");
    String decisive =
        config
            .rendered()
            .lines()
            .filter(
                l ->
                    !l.matches(
                        "(run\\.(id|output|partitions|threads-per-task|device|engine|precision|resume|repartition|listeners|lease-seconds"
                            + "|stop-seconds|stall-minutes|retry-minutes)|averaging\\.(transport|collective\\.plaintext|outer|nesterov\\.rate|nesterov\\.momentum|moments)|(checkpoint|tracking)\\..*|evaluation\\.refit|task\\.train-fraction|finetuning\\.(l2-sp|ema|optimizer\\.layer-decay|adapter|lora\\..*|replay\\..*)|alignment\\.(source-batch\\.count|virtual-step|preconditioner\\..*|virtual-steps\\.batches|outer\\.data)) = .*"))
            .collect(Collectors.joining("\n", "", "\n"));
    byte[] digest =
        MessageDigest.getInstance("SHA-256").digest(decisive.getBytes(StandardCharsets.UTF_8));
    assertThat(config.hash()).isEqualTo(HexFormat.of().formatHex(digest));
    assertThat(
            ConfigFixture.load(
                    "warmup.optimizer.learning-rate=0.010",
                    "run.output=elsewhere",
                    "run.id=a",
                    "run.partitions=3",
                    "run.threads-per-task=2",
                    "run.resume=true")
                .hash())
        .isEqualTo(config.hash());
    assertThat(ConfigFixture.load("run.seed=2").hash()).isNotEqualTo(ConfigFixture.load().hash());
  }
}
