package dev.mona.tensor;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** The parameters of all three groups of a model. */
public final class ParameterSet implements AutoCloseable {
  private final Map<ParameterGroup, Parameters> groups = new EnumMap<>(ParameterGroup.class);

  public ParameterSet(Parameters embedder, Parameters encoder, Parameters head) {
    groups.put(ParameterGroup.EMBEDDER, embedder);
    groups.put(ParameterGroup.ENCODER, encoder);
    groups.put(ParameterGroup.HEAD, head);
  }

  public Parameters get(ParameterGroup group) {
    Parameters parameters = groups.get(group);
    if (parameters == null) {
      throw new IllegalStateException("no parameters of group " + group);
    }
    return parameters;
  }

  public Parameters embedder() {
    return get(ParameterGroup.EMBEDDER);
  }

  public Parameters encoder() {
    return get(ParameterGroup.ENCODER);
  }

  public Parameters head() {
    return get(ParameterGroup.HEAD);
  }

  /** Zeros with the same layouts on the same devices. */
  public ParameterSet zeros() {
    return new ParameterSet(embedder().zerosLike(), encoder().zerosLike(), head().zerosLike());
  }

  /** Elements in the given groups together. */
  public long length(List<ParameterGroup> of) {
    long n = 0;
    for (ParameterGroup group : of) {
      n += get(group).length();
    }
    return n;
  }

  @Override
  public void close() {
    groups.values().forEach(Parameters::close);
  }
}
