package dev.mona.tracking;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mona.events.RunStarted;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TensorBoardTest {
  private static final List<Scalar> VALUES = List.of(new Scalar("warmup/round/loss", 1, 0.5, 1000));

  @TempDir private Path directory;

  private Path file(int number) {
    return directory.resolve("tensorboard/events.out.tfevents.000000000" + number + ".mona");
  }

  private TensorBoard started(long after) throws IOException {
    TensorBoard board = new TensorBoard(new Configuration());
    board.start(new RunStarted("file:" + directory, "waves", "mona", 1), after);
    return board;
  }

  @Test
  void valuesAreSeenAtOnceAndEachStartHasAFile() throws IOException {
    try (TensorBoard first = started(0)) {
      assertThat(file(1)).doesNotExist();
      first.add(VALUES);
      byte[] value = EventRecord.of(VALUES.get(0));
      byte[] seen = Files.readAllBytes(file(1));
      assertThat(Arrays.copyOfRange(seen, seen.length - value.length, seen.length))
          .isEqualTo(value);
      assertThat(seen).hasSize(EventRecord.version(0).length + value.length);
      first.add(VALUES);
      assertThat(file(1)).hasSize(seen.length + value.length);
    }
    try (TensorBoard second = started(40)) {
      second.add(VALUES);
    }
    assertThat(file(1)).exists();
    byte[] restart = Arrays.copyOfRange(EventRecord.restart(0, 41), 21, 27);
    int version = EventRecord.version(0).length;
    assertThat(Arrays.copyOfRange(Files.readAllBytes(file(2)), version + 21, version + 27))
        .as("step and session log")
        .isEqualTo(restart);
    try (Stream<Path> all = Files.list(directory.resolve("tensorboard"))) {
      assertThat(all).as("no checksums beside them").hasSize(2);
    }
  }

  @Test
  void whatCannotBeWrittenIsTriedAgainWithAnotherFile() throws IOException {
    Files.writeString(directory.resolve("tensorboard"), "in the way");
    try (TensorBoard board = new TensorBoard(new Configuration())) {
      RunStarted run = new RunStarted("file:" + directory, "waves", "mona", 1);
      board.start(run, 0);
      assertThatThrownBy(() -> board.add(VALUES)).isInstanceOf(IOException.class);
      Files.delete(directory.resolve("tensorboard"));
      board.add(VALUES);
      assertThat(file(2)).isNotEmptyFile();
    }
  }
}
