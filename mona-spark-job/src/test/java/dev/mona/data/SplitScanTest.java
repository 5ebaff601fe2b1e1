package dev.mona.data;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mona.task.SampleShape;
import dev.mona.task.TargetScale;
import dev.mona.task.TaskKind;
import dev.mona.task.TaskSpec;
import java.util.List;
import org.apache.spark.sql.catalyst.expressions.GenericInternalRow;
import org.apache.spark.sql.catalyst.expressions.UnsafeArrayData;
import org.junit.jupiter.api.Test;

class SplitScanTest {
  private static final TaskSpec FIELDS =
      TaskSpec.of("fields", TaskKind.DENSE, SampleShape.series(1, 4), 1);

  /** The labels of the training data: root mean square 5, of four points the norm 10. */
  private static final TargetScale SCALE = new TargetScale(List.of(3.0), List.of(4.0));

  private static SplitScan scan(TaskSpec task, float... label) {
    SplitScan.Partial partial = new SplitScan.Partial(task, "train.parquet");
    for (long id : new long[] {6, 7}) {
      partial.add(
          new GenericInternalRow(
              new Object[] {
                id,
                UnsafeArrayData.fromPrimitiveArray(new float[] {1, 2, 3, 4}),
                UnsafeArrayData.fromPrimitiveArray(id == 7 ? label : new float[] {1, -1, 2, 3})
              }));
    }
    return SplitScan.merge(List.of(partial));
  }

  @Test
  void refusesALabelThatNoRelativeErrorCanBeTakenOf() {
    assertThat(scan(FIELDS.with(SCALE), 9e-6f, 0, 0, 0).problem())
        .hasValue(
            "train.parquet has a label of norm 9.0E-6 for sample 7, where 10.0 is usual, so that"
                + " errors relative to it mean nothing: mend it or leave the sample out");
    assertThat(scan(FIELDS, 1e-20f, 0, 0, 0).problem())
        .hasValueSatisfying(problem -> assertThat(problem).contains("norm 1.0E-20 for sample 7"));
  }

  /** Zero everywhere is known to losses and metrics, and small is no fault. */
  @Test
  void takesLabelsThatAreZeroOrSmall() {
    assertThat(scan(FIELDS.with(SCALE), 0, 0, 0, 0).problem()).isEmpty();
    assertThat(scan(FIELDS.with(SCALE), 1.1e-5f, 0, 0, 0).problem()).isEmpty();
    assertThat(scan(FIELDS, 1e-12f, 0, 0, 0).problem()).isEmpty();
  }
}
