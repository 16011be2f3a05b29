package dev.tenrec.architecture;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import dev.tenrec.ir.Op;
import dev.tenrec.passes.Pass;
import dev.tenrec.passes.rewrite.Rule;
import org.junit.jupiter.api.Test;

/** Dependencies point one way, and each foreign library stays where it belongs. */
class DependencyTest {
  private static final JavaClasses TENREC =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages("dev.tenrec");

  @Test
  void onlyTheOnnxModuleSeesProtobuf() {
    noClasses()
        .that()
        .resideOutsideOfPackage("dev.tenrec.onnx..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("com.google.protobuf..", "dev.tenrec.onnx.proto..")
        .allowEmptyShould(true)
        .check(TENREC);
  }

  @Test
  void onlyLoweringAndEngineSeeBytedeco() {
    noClasses()
        .that()
        .resideOutsideOfPackages(
            "dev.tenrec.tensorrt..", "dev.tenrec.runtime", "dev.tenrec.runtime.bindings..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("org.bytedeco..")
        .allowEmptyShould(true)
        .check(TENREC);
  }

  @Test
  void theIrSeesNothingAboveIt() {
    noClasses()
        .that()
        .resideInAPackage("dev.tenrec.ir..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "dev.tenrec.passes..",
            "dev.tenrec.onnx..",
            "dev.tenrec.tensorrt..",
            "dev.tenrec.compiler..",
            "dev.tenrec.runtime..",
            "dev.tenrec.cli..")
        .allowEmptyShould(true)
        .check(TENREC);
  }

  @Test
  void theRuntimeSeesNeitherPassesNorCompiler() {
    noClasses()
        .that()
        .resideInAPackage("dev.tenrec.runtime..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("dev.tenrec.passes..", "dev.tenrec.compiler..", "dev.tenrec.cli..")
        .allowEmptyShould(true)
        .check(TENREC);
  }

  @Test
  void passesSeeOnlyTheIr() {
    noClasses()
        .that()
        .resideInAPackage("dev.tenrec.passes..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "dev.tenrec.onnx..",
            "dev.tenrec.tensorrt..",
            "dev.tenrec.compiler..",
            "dev.tenrec.runtime..",
            "dev.tenrec.cli..")
        .check(TENREC);
  }

  @Test
  void passesAndRulesHaveNoState() {
    fields()
        .that()
        .areDeclaredInClassesThat()
        .areAssignableTo(Pass.class)
        .or()
        .areDeclaredInClassesThat()
        .areAssignableTo(Rule.class)
        .should()
        .beFinal()
        .check(TENREC);
  }

  @Test
  void operationsAreRecordsOrFamilies() {
    classes()
        .that()
        .areAssignableTo(Op.class)
        .should()
        .beAssignableTo(Record.class)
        .orShould()
        .beInterfaces()
        .check(TENREC);
  }
}
