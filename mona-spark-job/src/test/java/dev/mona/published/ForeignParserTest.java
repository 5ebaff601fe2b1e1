package dev.mona.published;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mona.MonaException;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Each way in which a parser leaves its path. */
class ForeignParserTest {
  @Test
  void whatIsReadComesBack() {
    assertThat(run(() -> "content")).isEqualTo("content");
  }

  @Test
  void exceptionsBecomeOneLine() {
    assertRefused(
        () -> (Integer) List.of().get(0),
        "a.h5 cannot be read as an HDF5 file ('ArrayIndexOutOfBounds");
    assertRefused(
        () -> {
          throw new IOException("bad\nmarker\u001B[31m");
        },
        "a.h5 cannot be read as an HDF5 file ('IOException: bad?marker?[31m'): fetch it again");
    assertRefused(
        () -> {
          throw new AssertionError();
        },
        "('AssertionError: null')");
  }

  @Test
  void itsOwnSentenceStaysAlsoWhenALibraryWrapsIt() {
    MonaException own = MonaException.weights("the sentence");
    assertThatThrownBy(
            () ->
                run(
                    () -> {
                      throw new IOException(new IllegalStateException(own));
                    }))
        .isSameAs(own);
  }

  @Test
  void anEndlessRecursionEnds() {
    assertRefused(() -> deeper(0), "(it nests too deeply): fetch it again");
  }

  private static int deeper(int depth) {
    return depth == Integer.MIN_VALUE ? 0 : deeper(depth + 1) + depth;
  }

  @Test
  void memoryThatIsNotThereIsNamed() {
    assertRefused(() -> new long[Integer.MAX_VALUE].length, "asks for more memory than this");
  }

  @Test
  void anEndlessLoopIsGivenUp() {
    assertThatThrownBy(
            () ->
                ForeignParser.run(
                    "a.h5",
                    "an HDF5 file",
                    50,
                    TimeUnit.MILLISECONDS,
                    () -> {
                      while (!Thread.currentThread().isInterrupted()) {
                        Thread.onSpinWait();
                      }
                      return 1;
                    }))
        .isInstanceOf(MonaException.class)
        .hasMessageContaining("it may lead in a circle");
  }

  private static <T> T run(Callable<T> parser) {
    return ForeignParser.run("a.h5", "an HDF5 file", 0, parser);
  }

  private static void assertRefused(Callable<Integer> parser, String problem) {
    assertThatThrownBy(() -> run(parser))
        .isInstanceOfSatisfying(
            MonaException.class,
            e -> assertThat(e.category()).isEqualTo(MonaException.Category.DATA))
        .hasMessageStartingWith("a.h5 ")
        .hasMessageContaining(problem)
        .hasMessageNotContaining("\n");
  }
}
