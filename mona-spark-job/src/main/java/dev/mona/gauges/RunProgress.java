package dev.mona.gauges;

import dev.mona.events.EpochPosition;
import dev.mona.events.RoundEnded;
import dev.mona.events.RunListener;
import dev.mona.events.StageStarted;
import dev.mona.learner.Stage;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/** Where the run of this driver is. Told by the driver's thread, read by any. */
public final class RunProgress implements RunListener {

  /**
   * What was told last.
   *
   * @param place where the run is
   * @param round the round that ended last, in whatever stage; null before the first
   */
  record Now(Place place, @Nullable RoundEnded round) {
    static final Now NOTHING = new Now(new Place(0, 0, 0, 0), null);

    /** Something of the round that ended last; NaN before the first. */
    double last(ToDoubleFunction<RoundEnded> value) {
      return round == null ? Double.NaN : value.applyAsDouble(round);
    }
  }

  /**
   * Where a run is.
   *
   * @param stage 1 warm-up, 2 alignment, 3 finetuning, 0 outside of stages
   * @param epoch epoch of the stage that is in progress, from 1; 0 outside of stages
   * @param rounds rounds of the whole stage
   * @param round rounds of the stage that have ended
   */
  record Place(int stage, int epoch, long rounds, long round) {}

  private volatile Now now = Now.NOTHING;

  RunProgress() {}

  Now now() {
    return now;
  }

  @Override
  public void stageStarted(StageStarted started) {
    long perEpoch = started.roundsPerEpoch();
    Place place =
        new Place(
            number(started.stage()),
            started.firstEpoch() + 1,
            perEpoch * started.epochs(),
            perEpoch * started.firstEpoch());
    now = new Now(place, now.round);
  }

  @Override
  public void roundEnded(RoundEnded ended) {
    EpochPosition epoch = ended.at().epoch();
    long perEpoch = ended.at().of();
    Place place =
        new Place(
            number(epoch.stage()),
            epoch.index() + 1,
            perEpoch * epoch.of(),
            perEpoch * epoch.index() + ended.at().index() + 1);
    now = new Now(place, ended);
  }

  private static int number(Stage stage) {
    return switch (stage) {
      case WARMUP -> 1;
      case ALIGNMENT -> 2;
      case FINETUNING -> 3;
    };
  }

  /** Back to nothing, so that a JVM that goes on with other work shows no run. */
  @Override
  public void close() {
    now = Now.NOTHING;
  }
}
