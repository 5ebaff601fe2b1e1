package dev.mona.torch;

import dev.mona.compute.Array;
import dev.mona.compute.Collective;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.List;
import org.bytedeco.pytorch.Tensor;

/**
 * The values of some arrays of which one member takes the mean, in the order in which it does so:
 * its share of each part, and at the end those of all arrays that are no share, which every member
 * has. A vector over all values, array by array, is spread to the members and collected from them.
 */
final class OwnValues {
  private final int size;
  private final GlooCalls calls;
  private final Tensor room;
  private final List<Range> ranges = new ArrayList<>();
  private int all;
  private int own;

  /**
   * Some of a part.
   *
   * @param part the part
   * @param at where it begins in a vector over all values
   * @param from the first of the own values in the part
   * @param count how many are own; all of them where the part is an end
   */
  private record Range(Part part, int at, int from, int count) {
    boolean isEnd() {
      return count == part.length();
    }
  }

  /**
   * The values of one of several members.
   *
   * @param room for a part
   */
  OwnValues(List<Array> arrays, Collective member, GlooCalls calls, Tensor room) {
    size = member.size();
    this.calls = calls;
    this.room = room;
    List<Range> ends = new ArrayList<>();
    for (Array array : arrays) {
      List<Array> one = List.of(array);
      for (Part part : Part.shared(one, size)) {
        int share = part.length() / size;
        ranges.add(new Range(part, position(part), member.rank() * share, share));
      }
      for (Part part : Part.ends(one, size)) {
        ends.add(new Range(part, position(part), 0, part.length()));
      }
      all = Math.addExact(all, Math.toIntExact(array.length()));
    }
    ranges.addAll(ends);
    own = ranges.stream().mapToInt(Range::count).sum();
  }

  private int position(Part part) {
    return Math.toIntExact(all + part.from());
  }

  /** They themselves, {@code [own]}. */
  float[] values() {
    float[] values = new float[own];
    int at = 0;
    for (Range range : ranges) {
      Part part = range.part();
      part.array().view(part.from() + range.from(), range.count()).get(values, at);
      at += range.count();
    }
    return values;
  }

  /**
   * A vector's own values, from the member that has it.
   *
   * @param vector {@code [all]} at that member, not looked at elsewhere
   * @param from who has it
   * @param here whether that is this member
   */
  float[] spread(float[] vector, int from, boolean here) {
    if (here && vector.length != all) {
      throw new IllegalArgumentException(vector.length + " values for arrays of " + all);
    }
    float[] values = new float[own];
    int at = 0;
    for (Range range : ranges) {
      int length = range.part().length();
      try (Tensor part = room.narrow(0, 0, length)) {
        FloatBuffer floats = HostPart.floats(part);
        if (here) {
          floats.put(0, vector, range.at(), length);
        }
        calls.await(calls.broadcast(part, from));
        floats.get(range.from(), values, at, range.count());
      }
      at += range.count();
    }
    return values;
  }

  /**
   * The vector of which every member has its own values.
   *
   * @param values {@code [own]}
   * @param here whether this member wants it
   * @return {@code [all]}; empty where it is not wanted
   */
  float[] collect(float[] values, boolean here) {
    float[] vector = new float[here ? all : 0];
    int at = 0;
    for (Range range : ranges) {
      int length = range.part().length();
      try (Tensor part = room.narrow(0, 0, length)) {
        FloatBuffer floats = HostPart.floats(part);
        floats.put(range.from(), values, at, range.count());
        if (!range.isEnd()) {
          fetch(part, range.count());
        }
        if (here) {
          floats.get(0, vector, range.at(), length);
        }
      }
      at += range.count();
    }
    return vector;
  }

  private void fetch(Tensor part, int share) {
    for (int from = 0; from < size; from++) {
      try (Tensor one = part.narrow(0, (long) from * share, share)) {
        calls.await(calls.broadcast(one, from));
      }
    }
  }
}
