package dev.mona.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RunLocationTest {
  private static org.apache.hadoop.fs.Path path(String address) {
    return RunLocation.of(new Configuration(), address).path();
  }

  /** Java's library says what folder it is. */
  @ParameterizedTest
  @ValueSource(strings = {".", "./", "..", "../", "../..", "a/..", "./../."})
  void theFolderInWhichOneIsHasItsName(String address) {
    Path folder = Path.of(address).toAbsolutePath().normalize();
    assertThat(path(address).toUri().getPath()).isEqualTo(folder.toString());
    assertThat(path(address).getName()).isEqualTo(folder.getFileName().toString());
  }

  @ParameterizedTest
  @ValueSource(strings = {"runs/a", "./runs/a", "runs/a/", "b/../runs/a"})
  void aNameStaysRelative(String address) {
    assertThat(path(address)).hasToString("runs/a");
  }
}
