package dev.mona;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.io.IOException;
import java.util.List;

/** What the packages of the model may depend on. A new package is added to a layer here. */
@AnalyzeClasses(packages = "dev.mona", importOptions = DoNotIncludeTests.class)
class ModelArchitectureTest {
  /** From the bottom up: a package may use those of the lines above its own. */
  private static final List<List<String>> LAYERS =
      List.of(
          List.of("compute", "task", "random"),
          List.of("tensor"),
          List.of("autodiff", "weights", "source", "optimizer", "metric", "analysis"),
          List.of("nn"),
          List.of("adapter", "backbone", "embedder", "head", "objective"),
          List.of("encoder"),
          List.of("network"),
          List.of("hypergradient", "onnx"),
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

  @ArchTest
  static void eachUsesWhatTheDocumentSays(JavaClasses classes) throws IOException {
    MayUse.check(classes, "mona-model");
  }

  /** DL4J's border, and what is computed once and not step by step, keep ND4J's own arrays. */
  @ArchTest
  static final ArchRule nd4jIsOneEngineOfSeveral =
      noClasses()
          .that()
          .resideOutsideOfPackages(
              "dev.mona.compute.nd4j", "dev.mona.dl4j", "dev.mona.retention", "dev.mona.analysis")
          .should()
          .dependOnClassesThat(
              resideInAnyPackage("org.nd4j..", "dev.mona.compute.nd4j")
                  .and(not(resideInAPackage("org.nd4j.shade.."))));

  /** What else needs to know of an encoder asks {@code dev.mona.encoder.Encoder}. */
  @ArchTest
  static final ArchRule familiesAreNamedWhereTheyLive = ArchitectureRules.FAMILIES_ARE_NAMED_ONCE;

  @ArchTest static final ArchRule noCycles = ArchitectureRules.PACKAGES_HAVE_NO_CYCLES;
  @ArchTest static final ArchRule fewParts = ArchitectureRules.CONSTRUCTORS_HAVE_FEW_PARTS;
  @ArchTest static final ArchRule exactSums = ArchitectureRules.LONG_SUMS_ARE_EXACT;
  @ArchTest static final ArchRule seeded = ArchitectureRules.RANDOMNESS_IS_SEEDED;
  @ArchTest static final ArchRule silent = ArchitectureRules.NOTHING_IS_PRINTED;
  @ArchTest static final ArchRule noObjects = ArchitectureRules.NO_SERIALIZED_OBJECTS_ARE_READ;
  @ArchTest static final ArchRule nullMarked = ArchitectureRules.PACKAGES_SAY_WHAT_IS_NULL;
}
