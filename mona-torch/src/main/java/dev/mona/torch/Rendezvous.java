package dev.mona.torch;

import dev.mona.compute.LostMemberException;
import dev.mona.compute.Membership;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.bytedeco.javacpp.chrono.Milliseconds;
import org.bytedeco.pytorch.ByteVector;
import org.bytedeco.pytorch.FileStore;
import org.bytedeco.pytorch.GlooDeviceVector;
import org.bytedeco.pytorch.ProcessGroupGloo;
import org.bytedeco.pytorch.StringVector;
import org.bytedeco.pytorch.gloo.Device;

/**
 * How members find each other. Gloo wants a store that all of them see, and libtorch's own listens
 * on all addresses of a machine. So each member has a store in a file of its own, and what it says
 * there about where it listens is carried to the others by the {@linkplain Membership.Exchange
 * exchange}: nothing but Gloo itself listens, on one address.
 */
final class Rendezvous {
  /** Time for a block of a state to be exchanged, and to connect. */
  static final long SECONDS = 120;

  private static final long PAUSE_NANOS = 2_000_000;
  private static final int THREADS = 2;

  /** No number of members, with which the file goes with the last of them. */
  private static final int UNKNOWN = -1;

  private Rendezvous() {}

  /** The members' group. */
  static ProcessGroupGloo of(Membership membership) {
    Path folder = folder();
    try {
      String path = folder.resolve("store").toString();
      CompletableFuture<ProcessGroupGloo> connected =
          CompletableFuture.supplyAsync(() -> connect(membership, path), Rendezvous::start);
      try (FileStore store = new FileStore(path, UNKNOWN)) {
        List<String> all = membership.exchange().all(own(store, membership, connected));
        for (int rank = 0; rank < membership.size(); rank++) {
          if (rank != membership.rank()) {
            try (ByteVector value = new ByteVector(Base64.getDecoder().decode(all.get(rank)))) {
              store.set(key(rank), value);
            }
          }
        }
        return connected.join();
      }
    } catch (java.util.concurrent.CompletionException e) {
      throw new LostMemberException(
          "member "
              + membership.rank()
              + " of "
              + membership.size()
              + " could not connect to the others from "
              + membership.address(),
          e.getCause());
    } finally {
      delete(folder);
    }
  }

  /** A thread of its own, as nothing bounds how long connecting takes. */
  private static void start(Runnable task) {
    Thread thread = new Thread(task, "mona-gloo-connect");
    thread.setDaemon(true);
    thread.start();
  }

  private static ProcessGroupGloo connect(Membership membership, String path) {
    try (GlooDeviceVector devices = new GlooDeviceVector();
        Milliseconds timeout = new Milliseconds(TimeUnit.SECONDS.toMillis(SECONDS));
        ProcessGroupGloo.Options options = ProcessGroupGloo.Options.create(timeout);
        Device device = ProcessGroupGloo.createDeviceForHostname(membership.address())) {
      devices.push_back(device);
      options.devices(devices);
      options.threads(THREADS);
      FileStore store = new FileStore(path, UNKNOWN);
      // the group owns it from now on, which JavaCPP does not know
      store.deallocate(false);
      return new ProcessGroupGloo(store, membership.rank(), membership.size(), options);
    }
  }

  /** Where this member listens, once it does. */
  private static String own(
      FileStore store, Membership membership, CompletableFuture<ProcessGroupGloo> connected) {
    String key = key(membership.rank());
    try (StringVector keys = new StringVector(key)) {
      while (!store.check(keys)) {
        if (connected.isCompletedExceptionally()) {
          connected.join();
        }
        if (Thread.currentThread().isInterrupted() || membership.cancelled().getAsBoolean()) {
          throw new CancellationException("cancelled before the members were connected");
        }
        LockSupport.parkNanos(PAUSE_NANOS);
      }
    }
    try (ByteVector value = store.get(key)) {
      byte[] bytes = new byte[Math.toIntExact(value.size())];
      for (int i = 0; i < bytes.length; i++) {
        bytes[i] = value.get(i);
      }
      return Base64.getEncoder().encodeToString(bytes);
    }
  }

  /** Under which Gloo keeps where a member listens, on the first of its devices. */
  private static String key(int rank) {
    return "0/" + rank;
  }

  private static Path folder() {
    try {
      return Files.createTempDirectory("mona-gloo");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void delete(Path folder) {
    try {
      Files.deleteIfExists(folder.resolve("store"));
      Files.deleteIfExists(folder);
    } catch (IOException e) {
      // temporary, and small
      throw new UncheckedIOException(e);
    }
  }
}
