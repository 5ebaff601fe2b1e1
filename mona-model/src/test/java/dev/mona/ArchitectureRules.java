package dev.mona;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.constructors;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaConstructor;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import com.tngtech.archunit.library.Architectures.LayeredArchitecture;
import dev.mona.backbone.Backbone;
import dev.mona.encoder.Encoder;
import java.io.ObjectInputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.NullMarked;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.BlasWrapper;

/** Architecture rules that hold in every module. */
public final class ArchitectureRules {
  public static final ArchRule PACKAGES_HAVE_NO_CYCLES =
      slices().matching("dev.mona.(*)..").should().beFreeOfCycles();

  public static final ArchRule RANDOMNESS_IS_SEEDED =
      noClasses()
          .should()
          .callConstructor(Random.class)
          .orShould()
          .callMethod(Math.class, "random")
          .orShould()
          .dependOnClassesThat()
          .areAssignableTo(ThreadLocalRandom.class)
          .because("the same seed gives the same bytes");

  public static final ArchRule NOTHING_IS_PRINTED =
      noClasses()
          .that()
          .resideOutsideOfPackages("dev.mona.cli..", "dev.mona.report..")
          .should()
          .accessField(System.class, "out")
          .orShould()
          .accessField(System.class, "err")
          .orShould()
          .callMethod(Throwable.class, "printStackTrace")
          .because("messages go to SLF4J");

  public static final ArchRule NO_SERIALIZED_OBJECTS_ARE_READ =
      noClasses()
          .should()
          .dependOnClassesThat()
          .areAssignableTo(ObjectInputStream.class)
          .because("files from outside must not choose the classes that are loaded");

  public static final ArchRule PACKAGES_SAY_WHAT_IS_NULL =
      classes().should(resideInANullMarkedPackage());

  public static final ArchRule LONG_SUMS_ARE_EXACT =
      noClasses()
          .should()
          .callMethodWhere(
              describe(
                  "sum all of an array",
                  call ->
                      (call.getTargetOwner().isAssignableTo(INDArray.class)
                              && call.getName().matches("(norm[12]|sum|mean|std|var)Number"))
                          || (call.getTargetOwner().isAssignableTo(BlasWrapper.class)
                              && call.getName().matches("dot|nrm2|asum"))))
          .because(
              "ND4J sums an array in its own type, percents off where it is long: Vectors.dot does"
                  + " it in double");

  public static final ArchRule CONSTRUCTORS_HAVE_FEW_PARTS =
      constructors()
          .should(haveAtMost(5))
          .because("more parts of one kind are mistaken for each other: nest them or build them");

  public static final ArchRule FAMILIES_ARE_NAMED_ONCE =
      noClasses()
          .that()
          .resideOutsideOfPackages("dev.mona.encoder", "dev.mona.backbone")
          .should()
          .dependOnClassesThat(
              describe(
                  "are families of encoders",
                  type ->
                      !type.isInterface()
                          && (type.isAssignableTo(Encoder.class)
                              || type.isAssignableTo(Backbone.class))))
          .because("a new family is new files and a line in EncoderFamily");

  private ArchitectureRules() {}

  /**
   * Packages of {@code dev.mona} from the bottom up: each may use those of the lines before its
   * own. A class in a package that is not listed breaks the rule, so a new package is placed first.
   */
  public static ArchRule eachMayAccessThoseBefore(List<List<String>> layers) {
    LayeredArchitecture rule =
        layeredArchitecture().consideringOnlyDependenciesInLayers().withOptionalLayers(true);
    List<String> before = new ArrayList<>();
    for (List<String> packages : layers) {
      String name = String.join(", ", packages);
      String[] patterns = packages.stream().map(p -> "dev.mona." + p + "..").toArray(String[]::new);
      rule = rule.layer(name).definedBy(patterns);
      rule =
          before.isEmpty()
              ? rule.whereLayer(name).mayNotAccessAnyLayer()
              : rule.whereLayer(name).mayOnlyAccessLayers(before.toArray(String[]::new));
      before.add(name);
    }
    return rule.ensureAllClassesAreContainedInArchitectureIgnoring("dev.mona");
  }

  private static ArchCondition<JavaClass> resideInANullMarkedPackage() {
    return new ArchCondition<>("reside in a package marked @NullMarked") {
      @Override
      public void check(JavaClass type, ConditionEvents events) {
        if (!type.getPackage().isAnnotatedWith(NullMarked.class)) {
          events.add(SimpleConditionEvent.violated(type, type.getPackageName() + " is not"));
        }
      }
    };
  }

  private static ArchCondition<JavaConstructor> haveAtMost(int parts) {
    return new ArchCondition<>("have at most " + parts + " parts") {
      @Override
      public void check(JavaConstructor constructor, ConditionEvents events) {
        int found = constructor.getRawParameterTypes().size();
        // javac gives enums a name and a number, inner and anonymous classes what they enclose
        boolean written = !constructor.getOwner().isEnum() && !isInner(constructor.getOwner());
        if (written && found > parts) {
          events.add(
              SimpleConditionEvent.violated(
                  constructor, constructor.getFullName() + " has " + found));
        }
      }
    };
  }

  private static boolean isInner(JavaClass type) {
    return type.isAnonymousClass() || type.isLocalClass() || type.isInnerClass();
  }
}
