package dev.mona.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mona.example.SmallEncoder;
import dev.mona.example.SmallTexts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.SparkSession;

/**
 * All that a small real run reads, in one folder: a random encoder, source texts, a converted
 * target set and the task file that names them.
 *
 * @param root the folder
 */
record JobFolder(Path root) {
  static final long SEED = 41;

  /** The models that a run leaves. */
  static final List<String> TRAINED =
      List.of(
          "aligned/embedder.safetensors", "finetuned/model.safetensors", "finetuned/network.zip");

  static JobFolder write(SparkSession spark, Path root) throws IOException {
    JobFolder folder = new JobFolder(root);
    SmallEncoder.write(folder.encoder(), SEED);
    SmallTexts.write(spark, folder.texts(), 18, SEED);
    SmallTask.write(root.resolve("arrays"), SEED);
    CommandRun converted =
        CommandRun.of(
            OneSession.of(spark),
            "convert",
            root.resolve("arrays").toString(),
            "--output",
            folder.data().toString());
    assertThat(converted.err()).isEmpty();
    assertThat(converted.code()).isZero();
    Files.writeString(folder.task(), task(root.toString().replace("\\", "\\\\")));
    return folder;
  }

  Path encoder() {
    return root.resolve("encoder");
  }

  Path texts() {
    return root.resolve("texts");
  }

  Path data() {
    return root.resolve("data");
  }

  Path task() {
    return root.resolve("task.conf");
  }

  Path runs() {
    return root.resolve("runs");
  }

  Path run(String id) {
    return runs().resolve(id);
  }

  /** The task file for a folder at an address: 1 + 1 + 2 epochs in 2 partitions. */
  static String task(String address) {
    return """
    task { name = waves, data = "%1$s/data", validation-fraction = 0.25 }
    run { seed = 3, partitions = 2, threads-per-task = 1 }
    backbone.weights = "%1$s/encoder"
    source {
      kind = parquet
      path = "%1$s/texts"
      max-tokens = 12
      probe { train-per-class = 8, test-per-class = 4 }
    }
    embedder.kernel = 3
    warmup { epochs = 1, batch-size = 6, optimizer.learning-rate = 1e-2 }
    alignment {
      epochs = 1
      batch-size = 6
      optimizer.learning-rate = 1e-2
      source-batch { classes = 4, samples-per-class = 3 }
    }
    finetuning { epochs = 2, batch-size = 6, optimizer.learning-rate = 1e-2 }
    averaging { frequency = 2, chunk-size = 1024 }
    evaluation.outer-batches = 2
    """
        .formatted(address);
  }

  /** {@code mona train} with the task file, into {@code runs/<id>}. */
  CommandRun train(SparkSession spark, String id, String... settings) {
    return CommandRun.of(OneSession.of(spark), trainArguments(id, settings).toArray(String[]::new));
  }

  List<String> trainArguments(String id, String... settings) {
    List<String> arguments =
        new ArrayList<>(
            List.of("train", "--task", task().toString(), "--output", runs().toString()));
    arguments.addAll(List.of("--set", "run.id=" + id));
    for (String setting : settings) {
      arguments.addAll(List.of("--set", setting));
    }
    return arguments;
  }

  /** The same, and it has to end well. */
  Path trained(SparkSession spark, String id, String... settings) {
    CommandRun run = train(spark, id, settings);
    assertThat(run.err()).as(id).isEmpty();
    assertThat(run.code()).as(id).isZero();
    return run(id);
  }

  /** Both runs have the same models, byte by byte. */
  static void assertSameModels(Path actual, Path expected, String what) {
    for (String file : TRAINED) {
      assertThat(actual.resolve(file))
          .as(what + ": " + file)
          .hasSameBinaryContentAs(expected.resolve(file));
    }
  }
}
