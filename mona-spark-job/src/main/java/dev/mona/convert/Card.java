package dev.mona.convert;

import dev.mona.data.Manifest;
import dev.mona.task.TaskKind;
import java.util.List;

/**
 * What a set is and cannot be seen from its samples.
 *
 * @param name short name of the set: 1 to 64 letters, digits, '_' or '-'
 * @param modality what was measured, for people
 * @param kind what is predicted
 * @param outputs number of classes or labels, or values at each point of a dense task
 * @param classNames names of the outputs, empty when unknown
 * @param source where the data come from
 * @param licence under what terms
 */
public record Card(
    String name,
    String modality,
    TaskKind kind,
    int outputs,
    List<String> classNames,
    String source,
    String licence) {
  public Card {
    classNames = List.copyOf(classNames);
    if (!name.matches(Manifest.NAME_PATTERN)) {
      throw new IllegalArgumentException("not a name of a set: " + name);
    }
    Manifest.checkOutputs(kind, outputs, classNames);
  }
}
