package dev.tenrec.passes;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.reflect.ClassPath;
import java.io.IOException;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** A pass or rule without a test class of its own fails the build. */
class EveryRuleIsTestedTest {
  @Test
  void everyPassHasATestClass() throws IOException {
    List<Class<?>> classes =
        ClassPath.from(Pass.class.getClassLoader())
            .getTopLevelClassesRecursive("dev.tenrec.passes")
            .stream()
            .<Class<?>>map(ClassPath.ClassInfo::load)
            .toList();
    Set<String> names = classes.stream().map(Class::getSimpleName).collect(Collectors.toSet());
    List<String> passes =
        classes.stream()
            .filter(c -> Pass.class.isAssignableFrom(c) && !c.isInterface())
            .map(Class::getSimpleName)
            .toList();
    assertThat(passes).contains("FoldConstants", "FuseSilu");
    assertThat(passes).allMatch(pass -> names.contains(pass + "Test"), "has a test class");
  }
}
