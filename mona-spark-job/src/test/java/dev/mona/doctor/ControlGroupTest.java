package dev.mona.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ControlGroupTest {
  private final Path root;

  ControlGroupTest(@TempDir Path root) {
    this.root = root;
  }

  private ControlGroup group(String membership) throws IOException {
    Path file = Files.writeString(root.resolve("membership"), membership);
    return new ControlGroup(root, file);
  }

  private void limit(String file, String text) throws IOException {
    Path path = root.resolve(file);
    Files.createDirectories(path.resolveSibling("."));
    Files.writeString(path, text);
  }

  @Test
  void versionTwoTakesTheSmallestOnTheWayUp() throws IOException {
    limit("pods/one/memory.max", "max\n");
    limit("pods/memory.max", "2147483648\n");
    limit("memory.max", "8589934592\n");
    assertThat(group("0::/pods/one\n").memoryLimit()).hasValue(2L << 30);
    assertThat(group("0::/\n").memoryLimit()).hasValue(8L << 30);
  }

  @Test
  void versionOne() throws IOException {
    limit("memory/docker/abc/memory.limit_in_bytes", "1073741824\n");
    limit("memory/memory.limit_in_bytes", "9223372036854771712\n");
    String membership = "5:cpu,cpuacct:/docker/abc\n4:memory:/docker/abc\n";
    assertThat(group(membership).memoryLimit()).hasValue(1L << 30);
  }

  @Test
  void noLimitAndNonsense() throws IOException {
    assertThat(group("0::/\n").memoryLimit()).isEmpty();
    limit("memory.max", "lots\n");
    assertThat(group("what\n0::/../../etc\n").memoryLimit()).isEmpty();
    limit("memory.max", "99999999999999999999\n");
    assertThat(group("0::/\n").memoryLimit()).isEmpty();
    assertThat(new ControlGroup(root, root.resolve("none")).memoryLimit()).isEmpty();
  }
}
