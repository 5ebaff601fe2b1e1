package dev.mona.tensor;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Names and shapes of the tensors in one flat vector, in storage order without gaps. */
public final class ParameterLayout {

  /**
   * One tensor: {@code shape} in row-major order, starting at {@code offset} of the flat vector.
   *
   * @param name the tensor's name, unique in its layout
   * @param shape its shape; treat as read-only
   * @param offset index of its first element
   */
  public record Entry(String name, long[] shape, long offset) {
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

    public Builder add(String name, long... shape) {
      Entry entry = new Entry(name, shape, offset);
      list.add(entry);
      offset += entry.length();
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
