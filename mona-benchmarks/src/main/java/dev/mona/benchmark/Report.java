package dev.mona.benchmark;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * All measurements of one run, as a table for people and as JSON.
 *
 * @param machine where
 * @param shape what was computed
 * @param command how the run was started
 * @param versions version of each peer by its name, the reference first
 * @param measurements in the order they were taken
 */
record Report(
    Machine machine,
    Shape shape,
    String command,
    Map<String, String> versions,
    List<Measurement> measurements) {
  /** Share of the processors used by others from which on a table says so. */
  private static final double BUSY = 0.05;

  Report {
    versions = new LinkedHashMap<>(versions);
    measurements = List.copyOf(measurements);
  }

  List<Measurement> of(String peer, StepKind kind) {
    return measurements.stream().filter(m -> m.peer().equals(peer) && m.kind() == kind).toList();
  }

  /** Peers that have a step, the reference first. */
  private List<String> peers(StepKind kind) {
    return versions.keySet().stream().filter(peer -> !of(peer, kind).isEmpty()).toList();
  }

  private Set<StepKind> kinds() {
    Set<StepKind> kinds = new LinkedHashSet<>();
    measurements.forEach(m -> kinds.add(m.kind()));
    return kinds;
  }

  /** Markdown: the machine, one table a step, the ratios of the first peer to each other. */
  String markdown() {
    StringBuilder text = new StringBuilder();
    text.append("Machine: ").append(machine.model()).append(", ").append(machine.cores());
    text.append(" cores, ").append(machine.system()).append(", Java ").append(machine.java());
    text.append("\nThreads: ").append(shape.threads());
    text.append("\nPeers: ");
    versions.forEach(
        (name, version) -> text.append(name).append(" (").append(version).append(") "));
    text.append("\nShapes: ").append(String.join(" ", shape.arguments()));
    text.append("\nCommand: ").append(command).append("\n");
    for (StepKind kind : kinds()) {
      text.append("\n## ").append(kind.id()).append("\n\n");
      appendTimes(text, kind);
      appendRatios(text, kind);
    }
    appendCost(text);
    double busiest = measurements.stream().mapToDouble(Measurement::foreignShare).max().orElse(0);
    if (busiest > BUSY) {
      text.append(
          String.format(
              Locale.ROOT,
              "\nOther processes used up to %.0f %% of the machine meanwhile: repeat on an idle one.\n",
              100 * busiest));
    }
    return text.toString();
  }

  private void appendTimes(StringBuilder text, StepKind kind) {
    text.append("| turn |");
    List<String> peers = peers(kind);
    peers.forEach(name -> text.append(" ").append(name).append(" s |"));
    text.append(" used by others |\n|---|").append("---|".repeat(peers.size() + 1)).append("\n");
    for (Measurement turn : of(peers.get(0), kind)) {
      text.append("| ").append(turn.repetition() + 1).append(" |");
      double foreign = 0;
      for (String peer : peers) {
        Measurement measured = of(peer, kind).get(turn.repetition());
        foreign = Math.max(foreign, measured.foreignShare());
        text.append(String.format(Locale.ROOT, " %.3f |", measured.median()));
      }
      text.append(String.format(Locale.ROOT, " %.0f %% |%n", 100 * foreign));
    }
  }

  private void appendRatios(StringBuilder text, StepKind kind) {
    List<String> peers = peers(kind);
    String first = peers.get(0);
    for (String peer : peers.subList(1, peers.size())) {
      Comparison ratio = Comparison.ratio(of(first, kind), of(peer, kind));
      text.append(
          String.format(
              Locale.ROOT,
              "%n%s / %s (%s): median %.2f, from %.2f to %.2f%n",
              first,
              peer,
              of(peer, kind).get(0).work().variant(),
              ratio.median(),
              ratio.least(),
              ratio.most()));
    }
  }

  /** What meta-steps cost in units of a plain gradient. */
  private void appendCost(StringBuilder text) {
    for (String peer : versions.keySet()) {
      List<Measurement> plain = of(peer, StepKind.GRADIENT);
      for (StepKind kind : List.of(StepKind.EXACT, StepKind.GRADIENT_ALIGNMENT)) {
        if (!plain.isEmpty() && of(peer, kind).size() == plain.size()) {
          text.append(
              String.format(
                  Locale.ROOT,
                  "%n%s: %s costs %.2f gradients%n",
                  peer,
                  kind.id(),
                  Comparison.ratio(of(peer, kind), plain).median()));
        }
      }
    }
  }

  /** Writes {@code result.md} and {@code result.json} into a directory. */
  void write(Path directory) throws IOException {
    Files.createDirectories(directory);
    Files.writeString(directory.resolve("result.md"), markdown());
    ObjectMapper json = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);
    json.writeValue(directory.resolve("result.json").toFile(), this);
  }
}
