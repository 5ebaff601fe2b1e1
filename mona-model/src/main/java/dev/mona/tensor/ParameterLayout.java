package dev.mona.tensor;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Names, shapes and roles of the tensors in one flat vector, in storage order without gaps. */
public final class ParameterLayout {

  /**
   * One tensor: {@code shape} in row-major order, starting at {@code offset} of the flat vector.
   *
   * @param name the tensor's name, unique in its layout
   * @param shape its shape; treat as read-only
   * @param offset index of its first element
   * @param role what it is for
   * @param layer number of the layer that it belongs to, from 1; 0 where there are no layers
   */
  public record Entry(String name, long[] shape, long offset, Role role, int layer) {
    public Entry {
      shape = shape.clone();
      for (long size : shape) {
        if (size < 1) {
          throw new IllegalArgumentException("size of " + name + " is " + size + ", must be >= 1");
        }
      }
    }

    /** Number of elements. */
    public long length() {
      long n = 1;
      for (long size : shape) {
        n = Math.multiplyExact(n, size);
      }
      return n;
    }
  }

  private final Map<String, Entry> entries;
  private final long length;

  private ParameterLayout(Map<String, Entry> entries, long length) {
    this.entries = entries;
    this.length = length;
  }

  public static Builder builder() {
    return new Builder();
  }

  public List<Entry> entries() {
    return List.copyOf(entries.values());
  }

  /** Total number of elements. */
  public long length() {
    return length;
  }

  /** Whether there is a tensor of a name. */
  public boolean has(String name) {
    return entries.containsKey(name);
  }

  public Entry entry(String name) {
    Entry entry = entries.get(name);
    if (entry == null) {
      throw new IllegalArgumentException("no parameter named " + name + " in " + entries.keySet());
    }
    return entry;
  }

  /** Collects entries in storage order. */
  public static final class Builder {
    private final List<Entry> list = new ArrayList<>();
    private long offset;
    private int layer;

    /** A tensor of the role {@link Role#OTHER}. */
    public Builder add(String name, long... shape) {
      return add(Role.OTHER, name, shape);
    }

    /** The next tensor. */
    public Builder add(Role role, String name, long... shape) {
      Entry entry = new Entry(name, shape, offset, role, layer);
      list.add(entry);
      offset += entry.length();
      return this;
    }

    /** What follows belongs to the next layer. */
    public Builder nextLayer() {
      layer++;
      return this;
    }

    /** All tensors of another layout. */
    public Builder add(ParameterLayout other) {
      other.entries.values().forEach(entry -> add(entry.role(), entry.name(), entry.shape()));
      return this;
    }

    public ParameterLayout build() {
      Map<String, Entry> map = new LinkedHashMap<>();
      for (Entry entry : list) {
        if (map.put(entry.name(), entry) != null) {
          throw new IllegalArgumentException("parameter " + entry.name() + " is listed twice");
        }
      }
      return new ParameterLayout(map, offset);
    }
  }
}
