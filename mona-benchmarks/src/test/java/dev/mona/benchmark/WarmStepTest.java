package dev.mona.benchmark;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mona.compute.Engine;
import dev.mona.compute.Engines;
import dev.mona.compute.Precision;
import java.io.IOException;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A step that has run before makes no array of the size of an activation, neither in the heap nor
 * outside it, on any engine. Peers run in processes of their own, whose page faults show every
 * native array.
 */
class WarmStepTest {
  private static final int WARM_UP = 6;
  private static final int STEPS = 3;

  static Stream<PeerId> peers() {
    List<String> engines = Engines.all().stream().map(Engine::name).toList();
    return PeerId.all().stream()
        .filter(peer -> engines.contains(peer.library().id()))
        .filter(peer -> peer.precision() == Precision.FLOAT32);
  }

  /** Activations of 2 MB and more at batch 32, which is what can be seen. */
  private static Shape shape(int batch) {
    return new Shape(
        new Shape.Encoder(2, 384, 4, 384),
        new Shape.Target(batch, 50, 4, 3, 3),
        new Shape.Source(2, batch / 2, 50),
        new Shape.Images(32, batch / 4, 56, 2 * batch, 16),
        2);
  }

  private static long activationBytes(StepKind kind, Shape shape) {
    Shape.Images images = shape.images();
    long stage = (long) Float.BYTES * images.stageWidth();
    return switch (kind) {
      case SWIN -> stage * images.swinBatch() * images.swinSide() * images.swinSide();
      case HIERA -> stage * images.hieraBatch() * images.hieraSide() * images.hieraSide();
      case ENCODER, GRADIENT, EXACT, GRADIENT_ALIGNMENT ->
          (long) Float.BYTES
              * shape.encoder().width()
              * shape.target().batch()
              * shape.target().tokens();
    };
  }

  @ParameterizedTest
  @MethodSource("peers")
  void makesNoLargeArray(PeerId id) throws IOException {
    Shape small = shape(8);
    Shape large = shape(32);
    try (Peer less = peer(id, small);
        Peer more = peer(id, large)) {
      for (StepKind kind : StepKind.values()) {
        String step = id.title() + ", " + kind.id();
        long activation = activationBytes(kind, large);
        long growth = activation - activationBytes(kind, small);
        // the first step shows that arrays are seen
        assertThat(more.count(kind).get(Counts.NATIVE_BYTES))
            .as("native bytes of the first step of %s", step)
            .isGreaterThan(activation);
        Counts warm = warm(more, kind);
        assertThat(warm.get(Counts.NATIVE_BYTES))
            .as("native bytes of a warm step of %s", step)
            .isLessThan(activation / 2);
        assertThat(warm.get(Counts.JAVA_BYTES))
            .as("Java bytes of a warm step of %s", step)
            .isLessThan(warm(less, kind).get(Counts.JAVA_BYTES) + growth / 2);
        if (id.library() == PeerId.Library.TORCH) {
          assertThat(warm.get(Counts.WAITS)).as("waits of a warm step of %s", step).isEqualTo(1);
        }
      }
    }
  }

  private static Peer peer(PeerId id, Shape shape) throws IOException {
    String classPath = System.getProperty("java.class.path");
    return new Peer(PeerCommand.mona(id, classPath, PeerCommand.Purpose.COUNT), shape);
  }

  private static Counts warm(Peer peer, StepKind kind) throws IOException {
    peer.time(kind, 0, WARM_UP);
    Counts least = peer.count(kind);
    for (int i = 1; i < STEPS; i++) {
      least = least.least(peer.count(kind));
    }
    return least;
  }
}
