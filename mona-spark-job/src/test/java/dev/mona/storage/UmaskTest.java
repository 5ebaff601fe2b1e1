package dev.mona.storage;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UmaskTest {
  @Test
  void hadoopsDefaultIsReplacedAndAUsersValueKept() {
    Configuration hadoop = new Configuration();
    assertThat(hadoop.get(Umask.KEY)).isEqualTo("022");
    assertThat(Umask.of(hadoop)).isEqualTo("027");
    assertThat(Umask.applied(hadoop).get(Umask.KEY)).isEqualTo("027");
    assertThat(hadoop.get(Umask.KEY)).as("the original is left alone").isEqualTo("022");
    assertThat(Umask.of(Umask.applied(hadoop))).isEqualTo("027");

    hadoop.set(Umask.KEY, "022");
    assertThat(Umask.of(hadoop)).isEqualTo("022");
    assertThat(Umask.applied(hadoop).get(Umask.KEY)).isEqualTo("022");

    Configuration site = new Configuration();
    site.addResource(
        new ByteArrayInputStream(
            "<configuration><property><name>%s</name><value>077</value></property></configuration>"
                .formatted(Umask.KEY)
                .getBytes(StandardCharsets.UTF_8)),
        "core-site.xml");
    assertThat(Umask.of(site)).isEqualTo("077");
    assertThat(Umask.of(new Configuration(false))).isEqualTo("027");
  }

  @Test
  void filesOfARunAreNotForEverybody(@TempDir Path directory) throws IOException {
    String location = directory.resolve("run").toUri().toString();
    try (RunDirectory run = RunDirectory.open(location, new Configuration())) {
      run.writeText("metrics/a.txt", "x");
      run.writeText("metrics/a.txt", "replaced");
      run.markSuccess();
    }
    for (String file : new String[] {"metrics/a.txt", "_SUCCESS"}) {
      assertThat(
              PosixFilePermissions.toString(
                  Files.getPosixFilePermissions(directory.resolve("run").resolve(file))))
          .isEqualTo("rw-r-----");
    }
  }
}
