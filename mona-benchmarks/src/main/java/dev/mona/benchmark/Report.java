package dev.mona.benchmark;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import dev.mona.compute.Precision;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * All measurements of one run, as tables for people and as JSON.
 *
 * @param setting where and how the run was done
 * @param peers in the order of the tables
 * @param measurements in the order they were taken
 * @param counts of warm steps
 */
record Report(
    Setting setting, List<Version> peers, List<Measurement> measurements, List<Counts> counts) {
  /** Share of the processors used by others from which on a table says so. */
  private static final double BUSY = 0.05;

  /**
   * Where and how a run was done.
   *
   * @param machine where
   * @param shape what was computed
   * @param command how the run was started
   * @param notes what was left out and why
   */
  record Setting(Machine machine, Shape shape, String command, List<String> notes) {
    Setting {
      notes = List.copyOf(notes);
    }
  }

  /**
   * What a peer computed with.
   *
   * @param peer which one
   * @param libraries with their versions
   */
  record Version(PeerId peer, String libraries) {}

  Report {
    peers = List.copyOf(peers);
    measurements = List.copyOf(measurements);
    counts = List.copyOf(counts);
  }

  List<Measurement> of(PeerId peer, StepKind kind) {
    return measurements.stream().filter(m -> m.peer().equals(peer) && m.kind() == kind).toList();
  }

  /** Peers that have a step, in order. */
  private List<PeerId> peers(StepKind kind) {
    return peers.stream().map(Version::peer).filter(peer -> !of(peer, kind).isEmpty()).toList();
  }

  private Set<StepKind> kinds() {
    Set<StepKind> kinds = new LinkedHashSet<>();
    measurements.forEach(m -> kinds.add(m.kind()));
    return kinds;
  }

  /** Markdown: the machine, times and ratios of each step, and what a warm step asks for. */
  String markdown() {
    StringBuilder text = new StringBuilder();
    Machine machine = setting.machine;
    text.append("Machine: ").append(machine.model()).append(", ").append(machine.cores());
    text.append(" cores, ").append(machine.system()).append(", Java ").append(machine.java());
    text.append("\nThreads: ").append(setting.shape.threads());
    text.append("\nCommand: ").append(setting.command);
    text.append("\nShapes: ").append(String.join(" ", setting.shape.arguments())).append("\n\n");
    peers.forEach(
        version ->
            text.append("- ")
                .append(version.peer.title())
                .append(": ")
                .append(version.libraries)
                .append("\n"));
    setting.notes.forEach(note -> text.append("- ").append(note).append("\n"));
    for (StepKind kind : kinds()) {
      text.append("\n### ").append(kind.id()).append("\n\n");
      appendTimes(text, kind);
      appendRatios(text, kind);
    }
    appendCosts(text);
    appendCounts(text);
    double busiest = measurements.stream().mapToDouble(Measurement::foreignShare).max().orElse(0);
    if (busiest > BUSY) {
      append(
          text,
          "%nOther processes used up to %.0f %% of the machine meanwhile: repeat on an idle one.%n",
          100 * busiest);
    }
    return text.toString();
  }

  private void appendTimes(StringBuilder text, StepKind kind) {
    text.append("| seconds a step | runs | minimum | median | maximum | how | used by others |\n");
    text.append("|---|---|---|---|---|---|---|\n");
    for (PeerId peer : peers(kind)) {
      List<Measurement> turns = of(peer, kind);
      double[] seconds =
          turns.stream().flatMapToDouble(m -> Arrays.stream(m.work().seconds())).toArray();
      append(
          text,
          "| %s | %d | %.3f | %.3f | %.3f | %s | %.0f %% |%n",
          peer.title(),
          seconds.length,
          Arrays.stream(seconds).min().orElseThrow(),
          Measurement.median(seconds),
          Arrays.stream(seconds).max().orElseThrow(),
          turns.get(0).work().variant(),
          100 * turns.stream().mapToDouble(Measurement::foreignShare).max().orElseThrow());
    }
  }

  /** Of the first peer of each precision to the others, and between the precisions of a library. */
  private void appendRatios(StringBuilder text, StepKind kind) {
    List<PeerId[]> pairs = new ArrayList<>();
    Map<Precision, PeerId> firsts = new EnumMap<>(Precision.class);
    for (PeerId peer : peers(kind)) {
      PeerId first = firsts.putIfAbsent(peer.precision(), peer);
      if (first != null) {
        pairs.add(new PeerId[] {first, peer});
        continue;
      }
      firsts.values().stream()
          .filter(f -> f.library() == peer.library() && f.precision() != peer.precision())
          .forEach(f -> pairs.add(new PeerId[] {peer, f}));
    }
    if (pairs.isEmpty()) {
      return;
    }
    text.append("\n| ratio of the medians of a turn | minimum | median | maximum |\n");
    text.append("|---|---|---|---|\n");
    for (PeerId[] pair : pairs) {
      Comparison ratio = Comparison.ratio(of(pair[0], kind), of(pair[1], kind));
      append(
          text,
          "| %s / %s | %.2f | %.2f | %.2f |%n",
          pair[0].title(),
          pair[1].title(),
          ratio.least(),
          ratio.median(),
          ratio.most());
    }
  }

  /** What meta-steps cost in units of a plain gradient. */
  private void appendCosts(StringBuilder text) {
    StringBuilder rows = new StringBuilder();
    for (Version version : peers) {
      List<Measurement> plain = of(version.peer, StepKind.GRADIENT);
      for (StepKind kind : List.of(StepKind.EXACT, StepKind.GRADIENT_ALIGNMENT)) {
        List<Measurement> meta = of(version.peer, kind);
        if (!plain.isEmpty() && meta.size() == plain.size()) {
          Comparison cost = Comparison.ratio(meta, plain);
          append(
              rows,
              "| %s | %s | %.2f | %.2f | %.2f |%n",
              version.peer.title(),
              kind.id(),
              cost.least(),
              cost.median(),
              cost.most());
        }
      }
    }
    if (!rows.isEmpty()) {
      text.append("\n### Meta-steps in plain gradients\n\n");
      text.append("| peer | step | minimum | median | maximum |\n|---|---|---|---|---|\n");
      text.append(rows);
    }
  }

  private void appendCounts(StringBuilder text) {
    if (counts.isEmpty()) {
      return;
    }
    List<String> names =
        List.of(Counts.CALLS, Counts.WAITS, Counts.JAVA_BYTES, Counts.NATIVE_BYTES);
    text.append("\n### A warm step\n\n| peer | step |");
    names.forEach(name -> text.append(" ").append(name).append(" |"));
    text.append("\n|---|---|").append("---|".repeat(names.size())).append("\n");
    for (Counts counted : counts) {
      text.append("| ").append(counted.peer().title());
      text.append(" | ").append(counted.kind().id()).append(" |");
      names.forEach(name -> append(text, " %,d |", counted.get(name)));
      text.append("\n");
    }
  }

  private static void append(StringBuilder text, String format, Object... values) {
    text.append(String.format(Locale.ROOT, format, values));
  }

  /** Writes {@code result.md} and {@code result.json} into a directory. */
  void write(Path directory) throws IOException {
    Files.createDirectories(directory);
    Files.writeString(directory.resolve("result.md"), markdown());
    ObjectMapper json = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);
    json.writeValue(directory.resolve("result.json").toFile(), this);
  }
}
