package dev.mona.benchmark;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Starts the peers, lets them take turns (this project, libtorch, PyTorch, this project, ...) and
 * prints the times and their ratios. Started by {@code run.sh}.
 *
 * <p>Settings, as system properties: {@code turns}, {@code steps} (of one turn), {@code threads},
 * {@code kinds} (comma-separated ids), {@code wait} (OpenMP's wait policy, passive), {@code
 * libtorch.jars} and {@code libtorch.classes}, {@code python} and {@code python.script}, {@code
 * output}. A peer without its settings is left out.
 */
final class SideBySide {
  private static final Logger LOG = LoggerFactory.getLogger(SideBySide.class);

  /** Until the JVMs have compiled what runs often: they use the same processors for it. */
  private static final int WARM_UP = 20;

  /** Until the waiting threads of the peer before have gone to sleep. */
  private static final long REST_MILLIS = 300;

  private SideBySide() {}

  public static void main(String[] arguments) throws IOException, InterruptedException {
    int turns = Integer.getInteger("turns", 5);
    int steps = Integer.getInteger("steps", 5);
    Shape shape = Shape.standard(Integer.getInteger("threads", 2));
    List<StepKind> kinds = new ArrayList<>();
    for (String id :
        System.getProperty("kinds", "encoder,gradient,exact,gradient-alignment,swin,hiera")
            .split(",", -1)) {
      kinds.add(StepKind.of(id));
    }
    List<Peer> peers = new ArrayList<>();
    try {
      for (PeerCommand command : commands()) {
        peers.add(new Peer(command, shape));
      }
      List<Measurement> measurements = measure(peers, kinds, turns, steps);
      Map<String, String> versions = new LinkedHashMap<>();
      peers.forEach(peer -> versions.put(peer.name(), peer.version()));
      Report report =
          new Report(
              Machine.current(),
              shape,
              System.getProperty("command", "java " + SideBySide.class.getName()),
              versions,
              measurements);
      System.out.print(report.markdown());
      String output = System.getProperty("output");
      if (output != null) {
        report.write(Path.of(output));
      }
    } finally {
      for (Peer peer : peers) {
        peer.close();
      }
    }
  }

  private static List<PeerCommand> commands() {
    List<PeerCommand> commands = new ArrayList<>(List.of(PeerCommand.mona()));
    String jars = System.getProperty("libtorch.jars");
    String classes = System.getProperty("libtorch.classes");
    if (jars != null && classes != null) {
      commands.add(PeerCommand.libtorch(Path.of(jars), Path.of(classes)));
    }
    String python = System.getProperty("python");
    String script = System.getProperty("python.script");
    if (python != null && script != null) {
      commands.add(PeerCommand.pytorch(python, Path.of(script)));
    }
    return commands;
  }

  private static List<Measurement> measure(
      List<Peer> peers, List<StepKind> kinds, int turns, int steps)
      throws IOException, InterruptedException {
    List<Measurement> measurements = new ArrayList<>();
    for (StepKind kind : kinds) {
      List<Peer> able = peers.stream().filter(peer -> peer.has(kind)).toList();
      Measurement first = able.get(0).time(kind, 0, WARM_UP);
      for (Peer peer : able.subList(1, able.size())) {
        first.requireAgreement(peer.time(kind, 0, WARM_UP));
      }
      for (int turn = 0; turn < turns; turn++) {
        for (Peer peer : able) {
          Thread.sleep(REST_MILLIS);
          Measurement measured = peer.time(kind, turn, steps);
          measurements.add(measured);
          LOG.info(
              "step={} turn={} peer={} median={} foreign={}",
              kind.id(),
              turn,
              peer.name(),
              measured.median(),
              measured.foreignShare());
        }
      }
    }
    return measurements;
  }
}
