package dev.mona.deploy.zeppelin;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.mona.deploy.Http;
import dev.mona.deploy.Installation;
import dev.mona.deploy.Running;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A Zeppelin server of one test on the loopback interface, and its REST interface. */
final class ZeppelinServer implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Duration START = Duration.ofMinutes(2);
  private static final Duration RUN = Duration.ofMinutes(5);

  private static final String OPENS =
      Stream.of(
              "java.lang",
              "java.lang.invoke",
              "java.lang.reflect",
              "java.io",
              "java.net",
              "java.nio",
              "java.util",
              "java.util.concurrent",
              "java.util.concurrent.atomic",
              "jdk.internal.ref",
              "sun.nio.ch",
              "sun.nio.cs",
              "sun.security.action",
              "sun.util.calendar")
          .map(name -> "--add-opens=java.base/" + name + "=ALL-UNNAMED")
          .collect(Collectors.joining(" "));

  /** Zeppelin's release has a script like this one, which its server calls with these options. */
  private static final String LAUNCHER =
      """
      #!/usr/bin/env bash
      set -eu
      while getopts 'd:c:p:r:i:l:v:u:g:' option; do
        case $option in
          d) group=$(basename "$OPTARG") ;;
          c) host=$OPTARG ;;
          p) port=$OPTARG ;;
          r) range=$OPTARG ;;
          i) id=$OPTARG ;;
          *) ;;
        esac
      done
      exec "%s" -Xmx1g -XX:+UseSerialGC %s -cp '%s' \\
        org.apache.zeppelin.interpreter.remote.RemoteInterpreterServer \\
        "$host" "$port" "$id" "$range" >>"$ZEPPELIN_HOME/logs/$group.log" 2>&1
      """;

  private static final String SETTING =
      """
      [{"group": "%1$s", "name": "%1$s", "className": "%2$s", "defaultInterpreter": true,
        "properties": %3$s, "editor": {"language": "%4$s"}}]
      """;

  private final Running server;
  private final String address;
  private int imported;

  private ZeppelinServer(Running server, String address) {
    this.server = server;
    this.address = address;
  }

  /** Starts a server whose files are in a folder, and waits until it answers. */
  static ZeppelinServer start(Path home) throws IOException {
    install(home);
    int port = Running.freePort();
    Map<String, String> environment = new LinkedHashMap<>();
    environment.put("ZEPPELIN_HOME", home.toString());
    environment.put("ZEPPELIN_CONF_DIR", home.resolve("conf").toString());
    environment.put("ZEPPELIN_ADDR", "127.0.0.1");
    environment.put("ZEPPELIN_LOCAL_IP", "127.0.0.1");
    environment.put("ZEPPELIN_PORT", String.valueOf(port));
    // looked for in the working directory otherwise, and without them nothing answers
    environment.put("ZEPPELIN_WAR", home.resolve("zeppelin-web/dist").toString());
    environment.put("ZEPPELIN_ANGULAR_WAR", home.resolve("zeppelin-web-angular/dist").toString());
    environment.put("ZEPPELIN_SEARCH_ENABLE", "false");
    // without it the server ends with its standard input
    environment.put("ZEPPELIN_IDENT_STRING", "test");
    environment.put("SPARK_LOCAL_IP", "127.0.0.1");
    environment.put("SPARK_LOCAL_HOSTNAME", "localhost");
    List<String> command =
        List.of(
            java(),
            "-Xmx512m",
            "-XX:+UseSerialGC",
            "--add-opens=java.base/java.lang=ALL-UNNAMED",
            "--add-opens=java.base/java.nio=ALL-UNNAMED",
            "-Djava.io.tmpdir=" + Files.createDirectories(home.resolve("tmp")),
            "-Dzeppelin.log.file=" + home.resolve("logs/server.log"),
            "-cp",
            home.resolve("conf") + ":" + jars("zeppelin"),
            "org.apache.zeppelin.server.ZeppelinServer");
    Running process = Running.start(home.resolve("logs/server.out"), environment, command);
    ZeppelinServer started = new ZeppelinServer(process, "http://127.0.0.1:" + port);
    try {
      process.awaitUntil("answer of Zeppelin", START, started::answers);
    } catch (AssertionError e) {
      process.close();
      throw e;
    }
    return started;
  }

  private static void install(Path home) throws IOException {
    for (String folder :
        List.of(
            "conf", "logs", "notebook", "zeppelin-web/dist", "zeppelin-web-angular/dist", "bin")) {
      Files.createDirectories(home.resolve(folder));
    }
    interpreter(home, "spark", ScalaInterpreter.class.getName(), "{}", "scala");
    interpreter(
        home,
        "md",
        "org.apache.zeppelin.markdown.Markdown",
        "{\"markdown.parser.type\": {\"defaultValue\": \"flexmark\", \"type\": \"string\"}}",
        "markdown");
    String classes = Installation.home().resolve("deploy/target/test-classes").toString();
    Path launcher = home.resolve("bin/interpreter.sh");
    Files.writeString(
        launcher,
        LAUNCHER.formatted(
            java(),
            OPENS,
            // Spark first: Zeppelin's copies of what both bring are older
            classes + ":" + jars("spark") + ":" + jars("zeppelin")));
    Files.setPosixFilePermissions(launcher, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  private static void interpreter(
      Path home, String group, String className, String properties, String language)
      throws IOException {
    Path folder = Files.createDirectories(home.resolve("interpreter/" + group));
    Files.writeString(
        folder.resolve("interpreter-setting.json"),
        SETTING.formatted(group, className, properties, language));
  }

  private static String jars(String distribution) {
    return Installation.distribution(distribution).resolve("jars").toAbsolutePath().normalize()
        + "/*";
  }

  private static String java() {
    return Path.of(System.getProperty("java.home"), "bin", "java").toString();
  }

  private boolean answers() {
    try {
      return send("GET", "/version", "").path("status").asText().equals("OK");
    } catch (UncheckedIOException e) {
      return false;
    }
  }

  /** Where it answers. */
  String address() {
    return address;
  }

  /** Imports a note under a path of its own, since names must differ; its id. */
  String importNote(String note) {
    imported++;
    return send("POST", "/notebook/import?notePath=/test/" + imported, note).path("body").asText();
  }

  /** Runs all paragraphs of a note, one after the other, with values of form fields. */
  NoteRun run(String id, Map<String, String> fields) {
    String body = JSON.createObjectNode().set("params", JSON.valueToTree(fields)).toString();
    send("POST", "/notebook/job/" + id + "?blocking=true", body);
    return NoteRun.of(send("GET", "/notebook/" + id, "").path("body"));
  }

  private JsonNode send(String method, String path, String body) {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(address + "/api" + path))
            .timeout(RUN)
            .header("Content-Type", "application/json")
            .method(method, HttpRequest.BodyPublishers.ofString(body))
            .build();
    try {
      return JSON.readTree(Http.send(request, HttpResponse.BodyHandlers.ofString()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    server.close();
  }
}
