package dev.mona;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import org.junit.jupiter.api.Test;

class ByteBudgetTest {
  private final ByteBudget budget = ByteBudget.of(MonaException.Category.DATA, "set.npz", 1000);

  @Test
  void allThatIsTakenCountsUntilItIsGivenBack() {
    budget.take(600, "array 1");
    assertThat(budget.array(100, 4, "array 2")).isEqualTo(100);
    assertThat(budget.left()).isZero();
    assertThatExceptionOfType(MonaException.class)
        .isThrownBy(() -> budget.take(1, "array 3"))
        .withMessageContaining("set.npz asks for 1001 bytes of memory by its array 3")
        .withMessageContaining("may take 1000 bytes")
        .satisfies(e -> assertThat(e.category()).isEqualTo(MonaException.Category.DATA));
    budget.release(400);
    budget.take(400, "array 3");
  }

  @Test
  void productsThatOverflowAreTooMuch() {
    long product = 1L << 62;
    assertThatExceptionOfType(MonaException.class)
        .isThrownBy(() -> budget.take(product * 2, "array"))
        .withMessageContaining("asks for too much of memory");
    budget.take(10, "array");
    assertThatExceptionOfType(MonaException.class)
        .isThrownBy(() -> budget.take(Long.MAX_VALUE, "array"));
    assertThatExceptionOfType(MonaException.class)
        .isThrownBy(() -> budget.array(1L << 31, 8, "array"))
        .withMessageContaining("2147483648 elements in its array");
    assertThatExceptionOfType(MonaException.class).isThrownBy(() -> budget.array(-1, 8, "array"));
    assertThat(budget.left()).isEqualTo(990);
  }

  @Test
  void aShareOfTheHeapLeavesRoomForTheProcess() {
    long heap = Runtime.getRuntime().maxMemory();
    assertThat(ByteBudget.ofHeap(MonaException.Category.WEIGHTS, "w").left())
        .isBetween(heap / 2, heap - 1);
  }
}
