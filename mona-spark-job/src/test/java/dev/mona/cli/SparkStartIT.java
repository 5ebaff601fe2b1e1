package dev.mona.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SparkStartIT {
  private static final Map<String, String> SETTINGS =
      Map.of(
          "spark.master", "local[2]",
          "spark.ui.enabled", "false",
          "spark.driver.host", "127.0.0.1");

  @BeforeEach
  void configure() {
    SETTINGS.forEach(System::setProperty);
  }

  @AfterEach
  void restore() {
    SETTINGS.keySet().forEach(System::clearProperty);
  }

  @Test
  void startsOnceWithTheProcessSettingsAndStops(@TempDir Path directory) throws IOException {
    SparkSession session;
    try (SparkStart spark = new SparkStart("a name")) {
      session = spark.get();
      assertThat(spark.get()).isSameAs(session);
      assertThat(session.sparkContext().master()).isEqualTo("local[2]");
      assertThat(session.sparkContext().appName()).isEqualTo("a name");
      assertThat(session.range(10).count()).isEqualTo(10);
      session.range(10).write().parquet(directory.resolve("set").toString());
      try (Stream<Path> files = Files.list(directory.resolve("set"))) {
        assertThat(files.filter(file -> !file.toString().endsWith(".crc")).toList())
            .isNotEmpty()
            .allSatisfy(
                file ->
                    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                        .isEqualTo("rw-r-----"));
      }
    }
    assertThat(session.sparkContext().isStopped()).isTrue();
  }

  @Test
  void isNotStartedWhenNobodyAsks() {
    try (SparkStart spark = new SparkStart("unused")) {
      assertThat(spark).isNotNull();
      // a session that is stopped is no default session either
      assertThat(SparkSession.getDefaultSession().isEmpty()).isTrue();
    }
  }
}
