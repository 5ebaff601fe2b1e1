package dev.mona.config;

import dev.mona.learner.FinetuneScope;
import dev.mona.learner.Stage;
import dev.mona.learner.StagePlan;
import java.util.Locale;

/**
 * The training methods that are compared with each other, each with its plan of the stages. Every
 * method makes the same number of passes over the target data: one that leaves a stage out gives
 * its epochs to finetuning.
 */
public enum Method {
  /** Warm-up, alignment, finetuning. */
  MONA("runs the three stages") {
    @Override
    StagePlan plan(TrainingConfig written) {
      return written.aligning(written.bilevel());
    }
  },
  /**
   * Control: MoNA without the outer signal. The same three stages with a strength of 0, so that the
   * outer signal is all that is missing; the alignment trains what the warm-up does, anew.
   */
  WARMUP_FINETUNE("is MoNA without the outer signal, the same stages with a strength of 0") {
    @Override
    StagePlan plan(TrainingConfig written) {
      return written.aligning(written.bilevel().withoutSignal());
    }
  },
  /** Naive finetuning: the epochs of all stages are finetuning epochs. */
  FINETUNE("makes all epochs finetuning epochs") {
    @Override
    StagePlan plan(TrainingConfig written) {
      return written.finetuningAlone();
    }
  },
  /** Control: MoNA with the source labels permuted over the texts. */
  MONA_SHUFFLED("is mona with permuted source labels") {
    @Override
    StagePlan plan(TrainingConfig written) {
      return written.aligning(written.bilevel().shuffled());
    }

    @Override
    String withoutAlignment() {
      return "without alignment there are no labels to shuffle";
    }
  },
  /**
   * ORCA (Shen et al., ICML 2023): the embedder is aligned by optimal transport, then finetuning.
   */
  ORCA("aligns the embedder by optimal transport and makes the warm-up epochs finetuning epochs") {
    @Override
    StagePlan plan(TrainingConfig written) {
      return written.finetuningInsteadOf(Stage.WARMUP).aligning(written.transport());
    }

    @Override
    String withoutAlignment() {
      return "give the alignment an epoch, or use finetune";
    }
  },
  /** Frozen pretrained transformer (Lu et al., AAAI 2022): FINETUNE of layer norms only. */
  LAYERNORM("is finetune of the encoder's layer norms") {
    @Override
    StagePlan plan(TrainingConfig written) {
      return written.finetuningAlone(FinetuneScope.LAYER_NORM);
    }

    @Override
    boolean accepts(FinetuneScope scope) {
      return scope != FinetuneScope.NON_ATTENTION;
    }

    @Override
    boolean acceptsAdapters() {
      return false;
    }
  },
  /** FINETUNE from random values: nothing is taken from the checkpoint. */
  SCRATCH("is finetune from random values") {
    @Override
    StagePlan plan(TrainingConfig written) {
      return written.finetuningAlone();
    }

    @Override
    boolean accepts(FinetuneScope scope) {
      return scope == FinetuneScope.ALL;
    }

    @Override
    public boolean startsPretrained() {
      return false;
    }
  };

  private final String summary;

  Method(String summary) {
    this.summary = summary;
  }

  /** What the method does in its stages. */
  abstract StagePlan plan(TrainingConfig written);

  /** Why the method needs epochs of alignment, or what to do instead; empty where it does not. */
  String withoutAlignment() {
    return "";
  }

  /** Whether finetuning may be given this scope. */
  boolean accepts(FinetuneScope scope) {
    return true;
  }

  /** Whether finetuning may train adapters in place of the encoder. */
  boolean acceptsAdapters() {
    return startsPretrained();
  }

  /** Whether parameters start as they are in the checkpoint. */
  public boolean startsPretrained() {
    return true;
  }

  /** Name in configuration files and reports. */
  public String id() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** What the method does, in a few words that follow its name. */
  String summary() {
    return summary;
  }
}
