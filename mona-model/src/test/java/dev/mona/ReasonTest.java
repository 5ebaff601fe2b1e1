package dev.mona;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.EOFException;
import java.io.IOException;
import org.junit.jupiter.api.Test;

class ReasonTest {

  /** As a name node answers, with its own stack. */
  @Test
  void isOneLine() {
    IOException remote =
        new IOException("\nName node is in safe mode.\u001b[1m \n\tat org.apache.FSNamesystem(1)");
    assertThat(Reason.of(remote)).isEqualTo("Name node is in safe mode.\\u001b[1m");
    assertThat(Reason.of(new IOException("a" + "b".repeat(1000)))).hasSize(503).endsWith("b...");
  }

  @Test
  void isTheKindWhereThereIsNoMessage() {
    assertThat(Reason.of(new EOFException())).isEqualTo("EOFException");
    assertThat(Reason.of(new EOFException(" \n"))).isEqualTo("EOFException");
  }
}
