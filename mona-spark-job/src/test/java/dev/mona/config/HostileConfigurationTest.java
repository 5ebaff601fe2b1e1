package dev.mona.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import dev.mona.MonaException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Configurations that would call somewhere, send something out or exhaust the process. */
class HostileConfigurationTest {
  private static final String REQUIRED = "task.name = t\ntask.data = d\n";
  private final Path directory;

  HostileConfigurationTest(@TempDir Path directory) {
    this.directory = directory;
  }

  private static ConfigLayers stored(String text) {
    return ConfigLayers.start().stored("run/config.conf", REQUIRED + text);
  }

  private ConfigLayers file(String text) throws IOException {
    return ConfigLayers.start()
        .file(Files.writeString(directory.resolve("mine.conf"), REQUIRED + text));
  }

  /** In a thread with the stack of a small JVM, so that a deep recursion shows. */
  private static String refusal(ConfigLayers layers) {
    return Assertions.assertTimeoutPreemptively(
        Duration.ofSeconds(20), () -> ConfigFixture.refusal(layers));
  }

  @Test
  void nothingIsFetched() throws IOException {
    AtomicInteger calls = new AtomicInteger();
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/",
        exchange -> {
          calls.incrementAndGet();
          exchange.sendResponseHeaders(200, -1);
          exchange.close();
        });
    server.start();
    try {
      String address = "http://127.0.0.1:" + server.getAddress().getPort() + "/a.conf";
      for (String include :
          List.of(
              "include url(\"" + address + "\")",
              "include required(url(\"" + address + "\"))",
              "include \"" + address + "\"",
              "run { include url(\"" + address + "\") }")) {
        String message = refusal(stored(include));
        assertThat(message).as(include).contains("includes").doesNotContain("\n");
      }
      assertThat(refusal(file("include url(\"" + address + "\")")))
          .contains("mine.conf includes an address (http)");
      assertThat(refusal(file("include required(\"" + address + "\")"))).contains("does not exist");
      file("include \"" + address + "\"").load();
    } finally {
      server.stop(0);
    }
    assertThat(calls).hasValue(0);
  }

  @Test
  void filesAndResourcesAreNotIncludedByARun() throws IOException {
    Path other = Files.writeString(directory.resolve("other.conf"), "run.seed = 77");
    assertThat(refusal(stored("include file(\"" + other + "\")")))
        .contains("includes another file");
    assertThat(refusal(stored("include \"" + other + "\""))).contains("includes another file");
    assertThat(refusal(stored("include classpath(\"mona-reference.conf\")")))
        .contains("includes a resource");
    assertThat(refusal(file("include classpath(\"mona-reference.conf\")")))
        .contains("includes a resource");
  }

  @Test
  void aFileIncludesFilesBesideIt() throws IOException {
    Files.createDirectories(directory.resolve("sub"));
    Files.writeString(directory.resolve("sub/a.conf"), "include \"b.conf\"\nrun.seed = 5");
    Files.writeString(directory.resolve("sub/b.conf"), "run.partitions = 6");
    MonaConfig config =
        file("include \"sub/a.conf\"\n"
                + "include \"not-there.conf\"\n"
                + "include file(\""
                + directory.resolve("sub/a.conf")
                + "\")\n")
            .load();
    assertThat(config.run().seed()).isEqualTo(5);
    assertThat(config.run().resources().partitions()).isEqualTo(6);
    assertThat(refusal(file("include required(\"not-there.conf\")"))).contains("does not exist");
  }

  @Test
  void includesEnd() throws IOException {
    assertThat(refusal(file("include \"mine.conf\""))).contains("4 files within each other");
    String twice = "include \"%1$s\"\n\ninclude \"%1$s\"\n";
    Files.writeString(directory.resolve("a.conf"), twice.formatted("b.conf"));
    Files.writeString(directory.resolve("b.conf"), twice.formatted("c.conf").repeat(8));
    Files.writeString(directory.resolve("c.conf"), "");
    assertThat(refusal(file(twice.formatted("a.conf")))).contains("goes beyond 32 files");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "run.output = \"hdfs://h/\"${PATH}",
        "run.output = ${?PATH}",
        "run.output = ${PATH}",
        "run.seed = ${run.partitions}",
        "run = ${evaluation}",
        "run { output = ${?PATH} }"
      })
  void aRunNamesNoVariables(String line) {
    assertThat(refusal(stored(line)))
        .contains("run/config.conf", "holds values alone")
        .doesNotContain(System.getenv("PATH"));
  }

  @Test
  void aFileNamesVariablesAndKeys() throws IOException {
    MonaConfig config =
        file("run.output = ${PATH}\nrun.id = ${?NO_SUCH_VARIABLE_HERE}\nrun.partitions = ${run.seed}")
            .set("run.seed=9")
            .load();
    assertThat(config.run().output()).isEqualTo(System.getenv("PATH"));
    assertThat(config.run().id()).isEmpty();
    assertThat(config.run().resources().partitions()).isEqualTo(9);
    assertThat(refusal(file("run.output = ${NO_SUCH_VARIABLE_HERE}")))
        .contains("NO_SUCH_VARIABLE_HERE");
  }

  /** 2^30 characters from 646 bytes, were each reference replaced by what it names. */
  @Test
  void textGrowsByEachSubstitutionOnce() throws IOException {
    StringBuilder bomb = new StringBuilder("a0 = xxxxxxxxxx\n");
    for (int i = 1; i < 30; i++) {
      bomb.append("a%d = ${a%d}${a%d}\n".formatted(i, i - 1, i - 1));
    }
    assertThat(refusal(stored(bomb.toString()))).contains("holds values alone");
    assertThat(refusal(file(bomb.toString())))
        .contains("holds a substitution")
        .hasSizeLessThan(4000);
    assertThat(refusal(file("x = " + "${?PATH}".repeat(257)))).contains("256 substitutions");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "run = {n}{",
        "run = {n}[",
        "run {n}.a",
        "{n}a {",
        "{n}a.b = {",
        "{n}a.b\n=\n{\n",
        "{n}a.b {x:\"}\",",
        "{n}a { # }\n",
        "{n}a { x = \"\\\"}\"\n",
        "{n}a { // }\n",
        "{n}\"a\".",
        "a = {n}[\"]\", ",
        "run.seed = \"\"\"\n{n}}\n\"\"\""
      })
  void depthEndsBeforeTheParser(String pattern) throws IOException {
    int at = pattern.indexOf("{n}");
    // the piece after {n} is what repeats
    String text =
        pattern.substring(0, at) + pattern.substring(at + 3).replace("\\n", "\n").repeat(1500);
    assertThat(refusal(stored(text)))
        .as(pattern)
        .containsAnyOf("is deeper than 32 sections", "three quotes", "16384 characters");
    assertThat(refusal(file(text))).as(pattern).contains("mine.conf:");
    assertThatThrownBy(() -> ConfigLayers.start().set("run" + ".a".repeat(20_000) + "=1").load())
        .isInstanceOf(MonaException.class);
  }

  /** Text of the pieces that mean something to the parser, in any order. */
  @Test
  void anyTextEndsInASentence() {
    String[] pieces = {
      "{",
      "}",
      "[",
      "]",
      "\"",
      "\"\"\"",
      "\\",
      "#",
      "//",
      "\n",
      ",",
      "=",
      ":",
      "+=",
      ".",
      "${",
      "${?",
      "a",
      "run",
      "seed",
      "1",
      "1e9",
      " ",
      "include ",
      "include \"x\"",
      "include file(\"",
      "\")",
      "url(\"",
      "required(",
      ")",
      "null",
      "true",
      "\u0000",
      "\u00e9",
      "\ud800",
      "$",
      "-",
      "*",
      "\t",
      "\r",
      "?"
    };
    for (int seed = 0; seed < 3000; seed++) {
      SplittableRandom random = new SplittableRandom(seed);
      StringBuilder text = new StringBuilder();
      while (text.length() < 60) {
        String piece = pieces[random.nextInt(pieces.length)];
        text.append(piece.repeat(random.nextInt(40) == 0 ? 3000 : 1 + random.nextInt(2)));
      }
      assertThatCode(
              () -> {
                try {
                  stored(text.toString()).load();
                } catch (MonaException e) {
                  assertThat(e.category()).isEqualTo(MonaException.Category.CONFIGURATION);
                }
              })
          .as("seed %d", seed)
          .doesNotThrowAnyException();
    }
  }

  @Test
  void lengthEndsBeforeTheParser() {
    assertThat(refusal(stored("x = " + "1 ".repeat(9000)))).contains("16384 characters");
    assertThat(refusal(stored("x.k = 1\n".repeat(9500)))).contains("65536 characters");
  }

  @Test
  void aRunOfThisVersionIsReadAsItIs() {
    String literal = "d ${PATH} \\ \"${?b}\" += # // {[ é include url(\"http://h\")";
    MonaConfig config =
        ConfigFixture.load("task.data=" + literal, "run.output=" + "x".repeat(4096), "run.id=a");
    assertThat(config.task().data().path()).isEqualTo(literal);
    assertThat(ConfigLayers.start().stored("c", config.rendered()).load()).isEqualTo(config);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://h/x",
        "https://h/x",
        "ftp://h/x",
        "jar:file:/x.jar!/y",
        "data:,x",
        "HTTP://h/x",
        "har://h/x",
        "x:/y",
        "a\u0007bell"
      })
  void locationsAreOnFileSystems(String address) {
    for (String key : List.of("task.data", "run.output", "backbone.weights", "source.path")) {
      assertThat(ConfigFixture.refusal(ConfigFixture.layers(key + "=" + address)))
          .startsWith(key + " is ")
          .contains("must be a path or URI on a file system such as file, hdfs")
          .doesNotContain("\n");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "a/b:c",
        "/x",
        "file:/x",
        "file:///x",
        "hdfs://h:8020/x",
        "viewfs://c/x",
        "s3a://b/x",
        "gs://b/x",
        "abfs://c@a.dfs.core.windows.net/x",
        "abfss://c@a/x",
        "wasb://c/x",
        "wasbs://c/x",
        "ofs://o/v/b",
        "o3fs://b.v/x",
        "webhdfs://h/x",
        "swebhdfs://h/x",
        "HDFS://h/x"
      })
  void fileSystemsOfClustersAreLocations(String address) {
    assertThat(ConfigFixture.load("task.data=" + address).task().data().path()).isEqualTo(address);
  }
}
