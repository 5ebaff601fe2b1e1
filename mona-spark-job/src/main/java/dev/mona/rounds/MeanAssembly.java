package dev.mona.rounds;

import dev.mona.learner.TrainingState;
import org.jspecify.annotations.Nullable;

/** Puts the averaged state together from what reducers hand back, as it arrives. */
final class MeanAssembly {
  private final StateChunks chunks;
  private final TrainingState mean;
  private Contribution.@Nullable Report report;
  private int pasted;

  MeanAssembly(StateChunks chunks) {
    this.chunks = chunks;
    this.mean = new TrainingState(new float[chunks.parameters()], new float[chunks.moments()], 0);
  }

  /** Takes what one reducer hands back: the means of its chunks, and the report if it has it. */
  void add(Contribution[] reduced) {
    for (Contribution contribution : reduced) {
      if (contribution instanceof Contribution.Report one) {
        report = one;
      } else if (contribution instanceof Contribution.Chunk chunk) {
        chunks.paste(chunk.values(), chunk.chunk(), mean);
        pasted++;
      }
    }
  }

  /**
   * All of it.
   *
   * @throws IllegalStateException if something is missing
   */
  Averaged averaged() {
    if (report == null || pasted != chunks.count()) {
      throw new IllegalStateException(
          "round came back with "
              + pasted
              + " of "
              + chunks.count()
              + " chunks and report "
              + report);
    }
    return new Averaged(mean, report);
  }
}
