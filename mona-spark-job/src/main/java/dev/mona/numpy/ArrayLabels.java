package dev.mona.numpy;

import dev.mona.MonaException;
import dev.mona.convert.Card;
import dev.mona.data.Manifest;
import dev.mona.task.TaskKind;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Labels of one split as their array gives them: {@code [n]} for classes, {@code [n, outputs]} of 0
 * and 1 for labels, {@code [n, outputs, grid]} for fields, or {@code [n, grid]} for one of them.
 */
final class ArrayLabels {
  private final String name;
  private final NpyArray y;
  private final TaskKind kind;
  private final int outputs;

  ArrayLabels(String name, NpyArray y, Card card) {
    this.name = name;
    this.y = y;
    kind = card.kind();
    outputs = card.outputs();
  }

  /** Whether they are fields on a grid of two axes. */
  boolean areFieldsOn(List<Integer> grid) {
    List<Integer> axes = y.shape();
    int rank = axes.size();
    return kind == TaskKind.DENSE
        && (rank == 4 || (rank == 3 && outputs == 1))
        && axes.subList(rank - 2, rank).equals(grid);
  }

  /**
   * Refuses labels that do not go with features.
   *
   * @param features their name
   * @param samples how many there are
   * @param grid axes of a sample without its channels
   */
  void check(String features, int samples, List<Integer> grid) {
    List<Integer> wanted = new ArrayList<>(List.of(samples));
    switch (kind) {
      case CLASSIFICATION -> {}
      case MULTI_LABEL -> wanted.add(outputs);
      case DENSE -> {
        if (outputs > 1 || y.shape().size() > 1 + grid.size()) {
          wanted.add(outputs);
        }
        wanted.addAll(grid);
        int height = grid.size() == 2 ? grid.get(0) : 1;
        Manifest.checkValues(name, outputs, height, grid.get(grid.size() - 1));
      }
    }
    if (!y.shape().equals(wanted)) {
      throw MonaException.data(
          name + " has shape " + y.shape() + ": to go with " + features + " it must be " + wanted);
    }
    if (kind == TaskKind.CLASSIFICATION && !y.type().isInteger()) {
      throw MonaException.data(
          name + " has dtype " + y.type().descr() + ": class labels must be whole numbers");
    }
  }

  /** Reads the label of a sample. */
  void read(int sample, double[] into) {
    switch (kind) {
      case CLASSIFICATION -> into[0] = classIndex(sample);
      case MULTI_LABEL -> {
        for (int k = 0; k < outputs; k++) {
          double label = y.value((long) sample * outputs + k);
          if (label != 0 && label != 1) {
            throw MonaException.data(
                String.format(
                    Locale.ROOT,
                    "%s has the value %s for sample %d, label %d: labels are 0 or 1",
                    name,
                    label,
                    sample,
                    k));
          }
          into[k] = label;
        }
      }
      case DENSE -> {
        for (int k = 0; k < into.length; k++) {
          double label = y.value((long) sample * into.length + k);
          into[k] = label;
          if (!Double.isFinite(label)) {
            throw MonaException.data(
                String.format(
                    Locale.ROOT,
                    "%s has the value %s for sample %d, position %d: replace it or leave the sample out",
                    name,
                    label,
                    sample,
                    k));
          }
        }
      }
    }
  }

  private long classIndex(int sample) {
    long label = y.integer(sample);
    if (label < 0 || label >= outputs) {
      throw MonaException.data(
          String.format(
              Locale.ROOT,
              "%s has the label %s for sample %d: %d classes have labels 0 to %d",
              name,
              y.type().text(label),
              sample,
              outputs,
              outputs - 1));
    }
    return label;
  }
}
