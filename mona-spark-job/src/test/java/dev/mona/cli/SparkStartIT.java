package dev.mona.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

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
  void startsOnceWithTheProcessSettingsAndStops() {
    SparkSession session;
    try (SparkStart spark = new SparkStart("a name")) {
      session = spark.get();
      assertThat(spark.get()).isSameAs(session);
      assertThat(session.sparkContext().master()).isEqualTo("local[2]");
      assertThat(session.sparkContext().appName()).isEqualTo("a name");
      assertThat(session.range(10).count()).isEqualTo(10);
    }
    assertThat(session.sparkContext().isStopped()).isTrue();
  }

  @Test
  void isNotStartedWhenNobodyAsks() {
    try (SparkStart spark = new SparkStart("unused")) {
      assertThat(spark).isNotNull();
    }
    assertThat(SparkSession.getDefaultSession().isEmpty()).isTrue();
  }
}
