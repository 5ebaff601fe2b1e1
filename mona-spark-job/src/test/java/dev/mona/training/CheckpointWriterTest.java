package dev.mona.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mona.MonaException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

class CheckpointWriterTest {

  @Test
  void writesBesideItsCallerAndOneAfterTheOther() {
    List<String> events = Collections.synchronizedList(new ArrayList<>());
    CountDownLatch went = new CountDownLatch(1);
    try (CheckpointWriter writer = new CheckpointWriter()) {
      assertThat(writer.isIdle()).isTrue();
      writer.write(
          () -> {
            await(went);
            events.add("first");
          });
      assertThat(writer.isIdle()).isFalse();
      events.add("caller");
      went.countDown();
      writer.write(() -> events.add("second"));
    }
    assertThat(events).containsExactly("caller", "first", "second");
  }

  @Test
  void aFailureSurfacesOnceAndTheNextIsWritten() {
    List<String> events = new ArrayList<>();
    CheckpointWriter writer = new CheckpointWriter();
    writer.write(
        () -> {
          throw new MonaException(MonaException.Category.STORAGE, "full");
        });
    assertThatThrownBy(writer::join).isInstanceOf(MonaException.class).hasMessage("full");
    assertThatCode(writer::join).doesNotThrowAnyException();
    writer.write(() -> events.add("next"));
    writer.write(
        () -> {
          throw new AssertionError("an Error, too");
        });
    assertThatThrownBy(writer::close).isInstanceOf(AssertionError.class);
    assertThat(events).containsExactly("next");
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
