package dev.mona.benchmark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class ShapeTest {
  @Test
  void argumentsReadBackAsTheSameShape() {
    Shape shape =
        new Shape(
            new Shape.Encoder(1, 2, 3, 4),
            new Shape.Target(5, 6, 7, 8, 9),
            new Shape.Source(10, 11, 12),
            new Shape.Images(14, 15, 16, 17, 18),
            13);
    assertThat(Shape.parse(shape.arguments().toArray(new String[0]))).isEqualTo(shape);
  }

  @Test
  void saysWhichArgumentIsWrong() {
    assertThatThrownBy(() -> Shape.parse("layers=6")).hasMessageContaining("width is missing");
    assertThatThrownBy(() -> Shape.parse("layers")).hasMessageContaining("not name=value");
  }

  @Test
  void peersGetTheirThreadsAndNoOpenBlasSettings() {
    PeerCommand command =
        PeerCommand.pytorch(
            PeerId.of("eager:bf16"), Path.of("python"), Path.of("peer.py"), Path.of("data"));
    ProcessBuilder builder = command.builder(Shape.standard(3));
    assertThat(builder.environment()).containsEntry("OMP_NUM_THREADS", "3");
    assertThat(builder.environment()).doesNotContainKeys("OPENBLAS_CORETYPE", "OPENBLAS_L2_SIZE");
    assertThat(builder.command())
        .startsWith("python", "peer.py", "eager", "bf16", "data", "layers=6")
        .endsWith("threads=3");
  }
}
