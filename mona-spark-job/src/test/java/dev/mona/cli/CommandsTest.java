package dev.mona.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.mona.cli.failure.ExitCode;
import dev.mona.compute.Precision;
import dev.mona.config.ConfigLayers;
import dev.mona.config.MonaConfig;
import dev.mona.config.Resume;
import dev.mona.convert.ConvertOptions;
import dev.mona.data.Encoding;
import dev.mona.data.Origin;
import dev.mona.data.Split;
import dev.mona.dataframe.FrameOptions;
import dev.mona.device.DeviceRequest;
import dev.mona.device.EngineName;
import dev.mona.device.WantedDevice;
import dev.mona.doctor.Diagnosis;
import dev.mona.doctor.Finding;
import dev.mona.numpy.NumpyOptions;
import dev.mona.published.PublishedFormat;
import dev.mona.storage.Lease;
import dev.mona.storage.RunDirectory;
import dev.mona.task.SampleShape;
import dev.mona.weights.Safetensors;
import dev.mona.weights.WeightTensor;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CommandsTest {
  private final FakeCommands commands = new FakeCommands();
  private final Path directory;

  CommandsTest(@TempDir Path directory) {
    this.directory = directory;
  }

  private Path write(String name, String text) throws IOException {
    Path file = directory.resolve(name);
    Files.createDirectories(file.resolveSibling("."));
    return Files.writeString(file, text);
  }

  /** A run directory with the configuration that a run writes. */
  private Path runDirectory() throws IOException {
    MonaConfig config =
        ConfigLayers.start()
            .set("task.name=dna")
            .set("task.data=/data/dna")
            .set("run.seed=11")
            .set("run.id=old-name")
            .load();
    write("runs/r1/config.conf", config.rendered());
    return directory.resolve("runs/r1");
  }

  @Test
  void optionsMakeTheLayers() throws IOException {
    Path task = write("t.conf", "task { name = t, data = d }\nrun { seed = 1, partitions = 1 }");
    Path config = write("c.conf", "run { seed = 2, partitions = 2 }");
    CommandRun run =
        CommandRun.of(
            commands,
            "train",
            "--task",
            task.toString(),
            "--config",
            config.toString(),
            "--set",
            "run.seed=3",
            "--set",
            "method=finetune",
            "--output",
            "elsewhere");
    assertThat(run.err()).isEmpty();
    MonaConfig seen = commands.configs.get(0);
    assertThat(seen.task().name()).isEqualTo("t");
    assertThat(seen.run().seed()).isEqualTo(3);
    assertThat(seen.run().resources().partitions()).isEqualTo(2);
    assertThat(seen.run().output()).isEqualTo("elsewhere");
    assertThat(seen.run().restart().resume()).isEqualTo(Resume.NEVER);
  }

  @Test
  void configurationMayLieOnAnyFileSystem() throws IOException {
    Path config = write("c.conf", "task { name = t, data = d }, run.seed = 5");
    assertThat(CommandRun.of(commands, "train", "--config", config.toUri().toString()).err())
        .isEmpty();
    assertThat(commands.configs.get(0).run().seed()).isEqualTo(5);
  }

  @Test
  void anAddressOnThisMachineIncludesAsItsPathDoes() throws IOException {
    write("seed.conf", "run.seed = 6");
    Path config = write("c.conf", "task { name = t, data = d }\ninclude \"seed.conf\"");
    for (String address : List.of(config.toString(), config.toUri().toString(), "file:" + config)) {
      assertThat(CommandRun.of(commands, "train", "--config", address).err()).isEmpty();
    }
    assertThat(commands.configs)
        .hasSize(3)
        .allSatisfy(seen -> assertThat(seen.run().seed()).isEqualTo(6));
  }

  @Test
  void badConfigurationEndsBeforeTheJob() {
    CommandRun run =
        CommandRun.of(commands, "train", "--set", "task.name=t", "--set", "run.sede=1");
    assertThat(run.code()).isEqualTo(3);
    assertThat(run.err())
        .startsWith("mona: 2 problems in the configuration:\n")
        .contains("unknown key run.sede (--set run.sede): did you mean run.seed?")
        .contains("task.data is missing");
    assertThat(commands.configs).isEmpty();
  }

  @Test
  void resumedRunKeepsItsConfigurationWhereverItStandsNow() throws IOException {
    Path run = runDirectory();
    CommandRun resumed = CommandRun.of(commands, "train", "--resume", run.toString());
    assertThat(resumed.err()).isEmpty();
    MonaConfig seen = commands.configs.get(0);
    assertThat(seen.run().seed()).isEqualTo(11);
    assertThat(seen.run().restart().resume()).isEqualTo(Resume.REQUIRED);
    assertThat(seen.run().id()).isEqualTo("r1");
    assertThat(seen.run().output()).isEqualTo(directory.resolve("runs").toString());
    assertThat(CommandRun.of(commands, "train", "--resume", directory.toString()).code())
        .isEqualTo(3);
  }

  @Test
  void evaluateScoresTheRunsOwnTestSplitOrWhatIsNamed() throws IOException {
    Path run = runDirectory();
    CommandRun own = CommandRun.of(commands, "evaluate", run.toString());
    assertThat(own.err()).isEmpty();
    assertThat(own.out()).contains("error-rate  0.1250");
    CommandRun.of(commands, "evaluate", run.toString(), "--data", "/other", "--split", "val");
    assertThat(commands.requests)
        .satisfiesExactly(
            first -> {
              assertThat(((ScoringRequest) first).split()).isEqualTo(Split.TEST);
              assertThat(((ScoringRequest) first).config().task().data().path())
                  .isEqualTo("/data/dna");
            },
            second -> {
              assertThat(((ScoringRequest) second).split()).isEqualTo(Split.VAL);
              assertThat(((ScoringRequest) second).config().task().data().path())
                  .isEqualTo("/other");
              assertThat(((ScoringRequest) second).directory()).isEqualTo(run.toString());
            });
  }

  @Test
  void aSplitThatThereIsNotStartsNothing() throws IOException {
    String run = runDirectory().toString();
    for (CommandRun refused :
        List.of(
            CommandRun.of(commands, "evaluate", run, "--split", "dev"),
            CommandRun.of(commands, "predict", run, "--split", "dev", "--output", "/p"))) {
      assertThat(refused.err())
          .isEqualTo("mona: split 'dev' is not one of train, val and test: name one of them\n");
      assertThat(refused.code()).isEqualTo(ExitCode.CONFIGURATION.code());
    }
    assertThat(commands.requests).isEmpty();
  }

  @Test
  void predictSaysHowManyAndWhere() throws IOException {
    CommandRun run =
        CommandRun.of(commands, "predict", runDirectory().toString(), "--output", "/p");
    assertThat(run.err()).isEmpty();
    assertThat(run.out()).isEqualTo("797 predictions in /p\n");
    assertThat(commands.requests).element(1).isEqualTo("/p");
  }

  @Test
  void embedSaysHowManyTokensAndWhere() throws IOException {
    CommandRun run =
        CommandRun.of(
            commands, "embed", runDirectory().toString(), "--output", "/e", "--samples", "3");
    assertThat(run.err()).isEmpty();
    assertThat(run.out()).isEqualTo("60 tokens in /e\n");
    assertThat(commands.requests).element(1).isEqualTo("/e");
  }

  @Test
  void embedRefusesMoreSamplesThanTheDriverHolds() throws IOException {
    String run = runDirectory().toString();
    for (String samples : List.of("0", "1001")) {
      CommandRun refused =
          CommandRun.of(commands, "embed", run, "--output", "/e", "--samples", samples);
      assertThat(refused.code()).isEqualTo(ExitCode.USAGE.code());
      assertThat(refused.err())
          .startsWith("--samples is " + samples + ", must be from 1 to 1000\n");
    }
    assertThat(commands.requests).isEmpty();
  }

  /** 513 samples in 2 partitions: 257 in the larger, 9 steps of 32, 2 rounds of 8 steps. */
  @Test
  void validatePrintsThePlanOfTheMethod() {
    CommandRun run =
        CommandRun.of(
            commands,
            "validate",
            "--set",
            "task.name=t",
            "--set",
            "task.data=d",
            "--set",
            "method=warmup-finetune",
            "--set",
            "warmup.accumulation=2");
    assertThat(run.err()).isEmpty();
    assertThat(run.code()).isZero();
    assertThat(run.out())
        .startsWith(
            """
            method warmup-finetune
            computes with nd4j in float32
            task dna: classification, samples 4 x 60, 3 outputs
            samples 513 train in 2 partitions, 100 validation, 797 test
            parameters 10 embedder, 1000 encoder, 7 head

            stage       epochs  rounds  samples a step  learning rate  trained parameters
            ----------  ------  ------  --------------  -------------  ------------------
            warmup           3       3              64       0.001000                  17
            alignment        4       8              32       0.001000                  17
            finetuning       8      16              32      0.0001000                1017

            """)
        .contains("method = \"warmup-finetune\"\n")
        .endsWith("configuration " + commands.configs.get(0).hash() + "\n");
  }

  @Test
  void validateOfTheConfigurationAloneTouchesNothingElse() {
    CommandRun run =
        CommandRun.of(
            commands,
            "validate",
            "--config-only",
            "--set",
            "task.name=t",
            "--set",
            "task.data=/does/not/exist");
    assertThat(run.code()).isZero();
    assertThat(run.out())
        .contains("finetuning       8")
        .contains("computes with nd4j in float32\n");
    assertThat(commands.configs).isEmpty();
  }

  @Test
  void validatePrintsTheSettingsThatWereChangedAndAllWhenAsked() {
    List<String> arguments =
        List.of("validate", "--config-only", "--set", "task.name=t", "--set", "task.data=d");
    long settings =
        ConfigLayers.start()
            .set("task.name=t")
            .set("task.data=d")
            .load()
            .rendered()
            .lines()
            .count();
    String few =
        CommandRun.of(
                commands, with(arguments, "--set", "run.seed=11", "--set", "warmup.clip-norm=1.0"))
            .out();
    assertThat(few)
        .contains(
            """

            3 of %d settings differ from the defaults (--all prints the rest):
            run.seed = 11
            task.data = "d"
            task.name = "t"

            configuration"""
                .formatted(settings));
    String all = CommandRun.of(commands, with(arguments, "--all")).out();
    assertThat(all).contains("\nrun.seed = 1\n").doesNotContain("differ from the defaults");
    assertThat(all.lines().filter(line -> line.contains(" = ")).count()).isEqualTo(settings);
  }

  private static String[] with(List<String> arguments, String... more) {
    return Stream.concat(arguments.stream(), Arrays.stream(more)).toArray(String[]::new);
  }

  @Test
  void inspectShowsWhatARunLeft() throws IOException {
    Path run = runDirectory();
    write(
        "runs/r1/provenance.json",
        """
        {"stop_reason": "EARLY_STOPPING", "versions": {"spark": "3.5"}, "seeds": [1],
         "starts": [{"ended": "2026-01-02T03:04:05Z", "trained_seconds": 12.34}]}
        """);
    write(
        "runs/r1/metrics/summary.json",
        "{\"method\": \"mona\", \"epochs\": 3, \"scores\": {\"test_error_rate\": 0.0625},"
            + " \"wall_seconds\": {\"until_ready\": 3, \"local_steps\": 9}}");
    write(
        "runs/r1/metrics/epochs.jsonl",
        """
        {"stage":"warmup","epoch":0,"examples":512,"seconds":3.5,"metrics":{"loss":1.0}}
        {"stage":"warmup","epoch":1,"examples":512,"seconds":3.5,"metrics":{"loss":0.5}}
        {"stage":"finetuning","epoch":0,"examples":512,"seconds":9,"metrics":{"loss":null,"validation.error-rate":0.25}}
        {"stage":"finetu""");
    write("runs/r1/_SUCCESS", "");
    CommandRun shown = CommandRun.of(commands, "inspect", run.toString(), "--epochs", "2");
    assertThat(shown.err()).isEmpty();
    assertThat(shown.out())
        .startsWith(
            "run "
                + run
                + """

                completed at 2026-01-02T03:04:05Z, trained for 12.34 s: stopped early, the validation score no longer improved

                score              value
                ---------------  -------
                test_error_rate  0.06250
                wall time 12.0 s: local steps 9.0 s (75 %), until ready 3.0 s

                stage       epoch  examples  seconds    loss  validation.error-rate
                ----------  -----  --------  -------  ------  ---------------------
                warmup          2       512    3.500  0.5000                      -
                finetuning      1       512    9.000       -                 0.2500

                stop_reason EARLY_STOPPING
                versions.spark 3.5
                seeds [1]
                """)
        .contains(" settings differ from the defaults", "\nrun.seed = 11\n")
        .doesNotContain("run.stop-seconds");
    assertThat(CommandRun.of(commands, "inspect", run.toString(), "--all").out())
        .contains("\nrun.seed = 11\n", "\nrun.stop-seconds = 20\n");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          {"stop_reason": "COMPLETED"} | completed; the outputs are not complete: mona train --resume RUN writes the rest
          {"stop_reason": "DIVERGED", "starts": [{"ended": "T"}]} | diverged at T: a loss, a parameter or a moment was not finite
          {"starts": [{"ended": "T", "stop_reason": "STOPPED"}]} | stopped at T because it was asked to: mona train --resume RUN goes on
          {"starts": [{"ended": "T", "stop_reason": "FAILED"}]} | failed at T, the log says why: mona train --resume RUN tries again
          {"starts": [{"began": "T", "host": "h"}]} | started at T on h and broke off: mona train --resume RUN goes on
          {"stop_reason": "\\u001b"} | ended as \\u001b
          """)
  void inspectOpensWithHowTheRunEnded(String provenance, String sentence) throws IOException {
    Path run = runDirectory();
    assertThat(CommandRun.of(commands, "inspect", run.toString()).out())
        .startsWith("run " + run + "\nhas not begun to train: no provenance.json\n");
    write("runs/r1/provenance.json", provenance);
    assertThat(CommandRun.of(commands, "inspect", run.toString()).out())
        .startsWith("run " + run + "\n" + sentence.replace("RUN", run.toString()) + "\n");
  }

  @Test
  void inspectShowsThatARunIsHeld() throws IOException {
    Path run = runDirectory();
    write("runs/r1/provenance.json", "{\"starts\": [{\"began\": \"T\", \"host\": \"h\"}]}");
    try (RunDirectory held = RunDirectory.open(run.toString(), new Configuration())) {
      held.lock(Lease.USUAL, () -> {});
      assertThat(CommandRun.of(commands, "inspect", run.toString()).out())
          .containsPattern(
              "\nstarted at T on h, last sign of life at 20\\S+Z: it trains, or was killed\n");
    }
    assertThat(CommandRun.of(commands, "inspect", run.toString()).out())
        .contains("\nstarted at T on h and broke off: mona train --resume ");
  }

  @Test
  void inspectRefusesWhatItCannotShow() throws IOException {
    assertThat(CommandRun.of(commands, "inspect", directory.resolve("none").toString()).code())
        .isEqualTo(6);
    assertThat(CommandRun.of(commands, "inspect", directory.toString()).code()).isEqualTo(3);
    assertThat(CommandRun.of(commands, "inspect", write("a.txt", "x").toString()).code())
        .isEqualTo(3);
    assertThat(CommandRun.of(commands, "inspect", write("a.safetensors", "x").toString()).code())
        .isEqualTo(5);
    Path damaged = runDirectory();
    write("runs/r1/provenance.json", "{");
    CommandRun run = CommandRun.of(commands, "inspect", damaged.toString());
    assertThat(run.code()).isEqualTo(6);
    assertThat(run.err()).contains("provenance.json is no JSON");
  }

  @Test
  void inspectListsTensors() throws IOException {
    Path file = directory.resolve("model.safetensors");
    try (OutputStream out = Files.newOutputStream(file)) {
      Safetensors.write(
          out,
          List.of(
              new WeightTensor("head.weight", new long[] {3, 2}, new float[6]),
              new WeightTensor("head.bias", new long[] {3}, new float[3])),
          Map.of("format", "pt"));
    }
    CommandRun run = CommandRun.of(commands, "inspect", file.toString());
    assertThat(run.err()).isEmpty();
    assertThat(run.out())
        .isEqualTo(
            """
            tensor       type  shape   elements
            -----------  ----  ------  --------
            head.weight  F32   [3, 2]         6
            head.bias    F32   [3]            3
            2 tensors, 9 elements
            metadata format = pt
            """);
  }

  @Test
  void convertPassesItsOptionsOn() {
    CommandRun run = CommandRun.of(commands, "convert", "in", "--output", "out", "--one-hot", "4");
    assertThat(run.err()).isEmpty();
    assertThat(run.out()).startsWith("name     arrays\noutput   out\nsample   [4, 60]\n");
    assertThat(commands.requests)
        .containsExactly(
            new ConversionRequest(
                new NumpyOptions("in", new Encoding.OneHot(4)), new ConvertOptions("out", false)));
  }

  @Test
  void convertReadsDataFrames() {
    CommandRun run =
        CommandRun.of(
            commands,
            "convert",
            "in",
            "--format",
            "parquet",
            "--output",
            "out",
            "--shape",
            "3x8",
            "--file-samples",
            "1000");
    assertThat(run.err()).isEmpty();
    assertThat(run.out()).startsWith("name     frame\noutput   out\n");
    CommandRun.of(
        commands,
        "convert",
        "in",
        "--format",
        "parquet",
        "--output",
        "o",
        "--dense",
        "--seed",
        "7",
        "--test-fraction",
        "0.5",
        "--licence",
        "MIT");
    assertThat(commands.requests)
        .containsExactly(
            new FrameRequest(
                new FrameOptions("in", Optional.of(SampleShape.series(3, 8)), false, 0.2, 0),
                new Origin("not stated", "in", "not stated"),
                new ConvertOptions("out", false, 1000)),
            new FrameRequest(
                new FrameOptions("in", Optional.empty(), true, 0.5, 7),
                new Origin("not stated", "in", "MIT"),
                new ConvertOptions("o", false)));
    assertThat(CommandRun.of(commands, "convert", "i", "--output", "o", "--dense").err())
        .contains("go with --format parquet: leave them out");
    assertThat(
            CommandRun.of(
                    commands, "convert", "i", "--output", "o", "--format", "parquet", "--image")
                .err())
        .contains("--format parquet takes features as they are");
    assertThat(Arrays.stream(InputForm.values()).flatMap(form -> form.published().stream()))
        .containsExactly(PublishedFormat.values());
  }

  @Test
  void convertMakesImagesOfOtherArrays() {
    CommandRun.of(
        commands, "convert", "in", "--output", "out", "--image", "--split", "test=test_32");
    assertThat(commands.requests)
        .containsExactly(
            new ConversionRequest(
                new NumpyOptions("in", new Encoding.Plain(), true, Map.of(Split.TEST, "test_32")),
                new ConvertOptions("out", false)));
    assertThat(CommandRun.of(commands, "convert", "in", "--output", "o", "--split", "a=b").err())
        .isEqualTo("mona: split 'a' is not one of train, val and test: name one of them\n");
  }

  @Test
  void convertMakesSpectrogramsOfSounds() {
    CommandRun.of(commands, "convert", "in", "--output", "o", "--log-mel", "16000", "--mels", "40");
    assertThat(commands.requests)
        .containsExactly(
            new ConversionRequest(
                new NumpyOptions("in", new Encoding.LogMel(16000, 512, 160, 40)),
                new ConvertOptions("o", false)));
    assertThat(CommandRun.of(commands, "convert", "in", "--output", "o", "--hop", "9").err())
        .isEqualTo(
            "mona: --mels, --frame and --hop say how --log-mel works: name its sample rate too\n");
    assertThat(CommandRun.of(commands, "convert", "i", "--output", "o", "--log-mel", "7").err())
        .startsWith("mona: log-mel of 7 Hz, frames of 16, hop 1, 64 mels: it needs 1000 to");
  }

  @Test
  void exportReadsTheRunsConfiguration() throws IOException {
    String run = runDirectory().toString();
    CommandRun exported = CommandRun.of(commands, "export", run, "--onnx", "model.onnx");
    assertThat(exported.err()).isEmpty();
    assertThat(exported.out()).contains("\nopset     17\n", "\nfeatures  [batch, 4, 60]\n");
    assertThat(commands.requests).containsExactly(List.of(run, "model.onnx"));
    assertThat(CommandRun.of(commands, "export", run).code()).isEqualTo(ExitCode.USAGE.code());
  }

  @Test
  void convertWeightsPassesItsPathsOn() {
    CommandRun run = CommandRun.of(commands, "convert-weights", "in.ort", "--output", "out");
    assertThat(run.err()).isEmpty();
    assertThat(run.out()).isEqualTo("output      out\ntensors     154\nparameters  27000000\n");
    assertThat(commands.requests).containsExactly(List.of("in.ort", "out"));
  }

  @Test
  void convertRefusesAnImpossibleAlphabet() {
    assertThat(CommandRun.of(commands, "convert", "in", "--output", "o", "--one-hot", "1").err())
        .isEqualTo("mona: --one-hot is 1, must be the size of an alphabet from 2 to 1024\n");
  }

  @Test
  void convertIsBoundToTheConverter() {
    CommandRun run =
        CommandRun.of(
            new JobCommands(new org.apache.hadoop.conf.Configuration()),
            "convert",
            directory.resolve("none").toString(),
            "--output",
            directory.resolve("out").toString());
    assertThat(run.code()).isEqualTo(4);
    assertThat(run.err()).startsWith("mona: ").contains("card.json");
    assertThat(directory.resolve("out")).doesNotExist();
  }

  private static Diagnosis diagnosis(Finding... findings) {
    return new Diagnosis(
        "executor 0 on host", Map.of("memory", Map.of("heap", "2.0 GiB")), List.of(findings));
  }

  @Test
  void doctorShowsFactsAndWhatIsWrong() {
    commands.diagnoses =
        List.of(diagnosis(new Finding(Finding.Severity.WARNING, "it is slow: make it fast")));
    CommandRun run = CommandRun.of(commands, "doctor", "--executors", "--device", "gpu");
    assertThat(run.err()).isEmpty();
    assertThat(run.code()).isZero();
    assertThat(run.out())
        .isEqualTo(
            """
            executor 0 on host

            section  what    value
            -------  ----  -------
            memory   heap  2.0 GiB

            what is wrong
            warning: it is slow: make it fast
            """);
    assertThat(commands.requests)
        .containsExactly(new DeviceRequest(EngineName.ND4J, Precision.FLOAT32, WantedDevice.GPU));
  }

  @Test
  void doctorEndsWithTheCodeOfTheEnvironmentWhenARunIsImpossible() throws IOException {
    commands.diagnoses =
        List.of(
            diagnosis(), diagnosis(new Finding(Finding.Severity.PROBLEM, "no GPU: give it one")));
    CommandRun run = CommandRun.of(commands, "doctor", "--json");
    assertThat(run.code()).isEqualTo(ExitCode.ENVIRONMENT.code());
    JsonNode json = new ObjectMapper().readTree(run.out());
    assertThat(json).hasSize(2);
    assertThat(json.get(0).path("healthy").asBoolean()).isTrue();
    assertThat(json.get(1).path("healthy").asBoolean()).isFalse();
    assertThat(json.get(1).path("facts").path("memory").path("heap").asText()).isEqualTo("2.0 GiB");
    assertThat(json.get(1).path("findings").get(0).path("severity").asText()).isEqualTo("problem");
    assertThat(CommandRun.of(commands, "doctor", "--device", "tpu").code()).isEqualTo(2);
  }

  @Test
  void doctorTakesEngineAndPrecision() {
    CommandRun run = CommandRun.of(commands, "doctor", "--engine", "torch", "--precision", "bf16");
    assertThat(run.err()).isEmpty();
    assertThat(commands.requests)
        .containsExactly(new DeviceRequest(EngineName.TORCH, Precision.BF16, WantedDevice.AUTO));
    CommandRun impossible = CommandRun.of(commands, "doctor", "--precision", "bf16");
    assertThat(impossible.code()).isEqualTo(ExitCode.CONFIGURATION.code());
    assertThat(impossible.err())
        .contains("--precision is bf16 and --engine nd4j, which computes in float32 alone");
    assertThat(CommandRun.of(commands, "doctor", "--engine", "jax").code()).isEqualTo(2);
  }

  private CommandRun cluster(String... arguments) {
    List<String> all =
        new ArrayList<>(
            List.of("validate", "--set", "task.name=t", "--set", "task.data=d", "--cluster"));
    all.addAll(List.of(arguments));
    return CommandRun.of(commands, all.toArray(String[]::new));
  }

  private static long setting(CommandRun run, String key) {
    String line = run.out().lines().filter(l -> l.startsWith(key + " ")).findFirst().orElseThrow();
    return Long.parseLong(line.substring(key.length() + 1).replace("m", ""));
  }

  @Test
  void validatePrintsTheMemoryOfACluster() {
    CommandRun run =
        cluster("--workers", "3", "--executor-cores", "2", "--executor-container", "8g", "--gpu");
    assertThat(run.err()).isEmpty();
    assertThat(run.out())
        .contains(
            "3 executors with 1 tasks at once, for 2 partitions",
            "spark.executor.instances 3\n",
            "spark.task.resource.gpu.amount 1\n",
            "spark.executorEnv.OMP_WAIT_POLICY PASSIVE\n",
            "spark.executorEnv.MALLOC_MMAP_THRESHOLD_ 1048576\n");
    long heap = setting(run, "spark.executor.memory");
    long overhead = setting(run, "spark.executor.memoryOverhead");
    assertThat(heap + overhead).isBetween(8192L, 8194L);
    assertThat(run.out()).contains("-Dorg.bytedeco.javacpp.maxbytes=" + (overhead - 512) + "m");
  }

  @Test
  void clusterThatCannotBeIsRefused() {
    assertThat(cluster("--executor-container", "256m").err())
        .contains("an executor needs ")
        .contains("its container has 256 MiB");
    assertThat(cluster("--executor-container", "lots").err()).contains("is \"lots\"");
    assertThat(cluster("--workers", "0").code()).isEqualTo(ExitCode.CONFIGURATION.code());
    assertThat(cluster("--executor-cores", "1", "--set", "run.threads-per-task=2").err())
        .contains("--executor-cores is 1 and run.threads-per-task 2");
  }

  @Test
  void aComparisonThatRunsElsewhereIsNotBegunTwice() throws IOException {
    Path task = write("t.conf", "task { name = t, data = d }");
    Path output = directory.resolve("runs");
    String[] compare = {
      "compare", "--task", task.toString(), "--output", output.toString(), "--seeds", "0"
    };
    Lease lease = new Lease(Duration.ofSeconds(1), Duration.ZERO);
    try (RunDirectory other =
        RunDirectory.open(output.resolve("comparison-t").toString(), new Configuration())) {
      other.lock(lease);
      CommandRun second = CommandRun.of(commands, compare);
      assertThat(second.code()).isEqualTo(ExitCode.STORAGE.code());
      assertThat(second.err()).contains("is being written by attempt " + other.attempt().id());
      assertThat(commands.configs).isEmpty();
    }
    assertThat(CommandRun.of(commands, compare).err()).isEmpty();
    assertThat(output.resolve("comparison-t").toFile().list())
        .containsExactlyInAnyOrder("comparison.json", "comparison.svg", "comparison.txt", "report");
  }

  /** One sentence each, before anything runs. */
  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "--preset=all; must be one of: ablation, confined",
        "--fractions=0,5; : give per cents above 0 and up to 100",
        "--grid=warmup.epochs; has no key with values: write --grid key=a,b,c",
        "--grid=warmup.epoch=1,2; unknown key warmup.epoch (--set warmup.epoch): did you mean",
        "--grid=run.seed=1,2; --seeds names seeds",
        "--methods=mona,mona; --methods mona,mona name one twice",
        "--methods=mona,mone; must be one of"
      })
  void badChoicesOfWhatToCompareAreConfiguration(String option, String message) throws IOException {
    Path task = write("t.conf", "task { name = t, data = d }");
    CommandRun run = CommandRun.of(commands, "compare", "--task", task.toString(), option);
    assertThat(run.code()).isEqualTo(ExitCode.CONFIGURATION.code());
    assertThat(run.err()).startsWith("mona: ").contains(message);
    assertThat(commands.configs).isEmpty();
  }

  @Test
  void aPresetAndFractionsAreRunsOfTheirOwn() throws IOException {
    Path task = write("t.conf", "task { name = t, data = d }");
    String output = directory.resolve("runs").toString();
    CommandRun run =
        CommandRun.of(
            commands,
            "compare",
            "--task",
            task.toString(),
            "--output",
            output,
            "--preset=ablation",
            "--fractions=10,100",
            "--seeds=3");
    assertThat(run.err()).isEmpty();
    assertThat(run.out())
        .contains("arm exact is arm mona\n", "arm exact-10pct is arm mona-10pct\n");
    assertThat(commands.configs.stream().map(config -> config.run().id()))
        .hasSize(22)
        .contains("t-mona-10pct-3", "t-scratch-3", "t-no-warmup-3");
    assertThat(commands.configs).allMatch(config -> config.evaluation().refit());
    assertThat(directory.resolve("runs/comparison-t-ablation-fractions/comparison.json")).exists();
  }
}
