package dev.mona.cli;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.apache.hadoop.conf.Configuration;
import picocli.CommandLine;

/**
 * One call of the real command line.
 *
 * @param code its exit code
 * @param out standard output
 * @param err standard error
 */
public record CommandRun(int code, String out, String err) {

  public static CommandRun of(Commands commands, String... arguments) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    CommandLine line =
        Mona.commandLine(commands, new Configuration())
            .setOut(new PrintWriter(out))
            .setErr(new PrintWriter(err));
    int code = Main.run(line, arguments);
    return new CommandRun(code, plain(out), plain(err));
  }

  private static String plain(StringWriter text) {
    return text.toString().replace(System.lineSeparator(), "\n");
  }
}
