package dev.mona.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mona.MonaException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

class AlongsideTest {
  private final List<String> events = Collections.synchronizedList(new ArrayList<>());
  private final CountDownLatch went = new CountDownLatch(1);

  private String waited() {
    try {
      went.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
    events.add("work");
    return "result";
  }

  private static Alongside<String> failing(Error failure) {
    return Alongside.begin(
        "test",
        () -> {
          throw failure;
        });
  }

  @Test
  void worksWhileItsCallerDoes() {
    try (Alongside<String> work = Alongside.begin("test", this::waited)) {
      events.add("caller");
      went.countDown();
      assertThat(work.join()).isEqualTo("result");
    }
    assertThat(events).containsExactly("caller", "work");
  }

  @Test
  void closingWaits() {
    Alongside<String> work = Alongside.begin("test", this::waited);
    events.add("caller");
    went.countDown();
    work.close();
    assertThat(events).containsExactly("caller", "work");
  }

  @Test
  void aFailureIsThrownAsItIsAndOnce() {
    MonaException failure = new MonaException(MonaException.Category.STORAGE, "full");
    assertThatThrownBy(
            () -> {
              try (Alongside<String> work =
                  Alongside.begin(
                      "test",
                      () -> {
                        throw failure;
                      })) {
                work.join();
              }
            })
        .isSameAs(failure)
        .hasNoSuppressedExceptions();
  }

  /** What the caller failed with is told first. */
  @Test
  void aFailureThatNobodyAskedForIsThrownWhenClosed() {
    AssertionError failure = new AssertionError("an Error, too");
    assertThatThrownBy(failing(failure)::close).isSameAs(failure);
    assertThatThrownBy(
            () -> {
              Alongside<String> work = failing(failure);
              try (work) {
                throw new IllegalStateException("the caller's");
              }
            })
        .hasMessage("the caller's")
        .hasSuppressedException(failure);
  }

  @Test
  void anInterruptIsKept() {
    try (Alongside<String> work = Alongside.begin("test", this::waited)) {
      Thread.currentThread().interrupt();
      assertThatThrownBy(work::join).hasMessage("interrupted in test");
      assertThat(Thread.interrupted()).isTrue();
      went.countDown();
    }
  }
}
