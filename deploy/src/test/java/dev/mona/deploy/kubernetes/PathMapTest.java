package dev.mona.deploy.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class PathMapTest {
  @Test
  void longestPathIsReplacedOnceAndOnlyWhole() {
    PathMap paths = new PathMap();
    paths.put("/opt/spark", Path.of("/here/opt/spark"));
    paths.put("/opt/spark/conf", Path.of("/pod/conf"));
    assertThat(
            paths.replace(
                "local:///opt/spark/a.jar -Dx=/opt/spark/conf/x:/opt/spark/conf /opt/sparkle"
                    + " /x/opt/spark"))
        .isEqualTo(
            "local:///here/opt/spark/a.jar -Dx=/pod/conf/x:/pod/conf /opt/sparkle /x/opt/spark");
  }
}
