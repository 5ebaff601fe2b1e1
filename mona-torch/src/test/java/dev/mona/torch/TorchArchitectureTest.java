package dev.mona.torch;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import dev.mona.ArchitectureRules;

@AnalyzeClasses(packages = "dev.mona.torch", importOptions = ImportOption.DoNotIncludeTests.class)
class TorchArchitectureTest {
  @ArchTest
  static final ArchRule KNOWS_THE_SEAM_ONLY =
      classes()
          .should()
          .onlyDependOnClassesThat()
          .resideInAnyPackage(
              "dev.mona",
              "dev.mona.compute",
              "dev.mona.torch",
              "java..",
              "org.bytedeco..",
              "org.slf4j..",
              "org.jspecify..");

  @ArchTest
  static final ArchRule CUDA_IS_NAMED_WHERE_IT_IS_LOADED =
      noClasses()
          .that()
          .haveSimpleNameNotStartingWith("Cuda")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("org.bytedeco.cuda..", "org.bytedeco.pytorch.cuda..")
          .because("a build for the CPU must not load it");

  @ArchTest static final ArchRule RANDOMNESS = ArchitectureRules.RANDOMNESS_IS_SEEDED;

  @ArchTest static final ArchRule NOTHING_PRINTED = ArchitectureRules.NOTHING_IS_PRINTED;

  @ArchTest static final ArchRule NULL_MARKED = ArchitectureRules.PACKAGES_SAY_WHAT_IS_NULL;

  @ArchTest static final ArchRule CONSTRUCTORS = ArchitectureRules.CONSTRUCTORS_HAVE_FEW_PARTS;
}
