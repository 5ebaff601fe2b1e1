package dev.mona.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mona.learner.StageOptions;
import dev.mona.optimizer.Adam;
import dev.mona.optimizer.OptimizerOptions;
import dev.mona.optimizer.Sgd;
import dev.mona.task.Loss;
import dev.mona.task.TaskKind;
import java.nio.file.Path;
import java.util.Locale;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The task files of the paper's 18 data sets against the table of the paper's line of code. */
class PaperTasksTest {
  private static final Path TASKS = Path.of("..", "conf", "tasks");

  // task, encoder, loss, metric, optimizer, rate, decay, momentum, batch, accumulation, epochs,
  // warm-up, end of decay, clip, target length of series, weight of positives
  @ParameterizedTest(name = "{0}")
  @CsvSource({
    "cifar100, swin, auto, error-rate, sgd, 1e-4, 1e-3, .9, 32, 32, 60, 5, 200, 0, 64, 1",
    "spherical, swin, auto, error-rate, adamw, 1e-4, .1, 0, 32, 4, 60, 5, 60, 0, 64, 1",
    "darcy, swin, relative-l2, relative-l2, adamw, 1e-3, 5e-3, 0, 4, 1, 100, 5, 100, 0, 64, 1",
    "psicov, swin, mean-squared, contact-mae, adam, 5e-6, 1e-5, 0, 1, 32, 10, 5, 100, 0, 64, 1",
    "cosmic, swin, binary-cross-entropy, auroc, adamw, 1e-3, 0, 0, 4, 1, 60, 5, 60, 0, 64, 1",
    "ninapro, swin, auto, error-rate, adam, 1e-4, 1e-5, 0, 32, 1, 60, 5, 60, 1, 64, 1",
    "fsd50k, swin, auto, map, adam, 1e-4, 5e-5, 0, 32, 1, 100, 5, 100, 0, 64, 10",
    "ecg, roberta, auto, macro-f1, sgd, 1e-6, .1, .99, 4, 16, 15, 5, 200, 0, 64, 1",
    "satellite, roberta, auto, error-rate, adamw, 3e-5, 3e-6, 0, 16, 4, 60, 5, 60, 0, 512, 1",
    "deepsea, roberta, auto, auroc, adam, 1e-5, 0, 0, 16, 1, 13, 10, 25, 1, 512, 4",
    "pde-advection, roberta, nrmse, nrmse, adam, 1e-4, 1e-5, 0, 4, 1, 200, 5, 200, 1, 512, 1",
    "pde-burgers, roberta, rmse, nrmse, adam, 1e-5, 1e-5, 0, 4, 1, 200, 5, 200, 1, 128, 1",
    "pde-diffusion-reaction-1d, roberta, nrmse, nrmse, sgd, 1e-3, 1e-5, .99, 4, 1, 200, 5, 200, 1,"
        + " 256, 1",
    "pde-diffusion-sorption, roberta, nrmse, nrmse, adamw, 1e-4, 0, 0, 4, 1, 200, 5, 200, 1, 32, 1",
    "pde-cfd-1d, roberta, rmse, nrmse, adamw, 1e-4, 1e-3, 0, 4, 1, 200, 5, 200, 1, 128, 1",
    "pde-shallow-water, swin, nrmse, nrmse, adamw, 1e-4, 0, 0, 4, 1, 200, 10, 200, 1, 64, 1",
    "pde-darcy, swin, nrmse, nrmse, adamw, 1e-4, 1e-5, 0, 4, 1, 100, 5, 200, 0, 64, 1",
    "pde-diffusion-reaction-2d, swin, nrmse, nrmse, adam, 1e-4, 1e-3, 0, 4, 1, 200, 5, 200, 1, 64,"
        + " 1"
  })
  void hasThePublishedSettings(
      String task,
      String encoder,
      String loss,
      String metric,
      String kind,
      double rate,
      double decay,
      double momentum,
      int batch,
      int accumulation,
      int epochs,
      int warm,
      int end,
      double clip,
      int target,
      double positiveWeight) {
    MonaConfig config = ConfigLayers.start().task(TASKS, task).load();
    assertThat(config.task().name()).isEqualTo(task);
    assertThat(config.task().metric().id()).isEqualTo(metric);
    assertThat(config.task().loss().positiveWeight()).isEqualTo(positiveWeight);
    if (!loss.equals("auto")) {
      Loss wanted = Loss.valueOf(loss.toUpperCase(Locale.ROOT).replace('-', '_'));
      assertThat(config.task().loss().options(TaskKind.DENSE).loss()).isEqualTo(wanted);
    }
    assertThat(config.backbone().weights()).startsWith("weights/" + encoder);
    assertThat(config.embedder().targetLength()).isEqualTo(target);
    StageOptions stage = config.training().stages().finetuning();
    assertThat(stage.epochs()).isEqualTo(epochs);
    assertThat(stage.batchSize()).isEqualTo(batch);
    assertThat(stage.accumulation()).isEqualTo(accumulation);
    assertThat(stage.optimizer().clipNorm()).isEqualTo(clip);
    assertThat(stage.schedule().warmupEpochs()).isEqualTo(warm);
    assertThat(stage.schedule().decayEpochs()).isEqualTo(end);
    OptimizerOptions optimizer = stage.optimizer();
    assertThat(optimizer.learningRate()).isEqualTo(rate);
    assertThat(optimizer.rule())
        .isEqualTo(
            kind.equals("sgd")
                ? new Sgd(momentum, decay)
                : new Adam(0.9, 0.98, 1e-8, decay, kind.equals("adamw")));
  }
}
