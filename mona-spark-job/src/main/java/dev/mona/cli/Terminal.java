package dev.mona.cli;

import dev.mona.Shown;
import java.io.FilterWriter;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.Writer;
import picocli.CommandLine;

/**
 * The one way to the terminal, on both streams: whatever is printed, names out of files and
 * messages of libraries among it, is written by {@link Shown#lines}.
 */
final class Terminal extends FilterWriter {
  private Terminal(Writer out) {
    super(out);
  }

  /** Lets a command print through here. Its help has no colours, which are such characters too. */
  static CommandLine guard(CommandLine line) {
    return line.setColorScheme(CommandLine.Help.defaultColorScheme(CommandLine.Help.Ansi.OFF))
        .setOut(guarded(line.getOut()))
        .setErr(guarded(line.getErr()));
  }

  static PrintWriter guarded(Writer out) {
    return new PrintWriter(new Terminal(out), true);
  }

  @Override
  public void write(int c) throws IOException {
    write(Character.toString((char) c), 0, 1);
  }

  @Override
  public void write(char[] text, int offset, int length) throws IOException {
    write(String.valueOf(text, offset, length), 0, length);
  }

  @Override
  public void write(String text, int offset, int length) throws IOException {
    out.write(Shown.lines(text.substring(offset, offset + length)));
  }
}
