package dev.mona.training;

import dev.mona.tensor.ParameterGroup;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * The parameters of the whole model, one flat vector a group. A run starts from one of these (its
 * lengths are the model's) and ends with one. The vectors are shared, not copied: treat them as
 * read-only.
 *
 * @param groups flat parameters of every {@link ParameterGroup}
 */
public record ModelParameters(Map<ParameterGroup, float[]> groups) {
  public ModelParameters {
    Map<ParameterGroup, float[]> copy = new EnumMap<>(ParameterGroup.class);
    copy.putAll(groups);
    if (copy.size() != ParameterGroup.values().length) {
      throw new IllegalArgumentException("parameters of " + copy.keySet() + " are not a model's");
    }
    groups = Collections.unmodifiableMap(copy);
  }

  /** Flat parameters of one group. */
  public float[] of(ParameterGroup group) {
    float[] values = groups.get(group);
    if (values == null) {
      throw new IllegalStateException("no parameters of " + group);
    }
    return values;
  }

  /** Some groups as one vector, in the given order. */
  public float[] flat(List<ParameterGroup> order) {
    float[] flat = new float[length(order)];
    int at = 0;
    for (ParameterGroup group : order) {
      float[] values = of(group);
      System.arraycopy(values, 0, flat, at, values.length);
      at += values.length;
    }
    return flat;
  }

  /** These parameters with some groups replaced from one vector, in the given order. */
  public ModelParameters with(List<ParameterGroup> order, float[] flat) {
    if (flat.length != length(order)) {
      throw new IllegalArgumentException(
          flat.length + " values for " + order + " of " + length(order));
    }
    Map<ParameterGroup, float[]> replaced = new EnumMap<>(groups);
    int at = 0;
    for (ParameterGroup group : order) {
      float[] values = new float[of(group).length];
      System.arraycopy(flat, at, values, 0, values.length);
      replaced.put(group, values);
      at += values.length;
    }
    return new ModelParameters(replaced);
  }

  /** Number of parameters in some groups together. */
  public int length(List<ParameterGroup> order) {
    int length = 0;
    for (ParameterGroup group : order) {
      length = Math.addExact(length, of(group).length);
    }
    return length;
  }
}
