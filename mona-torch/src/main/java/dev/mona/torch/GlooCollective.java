package dev.mona.torch;

import dev.mona.compute.Array;
import dev.mona.compute.Collective;
import dev.mona.compute.Membership;
import dev.mona.compute.Nesterov;
import dev.mona.compute.OuterShare;
import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.List;
import org.bytedeco.pytorch.ProcessGroupGloo;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.Work;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.jspecify.annotations.Nullable;

/**
 * Members that are connected by Gloo. A mean goes part by part: every member sends each other one
 * its share of the part, takes the mean of its own share, and sends that to all. So each moves as
 * much as in a ring, and sums run in the order of ranks, whatever comes first. While one part is
 * computed, the next is under way.
 */
final class GlooCollective implements Collective {
  private final int rank;
  private final int size;
  private final GlooCalls calls;
  private final Tensor[] received;
  private boolean closed;

  GlooCollective(Membership membership, ProcessGroupGloo group) {
    rank = membership.rank();
    size = membership.size();
    calls = new GlooCalls(membership, group);
    received =
        new Tensor[] {
          HostPart.empty(ScalarType.Float, Part.LONGEST),
          HostPart.empty(ScalarType.Float, Part.LONGEST)
        };
  }

  @Override
  public int rank() {
    return rank;
  }

  @Override
  public int size() {
    return size;
  }

  /** Shares that are on their way. */
  private record Exchange(HostPart part, int share, Tensor received, Work work) {}

  @Override
  public boolean mean(List<Array> arrays, long[] weights) {
    return mean(arrays, weights, null);
  }

  @Override
  public boolean step(List<Array> arrays, long[] weights, OuterShare share) {
    return mean(arrays, weights, share);
  }

  private boolean mean(List<Array> arrays, long[] weights, @Nullable OuterShare outer) {
    if (weights.length != size) {
      throw new IllegalArgumentException(weights.length + " weights for " + size + " members");
    }
    ShareMean mean = new ShareMean(weights, outer);
    List<Part> parts = Part.shared(arrays, size);
    if (!parts.isEmpty()) {
      Exchange current = start(parts.get(0), received[0]);
      for (int next = 1; next < parts.size(); next++) {
        Exchange following = start(parts.get(next), received[next % 2]);
        finish(current, mean);
        current = following;
      }
      finish(current, mean);
    }
    return ends(arrays, mean);
  }

  private Exchange start(Part part, Tensor room) {
    HostPart here = new HostPart(part);
    Tensor all = room.narrow(0, 0, part.length());
    return new Exchange(here, part.length() / size, all, calls.exchange(all, here.tensor()));
  }

  private void finish(Exchange exchange, ShareMean mean) {
    int share = exchange.share();
    try (HostPart part = exchange.part();
        Tensor all = exchange.received()) {
      calls.await(exchange.work());
      mean.write(HostPart.floats(all), share, part.floats(), rank * share);
      List<Work> sent = new ArrayList<>();
      for (int from = 0; from < size; from++) {
        try (Tensor one = part.share((long) from * share, share)) {
          sent.add(calls.broadcast(one, from));
        }
      }
      sent.forEach(calls::await);
      part.written();
    }
  }

  /** Of the few values that are no share, everybody gets those of all and computes the same. */
  private boolean ends(List<Array> arrays, ShareMean mean) {
    List<Part> ends = Part.ends(arrays, size);
    int count = ends.stream().mapToInt(Part::length).sum();
    float[] values = new float[count];
    int at = 0;
    for (Part end : ends) {
      end.view().get(values, at);
      at += end.length();
    }
    ByteBuffer own = ByteBuffer.allocate(1 + Float.BYTES * count);
    own.put((byte) (mean.finite() ? 1 : 0)).asFloatBuffer().put(values);
    FloatBuffer all = FloatBuffer.allocate(size * count);
    boolean finite = true;
    for (byte[] one : calls.gather(own.array())) {
      ByteBuffer theirs = ByteBuffer.wrap(one);
      finite &= theirs.get() == 1;
      all.put(theirs.asFloatBuffer());
    }
    FloatBuffer written = FloatBuffer.wrap(values);
    mean.write(all, count, written, 0);
    at = 0;
    for (Part end : ends) {
      end.view().put(values, at);
      at += end.length();
    }
    return finite && mean.finite();
  }

  @Override
  public OuterShare share(List<Array> arrays, Nesterov rule, float[] velocity, int from) {
    OwnValues own = new OwnValues(arrays, this, calls, received[0]);
    return new OuterShare(rule, this, own.values(), own.spread(velocity, from, from == rank));
  }

  @Override
  public float[] velocity(List<Array> arrays, OuterShare share, int to) {
    return new OwnValues(arrays, this, calls, received[0]).collect(share.velocity(), to == rank);
  }

  @Override
  public void broadcast(List<Array> arrays, int from) {
    for (Part part : Part.whole(arrays)) {
      try (HostPart here = new HostPart(part)) {
        calls.await(calls.broadcast(here.tensor(), from));
        here.written();
      }
    }
  }

  @Override
  public List<byte[]> gather(byte[] own) {
    return calls.gatherLate(own);
  }

  @Override
  public void close() {
    if (!closed) {
      closed = true;
      calls.close();
      for (Tensor room : received) {
        room.close();
      }
    }
  }
}
