package dev.mona;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.core.importer.Location;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.io.IOException;
import java.util.List;

/** What the packages of the job may depend on, beside the whole model. */
@AnalyzeClasses(
    packages = "dev.mona",
    importOptions = {DoNotIncludeTests.class, JobArchitectureTest.WithoutModel.class})
class JobArchitectureTest {
  /** From the bottom up: a package may use those of the lines above its own. */
  private static final List<List<String>> LAYERS =
      List.of(
          List.of("spark", "storage", "device", "events"),
          List.of("checkpoint", "data", "corpus", "report", "doctor", "sizing"),
          List.of("convert"),
          List.of("numpy", "published", "dataframe", "gauges", "tracking"),
          List.of("rounds"),
          List.of("config", "dl4jspark"),
          List.of("html", "arms", "training"),
          List.of("inputs", "stopping"),
          List.of("executor"),
          List.of("provenance"),
          List.of("job"),
          List.of("cli", "ml"));

  @ArchTest
  static final ArchRule dependenciesPointDownwards =
      ArchitectureRules.eachMayAccessThoseBefore(LAYERS);

  @ArchTest
  static final ArchRule onlyTheTopReadsTheConfiguration =
      noClasses()
          .that()
          .resideOutsideOfPackages(
              "dev.mona.config..",
              "dev.mona.html..",
              "dev.mona.arms..",
              "dev.mona.inputs..",
              "dev.mona.stopping..",
              "dev.mona.executor..",
              "dev.mona.provenance..",
              "dev.mona.job..",
              "dev.mona.cli..",
              "dev.mona.ml..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("dev.mona.config..", "com.typesafe.config..");

  @ArchTest
  static final ArchRule theShellAloneKnowsDl4jSpark =
      noClasses()
          .that()
          .resideOutsideOfPackage("dev.mona.dl4jspark..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("org.deeplearning4j.spark..");

  @ArchTest
  static final ArchRule roundsAndTrainingKnowNoDl4j =
      noClasses()
          .that()
          .resideInAnyPackage("dev.mona.rounds..", "dev.mona.training..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("org.deeplearning4j..", "dev.mona.dl4j..", "dev.mona.dl4jspark..");

  @ArchTest
  static final ArchRule theCommandLineIsNotUsedByTheRest =
      noClasses()
          .that()
          .resideOutsideOfPackage("dev.mona.cli..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("picocli..")
          .orShould()
          .callMethod(System.class, "exit", int.class);

  @ArchTest
  static void eachUsesWhatTheDocumentSays(JavaClasses classes) throws IOException {
    MayUse.check(classes, "mona-spark-job");
  }

  @ArchTest static final ArchRule familiesAreNotNamed = ArchitectureRules.FAMILIES_ARE_NAMED_ONCE;

  @ArchTest static final ArchRule noCycles = ArchitectureRules.PACKAGES_HAVE_NO_CYCLES;
  @ArchTest static final ArchRule fewParts = ArchitectureRules.CONSTRUCTORS_HAVE_FEW_PARTS;
  @ArchTest static final ArchRule exactSums = ArchitectureRules.LONG_SUMS_ARE_EXACT;
  @ArchTest static final ArchRule seeded = ArchitectureRules.RANDOMNESS_IS_SEEDED;
  @ArchTest static final ArchRule silent = ArchitectureRules.NOTHING_IS_PRINTED;
  @ArchTest static final ArchRule noObjects = ArchitectureRules.NO_SERIALIZED_OBJECTS_ARE_READ;
  @ArchTest static final ArchRule nullMarked = ArchitectureRules.PACKAGES_SAY_WHAT_IS_NULL;

  /** Leaves out the classes of the model and of its engines, which tests of their own cover. */
  static final class WithoutModel implements ImportOption {
    @Override
    public boolean includes(Location location) {
      return !location.contains("/mona-model") && !location.contains("/mona-torch");
    }
  }
}
