package dev.mona.learner;

import java.io.Serializable;
import java.util.Set;
import java.util.stream.Stream;

/**
 * How each stage trains.
 *
 * @param warmup stage 0
 * @param alignment stage 1
 * @param finetuning stage 2
 */
public record Stages(StageOptions warmup, StageOptions alignment, StageOptions finetuning)
    implements Serializable {

  /** The options of one stage. */
  public StageOptions get(Stage stage) {
    return switch (stage) {
      case WARMUP -> warmup;
      case ALIGNMENT -> alignment;
      case FINETUNING -> finetuning;
    };
  }

  /** Passes over the target training data in all stages. */
  public int epochs() {
    return Stream.of(Stage.values()).mapToInt(stage -> get(stage).epochs()).sum();
  }

  /** The stages without some before finetuning, which takes over their epochs. */
  public Stages finetuningInsteadOf(Set<Stage> left) {
    int epochs = left.stream().mapToInt(stage -> get(stage).epochs()).sum();
    return new Stages(
        left.contains(Stage.WARMUP) ? warmup.off() : warmup,
        left.contains(Stage.ALIGNMENT) ? alignment.off() : alignment,
        finetuning.longer(epochs));
  }
}
