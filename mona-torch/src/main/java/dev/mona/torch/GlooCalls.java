package dev.mona.torch;

import dev.mona.compute.LostMemberException;
import dev.mona.compute.Membership;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.bytedeco.javacpp.chrono.Milliseconds;
import org.bytedeco.pytorch.AllgatherOptions;
import org.bytedeco.pytorch.BroadcastOptions;
import org.bytedeco.pytorch.LongVector;
import org.bytedeco.pytorch.ProcessGroupGloo;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.Work;
import org.bytedeco.pytorch.global.torch.ScalarType;

/** Calls of Gloo, and waiting for them in a way that ends when the worker is to end. */
final class GlooCalls implements AutoCloseable {
  /** A worker may be that far behind the others. */
  private static final long LATE_MILLIS = TimeUnit.HOURS.toMillis(24);

  private static final long SHORT_PAUSE_NANOS = 50_000;
  private static final long LONG_PAUSE_NANOS = 500_000;
  private static final int SHORT_PAUSES = 200;

  /** Of a report, of which there are as many as workers. */
  private static final int MOST_BYTES = 1 << 20;

  private final Membership membership;
  private final ProcessGroupGloo group;
  private final Set<Work> underWay = Collections.newSetFromMap(new IdentityHashMap<>());
  private boolean late;

  GlooCalls(Membership membership, ProcessGroupGloo group) {
    this.membership = membership;
    this.group = group;
  }

  /** Sends every member its share and receives its own of each, one after the other. */
  Work exchange(Tensor received, Tensor shares) {
    try (LongVector equal = new LongVector()) {
      return begun(group.alltoall_base(received, shares, equal, equal));
    }
  }

  /** Sends a member's values to all. */
  Work broadcast(Tensor values, int from) {
    try (TensorVector one = new TensorVector(values);
        BroadcastOptions options = new BroadcastOptions()) {
      options.rootRank(from);
      return begun(group.broadcast(one, options));
    }
  }

  private Work begun(Work work) {
    underWay.add(work);
    return work;
  }

  /** Bytes of all members, none of which is late. */
  List<byte[]> gather(byte[] own) {
    return gather(own, TimeUnit.SECONDS.toMillis(Rendezvous.SECONDS));
  }

  /** Bytes of all members, however late they are. */
  List<byte[]> gatherLate(byte[] own) {
    late = true;
    List<byte[]> all = gather(own, LATE_MILLIS);
    late = false;
    return all;
  }

  private List<byte[]> gather(byte[] own, long millis) {
    int size = membership.size();
    try (Tensor length = HostPart.empty(ScalarType.Long, 1);
        Tensor lengths = HostPart.empty(ScalarType.Long, size)) {
      length.data_ptr_long().put(0, own.length);
      gather(lengths, length, millis);
      int[] of = new int[size];
      int longest = 1;
      for (int rank = 0; rank < size; rank++) {
        of[rank] = Math.toIntExact(lengths.data_ptr_long().get(rank));
        if (of[rank] < 0 || of[rank] > MOST_BYTES) {
          throw new IllegalStateException(
              "worker " + rank + " announces " + of[rank] + " bytes, more than a report has");
        }
        longest = Math.max(longest, of[rank]);
      }
      return gather(own, of, longest, millis);
    }
  }

  private List<byte[]> gather(byte[] own, int[] lengths, int each, long millis) {
    int total = Math.multiplyExact(each, lengths.length);
    try (Tensor bytes = HostPart.empty(ScalarType.Byte, each);
        Tensor all = HostPart.empty(ScalarType.Byte, total)) {
      ByteBuffer from = bytes.data_ptr_byte().capacity(each).asByteBuffer();
      from.put(own);
      gather(all, bytes, millis);
      ByteBuffer to = all.data_ptr_byte().capacity(total).asByteBuffer();
      List<byte[]> found = new ArrayList<>();
      for (int rank = 0; rank < lengths.length; rank++) {
        byte[] one = new byte[lengths[rank]];
        to.get(rank * each, one);
        found.add(one);
      }
      return found;
    }
  }

  private void gather(Tensor all, Tensor own, long millis) {
    try (AllgatherOptions options = new AllgatherOptions();
        Milliseconds timeout = new Milliseconds(millis)) {
      options.timeout(timeout);
      await(begun(group._allgather_base(all, own, options)));
    }
  }

  /** Waits until a call is done. */
  void await(Work work) {
    for (int looks = 0; !work.isCompleted(); looks++) {
      if (Thread.currentThread().isInterrupted() || membership.cancelled().getAsBoolean()) {
        throw new CancellationException("cancelled while waiting for the other workers");
      }
      LockSupport.parkNanos(looks < SHORT_PAUSES ? SHORT_PAUSE_NANOS : LONG_PAUSE_NANOS);
    }
    underWay.remove(work);
    try (work) {
      work._wait();
    } catch (RuntimeException e) {
      late = false;
      throw new LostMemberException(
          String.format(
              java.util.Locale.ROOT,
              "worker %d of %d lost the connection to another one",
              membership.rank(),
              membership.size()),
          e);
    }
  }

  /**
   * libtorch waits for what is under way. An exchange of arrays is, only when all members are
   * there, so that it ends soon, and their memory must not be freed before. A worker that waits for
   * another one's steps may wait for long, and leaves that to a thread of its own.
   */
  @Override
  public void close() {
    // each holds the connections
    underWay.forEach(Work::close);
    underWay.clear();
    if (late) {
      Thread thread = new Thread(group::close, "mona-gloo-close");
      thread.setDaemon(true);
      thread.start();
    } else {
      group.close();
    }
  }
}
