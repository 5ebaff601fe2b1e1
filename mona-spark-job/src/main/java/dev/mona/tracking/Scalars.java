package dev.mona.tracking;

import dev.mona.events.EpochEnded;
import dev.mona.events.RoundEnded;
import dev.mona.events.RunEnded;
import java.time.Clock;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The figures of events as scalars. Their step is the number of rounds of all stages that have
 * ended, so that it grows from stage to stage; an epoch has the step of its last round. What is not
 * finite is left out.
 */
final class Scalars {
  private final Clock clock;
  private long rounds;

  Scalars(Clock clock) {
    this.clock = clock;
  }

  /** The run goes on after this many rounds. */
  void goOnAfter(long ended) {
    rounds = ended;
  }

  List<Scalar> of(RoundEnded ended) {
    rounds++;
    Map<String, Double> figures = new LinkedHashMap<>(ended.figures());
    figures.put("seconds", ended.work().seconds());
    return scalars(ended.at().epoch().stage().id() + "/round/", figures);
  }

  List<Scalar> of(EpochEnded ended) {
    Map<String, Double> figures = new LinkedHashMap<>(ended.figures());
    figures.put("seconds", ended.work().seconds());
    figures.put("validation_seconds", ended.evaluation().validation());
    figures.put("measures_seconds", ended.evaluation().measures());
    return scalars(ended.at().stage().id() + "/epoch/", figures);
  }

  List<Scalar> of(RunEnded ended) {
    List<Scalar> all = new ArrayList<>(scalars("scores/", ended.scores().byId()));
    Map<String, Double> seconds = new LinkedHashMap<>();
    ended.time().seconds().forEach((spending, value) -> seconds.put(spending.id(), value));
    all.addAll(scalars("wall_seconds/", seconds));
    return all;
  }

  private List<Scalar> scalars(String prefix, Map<String, Double> figures) {
    long now = clock.millis();
    List<Scalar> scalars = new ArrayList<>();
    figures.forEach(
        (name, value) -> {
          if (Double.isFinite(value)) {
            scalars.add(new Scalar(prefix + name, rounds, value, now));
          }
        });
    return scalars;
  }
}
