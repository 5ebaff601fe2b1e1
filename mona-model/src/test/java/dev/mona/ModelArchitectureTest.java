package dev.mona;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.util.List;

/** What the packages of the model may depend on. A new package is added to a layer here. */
@AnalyzeClasses(packages = "dev.mona", importOptions = DoNotIncludeTests.class)
class ModelArchitectureTest {
  /** From the bottom up: a package may use those of the lines above its own. */
  private static final List<List<String>> LAYERS =
      List.of(
          List.of("tensor", "task", "random"),
          List.of("autodiff", "weights", "source", "optimizer", "metric", "analysis"),
          List.of("nn"),
          List.of("backbone", "embedder", "head", "objective"),
          List.of("encoder"),
          List.of("network"),
          List.of("hypergradient"),
          List.of("metalearning", "finetuning"),
          List.of("learner"),
          List.of("retention"),
          List.of("dl4j"));

  @ArchTest
  static final ArchRule knowsNoEngineAndNoFrontEnd =
      noClasses()
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "org.apache.spark..",
              "org.apache.hadoop..",
              "scala..",
              "com.typesafe.config..",
              "picocli..");

  @ArchTest
  static final ArchRule dependenciesPointDownwards =
      ArchitectureRules.eachMayAccessThoseBefore(LAYERS);

  /** What else needs to know of an encoder asks {@code dev.mona.encoder.Encoder}. */
  @ArchTest
  static final ArchRule familiesAreNamedWhereTheyLive = ArchitectureRules.FAMILIES_ARE_NAMED_ONCE;

  @ArchTest static final ArchRule noCycles = ArchitectureRules.PACKAGES_HAVE_NO_CYCLES;
  @ArchTest static final ArchRule exactSums = ArchitectureRules.LONG_SUMS_ARE_EXACT;
  @ArchTest static final ArchRule seeded = ArchitectureRules.RANDOMNESS_IS_SEEDED;
  @ArchTest static final ArchRule silent = ArchitectureRules.NOTHING_IS_PRINTED;
  @ArchTest static final ArchRule noObjects = ArchitectureRules.NO_SERIALIZED_OBJECTS_ARE_READ;
  @ArchTest static final ArchRule nullMarked = ArchitectureRules.PACKAGES_SAY_WHAT_IS_NULL;
}
