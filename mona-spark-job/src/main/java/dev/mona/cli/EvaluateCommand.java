package dev.mona.cli;

import dev.mona.cli.failure.ExitCode;
import dev.mona.cli.text.ScoresText;
import java.util.Map;
import java.util.concurrent.Callable;
import org.apache.hadoop.conf.Configuration;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code mona evaluate}. */
@Command(name = "evaluate", description = "Scores the finetuned model of a run.")
final class EvaluateCommand implements Callable<Integer> {
  private final Commands commands;
  private final Configuration hadoop;

  @Mixin private Output output = new Output();
  @Mixin private RunOptions options = new RunOptions();

  EvaluateCommand(Commands commands, Configuration hadoop) {
    this.commands = commands;
    this.hadoop = hadoop;
  }

  @Override
  public Integer call() {
    ScoringRequest request = options.request(hadoop);
    try (SparkStart spark = new SparkStart("mona evaluate " + request.config().task().name())) {
      Map<String, Double> scores = commands.evaluate(spark, request);
      output.print(new ScoresText(scores));
    }
    return ExitCode.OK.code();
  }
}
