package dev.mona.autodiff;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

class ArenaTest {
  @Test
  void arraysInUseNeverOverlap() {
    Random random = new Random(3);
    try (Arena arena = new Arena(DataType.FLOAT)) {
      for (int round = 0; round < 3; round++) {
        List<INDArray> taken = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
          INDArray array = arena.take(1 + random.nextInt(9), 1 + random.nextInt(40));
          array.assign(i);
          taken.add(array);
          if (random.nextInt(3) == 0) {
            arena.release(taken.remove(random.nextInt(taken.size())));
          }
        }
        for (INDArray array : taken) {
          assertThat(array.maxNumber()).isEqualTo(array.minNumber());
        }
        arena.reset();
      }
    }
  }

  @Test
  void whatIsHandedBackIsUsedAgain() {
    try (Arena arena = new Arena(DataType.DOUBLE)) {
      INDArray first = arena.take(7, 33);
      long address = first.data().address();
      long allocated = arena.allocated();
      assertThat(first.shape()).containsExactly(7, 33);
      assertThat(first.dataType()).isEqualTo(DataType.DOUBLE);
      assertThat(arena.take(7, 33).data().address()).isNotEqualTo(address);
      arena.release(first.reshape('c', 33, 7));
      assertThat(arena.take(231).data().address()).isEqualTo(address);
      assertThat(arena.allocated()).isEqualTo(2 * allocated);
      arena.reset();
      arena.take(7, 33);
      arena.take(7, 33);
      assertThat(arena.allocated()).isEqualTo(2 * allocated);
    }
  }

  @Test
  void handingBackTwiceOrSomethingElseDoesNoHarm() {
    try (Arena arena = new Arena(DataType.FLOAT)) {
      INDArray array = arena.take(50);
      arena.release(array);
      arena.release(array);
      arena.release(Nd4j.zeros(DataType.FLOAT, 50));
      arena.reset();
      assertThat(arena.take(50).data().address()).isNotEqualTo(arena.take(50).data().address());
    }
  }

  @Test
  void sizesNearEachOtherShareBuffers() {
    try (Arena arena = new Arena(DataType.FLOAT)) {
      for (int n = 1000; n < 1024; n++) {
        arena.release(arena.take(n));
      }
      assertThat(arena.allocated()).isEqualTo(1024);
    }
  }

  @Test
  void rowsOfOnesAreKeptAndCounted() {
    try (Arena arena = new Arena(DataType.FLOAT)) {
      INDArray ones = arena.ones(5);
      assertThat(ones.toFloatVector()).containsExactly(1, 1, 1, 1, 1);
      arena.reset();
      assertThat(arena.ones(5)).isSameAs(ones);
      assertThat(arena.allocated()).isEqualTo(5);
    }
  }
}
