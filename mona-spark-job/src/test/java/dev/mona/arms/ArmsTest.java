package dev.mona.arms;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mona.MonaException;
import dev.mona.config.ConfigLayers;
import dev.mona.config.MonaConfig;
import dev.mona.learner.FinetuneScope;
import dev.mona.learner.FinetuningOptions;
import java.util.ArrayList;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ArmsTest {
  private static MonaConfig config(List<String> settings) {
    ConfigLayers layers = ConfigLayers.start().set("task.name=t").set("task.data=d");
    settings.forEach(layers::set);
    return layers.load();
  }

  private static MonaConfig config(Arm arm) {
    return config(arm.settings());
  }

  private static List<String> names(Arms arms) {
    return arms.all().stream().map(Arm::name).toList();
  }

  private static Arm arm(Arms arms, String name) {
    return arms.all().stream().filter(arm -> arm.name().equals(name)).findFirst().orElseThrow();
  }

  private static Arms ablation(String... base) {
    return Arms.of(Preset.ABLATION, config(List.of(base)));
  }

  private static void assertRefused(ThrowingCallable call, String message) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            MonaException.class,
            e -> assertThat(e.category()).isEqualTo(MonaException.Category.CONFIGURATION))
        .hasMessage(message);
  }

  @Test
  void methodsAreHeldAgainstTheFirstOne() {
    Arms arms = Arms.ofMethods(List.of("finetune", "mona"));
    assertThat(arms.all())
        .containsExactly(
            new Arm("finetune", List.of("method=finetune"), "finetune"),
            new Arm("mona", List.of("method=mona"), "finetune"));
  }

  /** What the defaults are already is no arm of its own. */
  @Test
  void theAblationHasEachArmOnce() {
    Arms arms = ablation().distinct(ArmsTest::config);
    assertThat(names(arms))
        .containsExactly(
            "mona",
            "no-warmup",
            "no-alignment",
            "warmup-finetune",
            "align-only",
            "uniform-only",
            "supcon",
            "finite-difference",
            "gradient-alignment",
            "mona-shuffled",
            "scratch");
    assertThat(arms.same()).containsOnlyKeys("exact").containsValue("mona");
    assertThat(arms.leftOut()).isEqualTo("arm exact is arm mona\n");
    assertThat(arms.all()).allMatch(arm -> arm.baseline().equals("mona"));
  }

  @Test
  void everyArmOfTheAblationPassesOverTheDataEquallyOften() {
    String[] base = {"warmup.epochs=2", "alignment.epochs=3", "finetuning.epochs=5"};
    for (Arm arm : ablation(base).all()) {
      List<String> all = new ArrayList<>(List.of(base));
      all.addAll(arm.settings());
      assertThat(config(all).plan().stages().epochs()).as(arm.name()).isEqualTo(10);
    }
    assertThat(config(arm(ablation(), "no-warmup")).plan().stages().warmup().epochs()).isZero();
    assertThat(config(arm(ablation(), "no-alignment")).plan().stages().alignment().epochs())
        .isZero();
  }

  /** Twelve, each held against the control with the same encoder; all are configurations. */
  @Test
  void confinedArmsAreHeldAgainstTheControlThatIsConfinedAlike() {
    Arms arms = Arms.of(Preset.CONFINED, config(List.of()));
    assertThat(arms.distinct(ArmsTest::config).all()).hasSize(12);
    for (String how : List.of("", "-lora", "-norms", "-replay")) {
      for (String method : List.of("warmup-finetune", "mona", "finetune")) {
        Arm arm = arm(arms, method + how);
        assertThat(arm.baseline()).isEqualTo("warmup-finetune" + how);
        assertThat(config(arm.settings()).method().id()).isEqualTo(method);
      }
    }
    assertThat(finetuning(arms, "mona-lora").lora()).isNotNull();
    assertThat(finetuning(arms, "mona-norms").scope()).isEqualTo(FinetuneScope.LAYER_NORM);
    assertThat(arm(arms, "mona-replay").settings()).contains("finetuning.replay.weight=0.3");
    // whatever the configuration has
    for (String base : List.of("finetuning.adapter=lora", "finetuning.scope=layernorm")) {
      List<String> all = new ArrayList<>(List.of(base));
      all.addAll(arm(arms, "mona").settings());
      assertThat(config(all).plan().finetuning()).isEqualTo(finetuning(arms, "mona"));
    }
  }

  private static FinetuningOptions finetuning(Arms arms, String name) {
    return config(arm(arms, name).settings()).plan().finetuning();
  }

  /** Settings that only one estimator can have do not stop the others. */
  @Test
  void everyEstimatorRunsWhateverTheConfigurationHas() {
    for (String estimator : List.of("exact", "finite-difference", "gradient-alignment")) {
      List<String> several = new ArrayList<>(List.of("alignment.estimator=exact"));
      several.add("alignment.inner-steps=2");
      several.add("alignment.virtual-steps.batches=new");
      several.addAll(arm(ablation(), estimator).settings());
      assertThat(config(several)).isNotNull();
      List<String> reusing = new ArrayList<>(List.of("alignment.estimator=gradient-alignment"));
      reusing.add("alignment.outer-gradient-reuse=4");
      reusing.addAll(arm(ablation(), estimator).settings());
      assertThat(config(reusing)).isNotNull();
    }
    String[] base = {"alignment.estimator=gradient-alignment"};
    Arms arms =
        ablation(base)
            .distinct(
                arm -> {
                  List<String> all = new ArrayList<>(List.of(base));
                  all.addAll(arm.settings());
                  return config(all);
                });
    assertThat(arms.same()).containsOnlyKeys("gradient-alignment");
    assertThat(names(arms)).contains("exact", "finite-difference");
  }

  @Test
  void aPartOfTheSamplesIsComparedWithinItself() {
    Arms arms =
        Arms.ofMethods(List.of("finetune", "mona")).withFractions(List.of("0.5", "10", "100"));
    assertThat(arms.all())
        .contains(
            new Arm(
                "mona-0.5pct",
                List.of("method=mona", "task.train-fraction=0.005"),
                "finetune-0.5pct"),
            new Arm("finetune", List.of("method=finetune"), "finetune"),
            new Arm("mona", List.of("method=mona"), "finetune"));
    assertThat(names(arms))
        .containsExactly(
            "finetune-0.5pct", "mona-0.5pct", "finetune-10pct", "mona-10pct", "finetune", "mona");
    assertThat(config(arm(arms, "mona-0.5pct")).task().data().trainFraction()).isEqualTo(0.005);
  }

  @Test
  void aGridHasEveryCombinationAndOneMethodIsHeldAgainstItsFirstPoint() {
    Arms arms =
        Arms.ofMethods(List.of("mona"))
            .withGrid(List.of("warmup.epochs=1,2", "alignment.alpha=0.05, 0.1"));
    assertThat(names(arms))
        .containsExactly(
            "mona-epochs-1-alpha-0.05",
            "mona-epochs-1-alpha-0.1",
            "mona-epochs-2-alpha-0.05",
            "mona-epochs-2-alpha-0.1");
    assertThat(arms.all()).allMatch(arm -> arm.baseline().equals("mona-epochs-1-alpha-0.05"));
    assertThat(arm(arms, "mona-epochs-2-alpha-0.1").settings())
        .containsExactly("method=mona", "warmup.epochs=2", "alignment.alpha=0.1");
    assertThat(
            names(
                Arms.ofMethods(List.of("mona"))
                    .withGrid(List.of("warmup.epochs=1", "finetuning.epochs=2"))))
        .containsExactly("mona-warmup.epochs-1-finetuning.epochs-2");
  }

  /** Two spellings of one value are one arm, and what was held against the second is kept. */
  @Test
  void equalConfigurationsRunOnce() {
    Arms arms =
        Arms.ofMethods(List.of("mona"))
            .withGrid(List.of("alignment.alpha=0.05,0.050,0.1"))
            .distinct(ArmsTest::config);
    assertThat(names(arms)).containsExactly("mona-alpha-0.05", "mona-alpha-0.1");
    assertRefused(
        () ->
            Arms.ofMethods(List.of("mona"))
                .withGrid(List.of("task.data=a/b,a_b"))
                .distinct(ArmsTest::config),
        "two arms are called mona-data-a_b: leave one of their values out");
  }

  @ParameterizedTest
  @CsvSource({"0", "101", "1e999999999", "''", "five", "-1", "100.5", "NaN"})
  void refusesWhatIsNoPartOfTheSamples(String text) {
    assertRefused(
        () -> Arms.ofMethods(List.of("mona")).withFractions(List.of("5", text)),
        "--fractions has '%s': give per cents above 0 and up to 100, as in 1,5,10,25,50,100"
            .formatted(text));
  }

  @Test
  void refusesPartsAndKeysThatAreGivenTwice() {
    Arms mona = Arms.ofMethods(List.of("mona"));
    assertRefused(
        () -> mona.withFractions(List.of("5", "5.0")),
        "--fractions names 5 % twice: leave one out");
    assertRefused(
        () -> mona.withGrid(List.of("warmup.epochs=1", "warmup.epochs=2")),
        "--grid names 'warmup.epochs' twice: give all its values at once");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {"warmup.epochs", "=1,2", "warmup.epochs=", "warmup.epochs=1,,2", "''"})
  void refusesAGridWithoutKeyOrValues(String axis) {
    assertRefused(
        () -> Arms.ofMethods(List.of("mona")).withGrid(List.of(axis)),
        "--grid '%s' has no key with values: write --grid key=a,b,c".formatted(axis));
  }

  @Test
  void refusesAGridOverWhatIsSetElsewhere() {
    assertRefused(
        () -> Arms.ofMethods(List.of("mona")).withGrid(List.of("run.seed=1,2")),
        "--grid 'run.seed' cannot be: --seeds names seeds, leave it out");
    assertRefused(
        () -> ablation().withGrid(List.of("warmup.epochs=1,2")),
        "--grid has warmup.epochs, which arm no-warmup sets itself: leave one of them out");
  }

  @Test
  void refusesAPresetThatIsNone() {
    assertRefused(() -> Preset.of("all"), "--preset is 'all', must be one of: ablation, confined");
    assertThat(Preset.of("ablation")).isEqualTo(Preset.ABLATION);
  }
}
