package dev.mona.html;

import dev.mona.events.Spending;
import dev.mona.events.WallTime;
import dev.mona.html.Plot.Place;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Where the time went: of the whole run, and round by round.
 *
 * @param history epochs and rounds
 * @param time of the start that ended the run
 */
record TimeSection(History history, WallTime time) {
  /** Bars of the timeline; more rounds share one. */
  private static final int MOST_BARS = 120;

  /** Part of a bar's place on each side that stays free. */
  private static final double GAP = 0.06;

  private static final int WIDTH = 820;
  private static final int HEIGHT = 260;
  private static final List<String> PARTS =
      List.of("local steps", "averaging", "validation", "measures");

  void write(Page page) {
    page.section("time", "Time");
    if (history.rounds().isEmpty()) {
      page.note("No round has ended yet.").end();
      return;
    }
    page.wide();
    int each = (history.rounds().size() + MOST_BARS - 1) / MOST_BARS;
    page.chart(
        "Timeline of rounds",
        timeline(each),
        (each == 1 ? "A bar a round" : "A bar for " + each + " rounds")
            + ". Averaging is what the slowest worker's local steps did not take; validation and"
            + " measures stand at the last round of their epoch.");
    page.end();
    whole(page);
    page.end();
  }

  /** Seconds of each part in every bar, {@code [bars][parts]}. */
  double[][] bars(int each) {
    int n = history.rounds().size();
    double[][] bars = new double[(n + each - 1) / each][PARTS.size()];
    for (int i = 0; i < n; i++) {
      History.Round round = history.rounds().get(i);
      double[] bar = bars[i / each];
      bar[0] += round.seconds() - round.averaging();
      bar[1] += round.averaging();
      boolean last = i + 1 == n || history.rounds().get(i + 1).end() > Math.ceil(round.end());
      if (last) {
        for (History.Epoch epoch : history.epochs()) {
          if (epoch.end() == round.end() && epoch.stage() == round.stage()) {
            bar[2] += epoch.seconds("validation_seconds");
            bar[3] += epoch.seconds("measures_seconds");
          }
        }
      }
    }
    return bars;
  }

  private Plot timeline(int each) {
    double[][] bars = bars(each);
    double most = 0;
    for (double[] bar : bars) {
      most = Math.max(most, Arrays.stream(bar).sum());
    }
    Axis rounds = Axis.whole("round", (double) bars.length * each);
    Plot plot = new Plot(WIDTH, HEIGHT, rounds, Axis.upTo("seconds", most));
    for (int p = 0; p < PARTS.size(); p++) {
      plot.legend(PARTS.get(p), Plot.series(p));
    }
    for (int i = 0; i < bars.length; i++) {
      double below = 0;
      for (int p = 0; p < PARTS.size(); p++) {
        double above = below + bars[i][p];
        if (above > below) {
          plot.box(
              new Place(each * (i + GAP), below),
              new Place(each * (i + 1 - GAP), above),
              Plot.series(p),
              1);
        }
        below = above;
      }
    }
    return plot;
  }

  private void whole(Page page) {
    if (time.seconds().isEmpty()) {
      return;
    }
    Map<String, Double> parts = new LinkedHashMap<>();
    for (Spending spending : Spending.values()) {
      parts.put(spending.id().replace('_', ' '), time.of(spending));
    }
    page.sentence(
        "The start that ended the run took "
            + Figures.time(time.total())
            + " from the moment it turned to Spark to its summary.");
    page.bars(parts, time.total());
  }
}
