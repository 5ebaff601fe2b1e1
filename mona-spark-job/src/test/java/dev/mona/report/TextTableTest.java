package dev.mona.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class TextTableTest {
  @Test
  void numbersAreAlignedRightAndTextLeft() {
    String table =
        new TextTable("method", "error", "note")
            .row("mona", TextTable.number(0.089), "best")
            .row("warmup-finetune", "-", "1st")
            .render();
    assertThat(table)
        .isEqualTo(
            """
            method             error  note
            ---------------  -------  ----
            mona             0.08900  best
            warmup-finetune        -  1st
            """);
  }

  @Test
  void emptyTableIsItsHeader() {
    assertThat(new TextTable("a", "bc").render()).isEqualTo("a  bc\n-  --\n");
  }

  @Test
  void everyRowHasAllColumns() {
    TextTable table = new TextTable("a", "b");
    assertThatThrownBy(() -> table.row("1"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("1 cells for 2 columns");
  }
}
