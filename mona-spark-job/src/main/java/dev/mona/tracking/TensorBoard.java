package dev.mona.tracking;

import dev.mona.events.RunStarted;
import dev.mona.storage.GrowingFile;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.hadoop.conf.Configuration;
import org.jspecify.annotations.Nullable;

/**
 * Event files in the folder {@value #FOLDER} of a run, numbered from 1: one for each start of the
 * run, and another one after a failure to write. Where a file is seen only when it is closed, one
 * for every {@link #AGE} in which there was something to tell.
 */
public final class TensorBoard implements Tracker {
  static final String FOLDER = "tensorboard";

  private static final String PREFIX = "events.out.tfevents.";
  private static final Pattern NAME = Pattern.compile(Pattern.quote(PREFIX) + "([0-9]{10})\\.mona");
  private static final Duration AGE = Duration.ofMinutes(5);

  private final Configuration hadoop;
  private final Clock clock = Clock.systemUTC();
  private String folder = "";
  private long number;
  private byte[] head = {};
  private @Nullable GrowingFile file;
  private long opened;

  /**
   * Without a run.
   *
   * @param hadoop opens the run's file system
   */
  public TensorBoard(Configuration hadoop) {
    this.hadoop = hadoop;
  }

  @Override
  public String name() {
    return "tensorboard";
  }

  @Override
  public void start(RunStarted run, long after) throws IOException {
    folder = run.directory() + "/" + FOLDER;
    number =
        GrowingFile.names(folder, hadoop).stream()
            .map(NAME::matcher)
            .filter(Matcher::matches)
            .mapToLong(name -> Long.parseLong(name.group(1)))
            .max()
            .orElse(0);
    if (number > 0) {
      head = EventRecord.restart(clock.millis() / 1000.0, after + 1);
    }
  }

  @Override
  public void add(List<Scalar> values) throws IOException {
    ByteArrayOutputStream records = new ByteArrayOutputStream();
    for (Scalar value : values) {
      records.writeBytes(EventRecord.of(value));
    }
    try {
      GrowingFile growing = file == null ? open() : file;
      growing.append(records.toByteArray());
      if (!growing.isSeenWhileItGrows() && clock.millis() - opened > AGE.toMillis()) {
        close();
      }
    } catch (IOException | RuntimeException e) {
      abandon(e);
      throw e;
    }
  }

  private GrowingFile open() throws IOException {
    number++;
    GrowingFile made =
        GrowingFile.create(
            folder, String.format(Locale.ROOT, PREFIX + "%010d.mona", number), hadoop);
    file = made;
    opened = clock.millis();
    made.append(EventRecord.version(opened / 1000.0));
    if (head.length > 0) {
      made.append(head);
      head = new byte[0];
    }
    return made;
  }

  /** Readers skip a record that is not whole, and go on with the next file. */
  private void abandon(Exception failure) {
    try {
      close();
    } catch (IOException e) {
      if (e != failure) {
        failure.addSuppressed(e);
      }
    }
  }

  @Override
  public void end(Outcome outcome) {}

  @Override
  public void close() throws IOException {
    GrowingFile growing = file;
    file = null;
    if (growing != null) {
      growing.close();
    }
  }
}
