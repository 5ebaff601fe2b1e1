package dev.mona.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mona.MonaException;
import dev.mona.config.ListenerClasses;
import dev.mona.events.EpochPosition;
import dev.mona.events.Noticed;
import dev.mona.events.RoundEnded;
import dev.mona.events.RoundPosition;
import dev.mona.events.RunListener;
import dev.mona.events.RunListeners;
import dev.mona.events.RunStarted;
import dev.mona.events.StageEnded;
import dev.mona.events.Work;
import dev.mona.learner.Stage;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class UserListenersTest {
  private static final List<String> CALLS = new ArrayList<>();

  private final List<String> notices = new ArrayList<>();
  private final RunListener console =
      new RunListener() {
        @Override
        public void noticed(Noticed noticed) {
          notices.add(noticed.sentence());
        }
      };

  /** Remembers what it is told. */
  public static final class Counting implements RunListener {
    public Counting() {
      CALLS.clear();
    }

    @Override
    public void roundEnded(RoundEnded ended) {
      CALLS.add("round " + ended.at().index());
    }

    @Override
    public void close() {
      CALLS.add("close");
    }
  }

  /** Fails in every call. */
  public static final class Failing implements RunListener {
    @Override
    public void roundEnded(RoundEnded ended) {
      throw new IllegalStateException("round " + ended.at().index() + " is\nnot liked");
    }

    @Override
    public void stageEnded(StageEnded ended) {
      throw new NoClassDefFoundError("org/example/Missing");
    }

    @Override
    public Runnable record() {
      return () -> {
        throw new AssertionError("not stored");
      };
    }

    @Override
    public void close() {
      throw new IllegalStateException("not closed");
    }
  }

  /** Fails as Scala can: with a checked exception that nobody declared, and an error of its own. */
  public static final class Undeclared implements RunListener {
    @Override
    public void roundEnded(RoundEnded ended) {
      Undeclared.<RuntimeException>fail(new IOException("no space left"));
    }

    @Override
    public void stageEnded(StageEnded ended) {
      throw new Error("not implemented");
    }

    @Override
    public void runStarted(RunStarted started) {
      Undeclared.<RuntimeException>fail(new InterruptedException("told to stop"));
    }

    @SuppressWarnings("unchecked")
    private static <T extends Throwable> void fail(Throwable thrown) throws T {
      throw (T) thrown;
    }
  }

  /** Fails when it is made. */
  public static final class Broken implements RunListener {
    public Broken() {
      throw new IllegalStateException("no server");
    }
  }

  /** Fails when its class is initialised, which is when it is made. */
  public static final class Uninitialised implements RunListener {
    private static final int VALUE = Integer.parseInt("x");

    @Override
    public String toString() {
      return "listener " + VALUE;
    }
  }

  /** No listener: none of its code may run. */
  public static final class Stranger {
    static {
      CALLS.add("stranger");
    }

    private Stranger() {}
  }

  /** Cannot be made without arguments. */
  public static final class Configured implements RunListener {
    public Configured(String setting) {
      CALLS.add(setting);
    }
  }

  static final class Hidden implements RunListener {
    public Hidden() {}
  }

  public abstract static class Abstract implements RunListener {
    public Abstract() {}
  }

  private RunListener open(String... simpleNames) {
    return UserListeners.open(
        new ListenerClasses(
            List.of(simpleNames).stream()
                .map(name -> UserListenersTest.class.getName() + "$" + name)
                .toList()),
        console);
  }

  private static RoundEnded round(int index) {
    return new RoundEnded(
        new RoundPosition(new EpochPosition(Stage.WARMUP, 0, 1), index, 3),
        new Work(64, 0.5),
        Map.of("loss", 0.75));
  }

  @Test
  void isToldUntilItIsClosed() {
    try (RunListener listener = open("Counting")) {
      listener.roundEnded(round(0));
      listener.roundEnded(round(1));
    }
    assertThat(CALLS).containsExactly("round 0", "round 1", "close");
    assertThat(notices).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "Absent | which is not on the driver's class path: name its jar in MONA_CLASSPATH, or give it"
            + " to spark-submit with --jars",
        "Stranger | which does not implement dev.mona.events.RunListener: name another",
        "Configured | which has no public constructor without arguments: give it one",
        "Hidden | which is abstract or not public: name a class that can be made",
        "Abstract | which is abstract or not public: name a class that can be made",
        "Broken | which failed in its constructor (no server): mend it or leave it out",
        "Uninitialised | which failed in its constructor (For input string: \"x\"): mend it or"
            + " leave it out"
      })
  void whatCannotBeMadeIsRefusedInOneSentence(String name, String why) {
    CALLS.clear();
    assertThatThrownBy(() -> open(name))
        .isInstanceOfSatisfying(
            MonaException.class,
            e -> assertThat(e.category()).isEqualTo(MonaException.Category.CONFIGURATION))
        .hasMessage("run.listeners names %s$%s, %s", UserListenersTest.class.getName(), name, why);
    assertThat(CALLS).isEmpty();
  }

  @Test
  void theOthersAreClosedWhenOneCannotBeMade() {
    assertThatThrownBy(() -> open("Counting", "Broken")).isInstanceOf(MonaException.class);
    assertThat(CALLS).containsExactly("close");
  }

  @Test
  void aCheckMakesNone() {
    String name = UserListenersTest.class.getName();
    UserListeners.check(new ListenerClasses(List.of(name + "$Broken")));
    assertThatThrownBy(() -> UserListeners.check(new ListenerClasses(List.of(name + "$Absent"))))
        .hasMessageContaining("is not on the driver's class path");
  }

  @Test
  void aFailureIsNoticedOnceAndHarmsNobody() {
    try (RunListener both = open("Failing", "Counting")) {
      both.roundEnded(round(0));
      assertThat(notices)
          .containsExactly(
              "listener dev.mona.job.UserListenersTest$Failing failed in roundEnded (round 0 is):"
                  + " the run goes on, see the log");
      both.roundEnded(round(1));
      both.stageEnded(new StageEnded(Stage.WARMUP));
      both.record().run();
      assertThat(notices).hasSize(1);
    }
    assertThat(CALLS).containsExactly("round 0", "round 1", "close");
    assertThat(notices)
        .hasSize(2)
        .last()
        .isEqualTo("listener dev.mona.job.UserListenersTest$Failing failed 5 times in all");
  }

  @Test
  void whatIsThrownUndeclaredEndsNoRunEither() {
    try (RunListener listener = open("Undeclared")) {
      listener.roundEnded(round(0));
      assertThat(notices).singleElement().asString().contains("failed in roundEnded (no space");
      listener.stageEnded(new StageEnded(Stage.WARMUP));
      assertThat(Thread.currentThread().isInterrupted()).isFalse();
      listener.runStarted(new RunStarted("runs/r1", "t", "mona", 1));
      assertThat(Thread.interrupted()).as("an interrupt is kept").isTrue();
    }
    assertThat(notices).last().asString().endsWith("failed 3 times in all");
  }

  /** What is stored beside the training is noticed by the driver's thread, when it tells again. */
  @Test
  void aFailureOfAnotherThreadIsNoticedLater() throws InterruptedException {
    RunListener listener = open("Failing");
    Thread writer = new Thread(listener.record());
    writer.start();
    writer.join();
    assertThat(notices).isEmpty();
    listener.runStarted(new RunStarted("runs/r1", "t", "mona", 1));
    assertThat(notices).singleElement().asString().contains("failed in record (not stored)");
  }

  /** The example of docs/listeners.md, compiled as a user would and loaded from another jar. */
  @Test
  void theExampleOfTheDocumentationWritesItsFile(@TempDir Path folder) throws IOException {
    String page = Files.readString(Path.of("..", "docs", "listeners.md"));
    Matcher example = Pattern.compile("(?s)```java\n(.*?)```").matcher(page);
    assertThat(example.find()).isTrue();
    Path source = Files.writeString(folder.resolve("RoundsCsv.java"), example.group(1));
    String classes =
        place(RunListener.class) + System.getProperty("path.separator") + place(Stage.class);
    assertThat(
            ToolProvider.getSystemJavaCompiler()
                .run(null, null, null, "-cp", classes, "-d", folder.toString(), source.toString()))
        .isZero();
    Path csv = folder.resolve("out.csv");
    Thread thread = Thread.currentThread();
    ClassLoader before = thread.getContextClassLoader();
    System.setProperty("rounds.csv", csv.toString());
    try (URLClassLoader jar = new URLClassLoader(new URL[] {folder.toUri().toURL()}, before)) {
      thread.setContextClassLoader(jar);
      try (RunListener listener =
          RunListeners.of(
              UserListeners.open(new ListenerClasses(List.of("org.example.RoundsCsv")), console))) {
        listener.runStarted(new RunStarted("runs/r1", "t", "mona", 1));
        listener.roundEnded(round(0));
        listener.roundEnded(round(1));
      }
    } finally {
      thread.setContextClassLoader(before);
      System.clearProperty("rounds.csv");
    }
    assertThat(notices).isEmpty();
    assertThat(csv).hasContent("runs/r1,warmup,1,1,0.75\nruns/r1,warmup,1,2,0.75\n");
  }

  private static String place(Class<?> type) {
    return Path.of(type.getProtectionDomain().getCodeSource().getLocation().getPath()).toString();
  }
}
