package dev.mona.compute;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ArenaTest {
  private final Device device = TestDevice.floats();

  @Test
  void arraysInUseNeverOverlap() {
    Random random = new Random(3);
    try (Arena arena = new Arena(device)) {
      for (int round = 0; round < 3; round++) {
        List<Array> taken = new ArrayList<>();
        List<Integer> marks = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
          Array array = arena.take(1 + random.nextInt(9), 1 + random.nextInt(40));
          device.vectors().fill(array, i);
          taken.add(array);
          marks.add(i);
          if (random.nextInt(3) == 0) {
            int released = random.nextInt(taken.size());
            arena.release(taken.remove(released));
            marks.remove(released);
          }
        }
        for (int i = 0; i < taken.size(); i++) {
          assertThat(taken.get(i).toFloats()).containsOnly(marks.get(i));
        }
        arena.reset();
      }
    }
  }

  @Test
  void whatIsHandedBackIsUsedAgain() {
    try (Arena arena = new Arena(TestDevice.doubles())) {
      Array first = arena.take(7, 33);
      long allocated = arena.allocated();
      assertThat(first.shape()).containsExactly(7, 33);
      assertThat(first.device()).isSameAs(TestDevice.doubles());
      assertThat(arena.take(7, 33).root()).isNotSameAs(first.root());
      arena.release(first.reshape(33, 7));
      assertThat(arena.take(231).root()).isSameAs(first.root());
      assertThat(arena.allocated()).isEqualTo(2 * allocated);
      arena.reset();
      arena.take(7, 33);
      arena.take(7, 33);
      assertThat(arena.allocated()).isEqualTo(2 * allocated);
    }
  }

  @Test
  void handingBackTwiceOrSomethingElseDoesNoHarm() {
    try (Arena arena = new Arena(device);
        Array other = device.zeros(50)) {
      Array array = arena.take(50);
      arena.release(array);
      arena.release(array);
      arena.release(other);
      arena.reset();
      assertThat(arena.take(50).root()).isNotSameAs(arena.take(50).root());
    }
  }

  @Test
  void sizesNearEachOtherShareBuffers() {
    try (Arena arena = new Arena(device)) {
      for (int n = 1000; n < 1024; n++) {
        arena.release(arena.take(n));
      }
      assertThat(arena.allocated()).isEqualTo(1024);
    }
  }

  @Test
  void rowsOfOnesAreKeptAndCounted() {
    try (Arena arena = new Arena(device)) {
      Array ones = arena.ones(5);
      assertThat(ones.shape()).containsExactly(1, 5);
      assertThat(ones.toFloats()).containsExactly(1, 1, 1, 1, 1);
      arena.reset();
      assertThat(arena.ones(5)).isSameAs(ones);
      assertThat(arena.allocated()).isEqualTo(5);
    }
  }
}
