package dev.mona.convert;

import dev.mona.data.Manifest;
import dev.mona.data.Origin;
import dev.mona.task.Prediction;
import dev.mona.task.TaskKind;

/**
 * What a set is and cannot be seen from its samples.
 *
 * @param name short name of the set: 1 to 64 letters, digits, '_' or '-'
 * @param prediction what is predicted; its scale is found when the samples are read
 * @param origin what was measured, by whom, under what terms
 */
public record Card(String name, Prediction prediction, Origin origin) {
  public Card {
    if (!name.matches(Manifest.NAME_PATTERN)) {
      throw new IllegalArgumentException("not a name of a set: " + name);
    }
    Manifest.checkOutputs(prediction);
  }

  public TaskKind kind() {
    return prediction.kind();
  }

  /** Number of classes or labels, or values at each point of a dense task. */
  public int outputs() {
    return prediction.outputs();
  }
}
