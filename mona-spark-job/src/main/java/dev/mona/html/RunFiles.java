package dev.mona.html;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.mona.StoredJson;
import dev.mona.storage.RunDirectory;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What a run has left, as far as it is there: a run that goes on or was killed has less. What is
 * too large or no JSON counts as not there.
 *
 * @param run its directory
 */
record RunFiles(RunDirectory run) {
  private static final int LARGEST = 1 << 26;

  /** A whole text file of the run. */
  Optional<String> text(String name) {
    return run.exists(name) ? run.read(name, RunFiles::content) : Optional.empty();
  }

  private static Optional<String> content(InputStream in, long length) throws IOException {
    return length > LARGEST
        ? Optional.empty()
        : Optional.of(new String(in.readNBytes(LARGEST), StandardCharsets.UTF_8));
  }

  /** A document; a missing node where there is none. */
  JsonNode json(String name) {
    return text(name).flatMap(RunFiles::parsed).orElse(MissingNode.getInstance());
  }

  /** The objects of a file of JSON lines; a line that a kill has cut is left out. */
  List<JsonNode> lines(String name) {
    List<JsonNode> lines = new ArrayList<>();
    for (String line : text(name).orElse("").lines().toList()) {
      parsed(line).filter(JsonNode::isObject).ifPresent(lines::add);
    }
    return lines;
  }

  private static Optional<JsonNode> parsed(String text) {
    try {
      return Optional.ofNullable(StoredJson.tree(text));
    } catch (JsonProcessingException e) {
      return Optional.empty();
    }
  }

  /** What a run is called: the last part of its address. */
  String name() {
    String location = run.location();
    return location.substring(location.lastIndexOf('/') + 1);
  }
}
