package dev.mona.config;

/**
 * Who is shown the run besides its own files. None of it changes a result.
 *
 * @param tensorboard whether event files of TensorBoard are written beside the metrics
 * @param mlflow address of a tracking server of MLflow; empty for none
 */
public record TrackingConfig(boolean tensorboard, String mlflow) {
  static final Section SECTION = new Section("Tracking");

  static final Key<Boolean> TENSORBOARD =
      SECTION.add(
          Key.flag(
                  "tracking.tensorboard",
                  "Whether event files for TensorBoard are written into the folder `tensorboard`"
                      + " of the run; see [tracking](tracking.md)")
              .notDecisive());
  static final Key<String> MLFLOW =
      SECTION.add(
          Key.of(
                  new ValueType.WebAddress(),
                  "tracking.mlflow",
                  "Tracking server of MLflow that is told of the run, such as"
                      + " `http://mlflow:5000`; empty for none. It never ends a run")
              .notDecisive());

  static TrackingConfig from(Values values) {
    return new TrackingConfig(values.get(TENSORBOARD), values.get(MLFLOW));
  }
}
