package dev.tenrec.passes;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.reflect.ClassPath;
import dev.tenrec.ir.testing.SharedData;
import dev.tenrec.passes.rewrite.Rule;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/**
 * A pass or rule without a test class of its own fails the build, and so does a rule whose test
 * says nothing of where it fires, or nothing of where it does not. What is said with RuleTester is
 * checked by numbers.
 */
class EveryRuleIsTestedTest {
  private static List<Class<?>> classes() throws IOException {
    return ClassPath.from(Pass.class.getClassLoader())
        .getTopLevelClassesRecursive("dev.tenrec.passes")
        .stream()
        .<Class<?>>map(ClassPath.ClassInfo::load)
        .toList();
  }

  private static List<Class<?>> implementations(Class<?> kind) throws IOException {
    return classes().stream().filter(c -> kind.isAssignableFrom(c) && !c.isInterface()).toList();
  }

  @Test
  void everyPassHasATestClass() throws IOException {
    Set<String> names = classes().stream().map(Class::getSimpleName).collect(Collectors.toSet());
    List<String> passes = implementations(Pass.class).stream().map(Class::getSimpleName).toList();
    assertThat(passes).contains("FoldConstants", "FuseSilu");
    assertThat(passes).allMatch(pass -> names.contains(pass + "Test"), "has a test class");
  }

  @Test
  void everyRuleIsTriedWhereItFiresAndWhereItDoesNot() throws IOException {
    Path tests = SharedData.repository().resolve("passes/src/test/java");
    for (Class<?> rule : implementations(Rule.class)) {
      assertThat(tests.resolve(rule.getName().replace('.', '/') + "Test.java"))
          .content()
          .contains(".becomes(")
          .containsPattern("\\.(isUnchanged|isRejected)\\(");
    }
  }
}
