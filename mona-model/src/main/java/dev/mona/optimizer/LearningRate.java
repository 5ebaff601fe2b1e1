package dev.mona.optimizer;

/**
 * The learning rate of each optimizer step: with {@code e = iteration / stepsPerEpoch} epochs done,
 *
 * <pre>
 * peak * e / warmup                      e &lt; warmup
 * peak * (decay - e) / (decay - warmup)  warmup &lt;= e &lt; decay
 * 0                                      e &gt;= decay
 * </pre>
 *
 * <p>without the second and third line when the decay is off, which leaves the peak. The very first
 * step of a warm-up has rate 0; it only fills the moments.
 *
 * @param peak largest rate
 * @param schedule warm-up and decay in epochs
 */
public record LearningRate(double peak, ScheduleOptions schedule) {

  /**
   * The rate of one step.
   *
   * @param iteration optimizer steps taken before
   * @param stepsPerEpoch optimizer steps in one epoch, {@code >= 1}
   */
  public double at(long iteration, int stepsPerEpoch) {
    if (iteration < 0 || stepsPerEpoch < 1) {
      throw new IllegalArgumentException(
          "iteration is "
              + iteration
              + ", must be >= 0; steps per epoch are "
              + stepsPerEpoch
              + ", must be >= 1");
    }
    double epochs = (double) iteration / stepsPerEpoch;
    double warmup = schedule.warmupEpochs();
    double decay = schedule.decayEpochs();
    if (epochs < warmup) {
      return peak * epochs / warmup;
    }
    if (decay == 0) {
      return peak;
    }
    return peak * Math.max(0, (decay - epochs) / (decay - warmup));
  }
}
