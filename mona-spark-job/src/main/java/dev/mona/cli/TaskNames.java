package dev.mona.cli;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.Iterator;

/**
 * Names of the tasks that there are, for the shell's completion; none where there is no folder.
 *
 * @param folder where their files are
 */
record TaskNames(Path folder) implements Iterable<String> {
  private static final String ENDING = ".conf";

  /** Those that {@code --task} finds. */
  TaskNames() {
    this(ConfigOptions.tasks());
  }

  @Override
  public Iterator<String> iterator() {
    String[] files = folder.toFile().list((parent, name) -> name.endsWith(ENDING));
    return Arrays.stream(files == null ? new String[0] : files)
        .map(name -> name.substring(0, name.length() - ENDING.length()))
        .sorted()
        .iterator();
  }
}
