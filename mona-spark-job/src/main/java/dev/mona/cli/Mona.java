package dev.mona.cli;

import dev.mona.MonaException;
import dev.mona.cli.failure.ExitCode;
import dev.mona.cli.failure.Failures;
import dev.mona.doctor.Startup;
import dev.mona.storage.Version;
import java.util.Objects;
import org.apache.hadoop.conf.Configuration;
import org.jspecify.annotations.Nullable;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/** The root command. */
@Command(
    name = "mona",
    description =
        "Modality knowledge alignment: trains a pretrained encoder on another modality, on Spark.",
    mixinStandardHelpOptions = true,
    versionProvider = Mona.JarVersion.class,
    scope = ScopeType.INHERIT,
    synopsisSubcommandLabel = "COMMAND")
public final class Mona implements Runnable {
  /** What {@code --version} prints. */
  static final class JarVersion implements IVersionProvider {
    @Override
    public String[] getVersion() {
      return new String[] {"MoNA on Spark " + Version.current()};
    }
  }

  @Spec private @Nullable CommandSpec spec;

  static final String VERBOSE = "--verbose";

  @Option(
      names = VERBOSE,
      scope = ScopeType.INHERIT,
      description = "Print the stack trace of a failure.")
  private boolean verbose;

  /**
   * The whole command line.
   *
   * @param commands what the commands do
   * @param hadoop settings of the file systems
   */
  public static CommandLine commandLine(Commands commands, Configuration hadoop) {
    Mona root = new Mona();
    CommandLine line =
        new CommandLine(root)
            .addSubcommand(new TrainCommand(commands, hadoop))
            .addSubcommand(new EvaluateCommand(commands, hadoop))
            .addSubcommand(new PredictCommand(commands, hadoop))
            .addSubcommand(new EmbedCommand(commands, hadoop))
            .addSubcommand(new ExportCommand(commands, hadoop))
            .addSubcommand(new ValidateCommand(commands, hadoop))
            .addSubcommand(new DoctorCommand(commands))
            .addSubcommand(new InspectCommand(hadoop))
            .addSubcommand(new ReportCommand(hadoop))
            .addSubcommand(new CompareCommand(commands, hadoop))
            .addSubcommand(new ConvertCommand(commands))
            .addSubcommand(new ConvertWeightsCommand(commands))
            .addSubcommand(new AutoComplete.GenerateCompletion());
    line.setExecutionExceptionHandler(
        (failure, at, parsed) -> new Failures(at.getErr(), root.verbose).report(failure));
    line.setParameterExceptionHandler(Mona::usage);
    line.setExecutionStrategy(root::run);
    line.setCaseInsensitiveEnumValuesAllowed(true);
    describeExitCodes(line);
    line.getSubcommands().values().forEach(Mona::describeExitCodes);
    return line;
  }

  private static void describeExitCodes(CommandLine command) {
    command
        .getCommandSpec()
        .usageMessage()
        .exitCodeListHeading("%nExit codes:%n")
        .exitCodeList(ExitCode.list());
  }

  /** Without a command there is nothing to do. */
  @Override
  public void run() {
    throw new ParameterException(
        Objects.requireNonNull(spec).commandLine(), "name a command: see mona --help");
  }

  /** A command starts in a process that can do its work; {@code doctor} says what is wrong. */
  private int run(ParseResult parsed) {
    if (!asksForHelp(parsed)) {
      try {
        Startup.FOUND.adoptUser();
        if (!(parsed.hasSubcommand()
            && parsed.subcommand().commandSpec().userObject() instanceof DoctorCommand)) {
          Startup.FOUND.require();
        }
      } catch (MonaException e) {
        return new Failures(parsed.commandSpec().commandLine().getErr(), verbose).report(e);
      }
    }
    return new CommandLine.RunLast().execute(parsed);
  }

  private static boolean asksForHelp(ParseResult parsed) {
    return parsed.isUsageHelpRequested()
        || parsed.isVersionHelpRequested()
        || (parsed.hasSubcommand() && asksForHelp(parsed.subcommand()));
  }

  private static int usage(ParameterException e, String[] arguments) {
    CommandLine command = e.getCommandLine();
    command.getErr().println(e.getMessage());
    CommandLine.UnmatchedArgumentException.printSuggestions(e, command.getErr());
    command
        .getErr()
        .println("Try '" + command.getCommandSpec().qualifiedName() + " --help' for the options.");
    return ExitCode.USAGE.code();
  }
}
