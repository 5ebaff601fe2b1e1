package dev.mona.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.FilterFileSystem;
import org.apache.hadoop.fs.RawLocalFileSystem;
import org.apache.hadoop.hdfs.protocol.DSQuotaExceededException;
import org.apache.hadoop.hdfs.server.namenode.SafeModeException;
import org.apache.hadoop.ipc.RemoteException;
import org.apache.hadoop.security.AccessControlException;
import org.junit.jupiter.api.Test;

class RetriesTest {
  private final AtomicInteger tries = new AtomicInteger();

  private static Retries retries(String scheme, Duration patience) {
    FileSystem files =
        new FilterFileSystem(new RawLocalFileSystem()) {
          @Override
          public URI getUri() {
            return URI.create(scheme + ":///");
          }
        };
    files.setConf(new Configuration());
    return new Retries(files, patience);
  }

  private String fails(int times, IOException failure) throws IOException {
    if (tries.getAndIncrement() < times) {
      throw failure;
    }
    return "done";
  }

  @Test
  void goesOnWhenTheOtherSideIsBack() throws IOException {
    IOException away = new ConnectException("Connection refused");
    assertThat(retries("hdfs", Duration.ofMinutes(1)).run("write", () -> fails(1, away)))
        .isEqualTo("done");
    assertThat(tries).hasValue(2);
  }

  @Test
  void givesUpInTheEndAndSaysHowLongItTried() {
    IOException away = new ConnectException("Connection refused");
    assertThatThrownBy(
            () -> retries("hdfs", Duration.ofMillis(700)).run("write", () -> fails(99, away)))
        .isInstanceOf(IOException.class)
        .hasMessage("Connection refused; tried for 0 s")
        .hasCause(away);
    assertThat(tries).hasValue(2);
  }

  @Test
  void neitherWithoutPatienceNorOnALocalDisk() {
    IOException away = new ConnectException("Connection refused");
    for (Retries none :
        List.of(retries("hdfs", Duration.ZERO), retries("file", Duration.ofHours(1)))) {
      tries.set(0);
      assertThatThrownBy(() -> none.run("write", () -> fails(1, away))).isSameAs(away);
      assertThat(tries).hasValue(1);
    }
  }

  @Test
  void whatDoesNotGetBetterIsFinal() {
    assertThat(
            List.of(
                new FileNotFoundException("/runs/a"),
                new AccessControlException("Permission denied"),
                new DSQuotaExceededException("over the quota"),
                new RemoteException(AccessControlException.class.getName(), "denied"),
                new RemoteException(DSQuotaExceededException.class.getName(), "over the quota"),
                new IOException("No space left on device"),
                new IOException("Disk quota exceeded")))
        .allMatch(Retries::isFinal);
    assertThat(
            List.of(
                new ConnectException("Connection refused"),
                new SocketTimeoutException("60000 millis timeout"),
                new RemoteException(SafeModeException.class.getName(), "Name node is in safe mode"),
                new IOException("Filesystem closed by peer")))
        .noneMatch(Retries::isFinal);
  }
}
