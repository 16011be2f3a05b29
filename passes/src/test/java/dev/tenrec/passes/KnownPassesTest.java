package dev.tenrec.passes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.common.reflect.ClassPath;
import dev.tenrec.ir.Graph;
import dev.tenrec.passes.quantize.QuantizeAttention;
import dev.tenrec.passes.quantize.QuantizeGraph;
import dev.tenrec.passes.quantize.ScaleChannels;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KnownPassesTest {
  /** What they are made with does not fit in a text. */
  private static final Set<Class<?>> NEED_DATA =
      Set.of(QuantizeGraph.class, QuantizeAttention.class, ScaleChannels.class);

  @TempDir
  @SuppressWarnings("NullAway.Init")
  private Path folder;

  /** A pass from outside. */
  public record Outside() implements Pass {
    @Override
    public String name() {
      return "outside";
    }

    @Override
    public Graph run(Graph graph, PassContext context) {
      return graph;
    }
  }

  /** A pass from outside that takes the name of another. */
  public record Impostor() implements Pass {
    @Override
    public String name() {
      return "fuse-silu";
    }

    @Override
    public Graph run(Graph graph, PassContext context) {
      return graph;
    }
  }

  private KnownPasses load(Class<?>... passes) throws IOException {
    Path services = folder.resolve("META-INF/services/dev.tenrec.passes.Pass");
    Files.createDirectories(services.getParent());
    Files.write(services, List.of(passes).stream().map(Class::getName).toList());
    URL[] folders = {folder.toUri().toURL()};
    try (var loader = new URLClassLoader(folders, getClass().getClassLoader())) {
      return KnownPasses.load(loader);
    }
  }

  @Test
  void findsPassesOfOtherJars() throws IOException {
    assertThat(load(Outside.class).parse("fold,outside").passes()).contains(new Outside());
  }

  @Test
  void refusesNamesThatAreTaken() {
    assertThatThrownBy(() -> load(Impostor.class))
        .hasMessageContaining("Impostor calls itself 'fuse-silu', which is taken");
  }

  @Test
  void refusesWhatIsNoPass() {
    assertThatThrownBy(() -> load(KnownPassesTest.class))
        .hasMessageContaining("a pass cannot be loaded");
  }

  @Test
  void everyPassThatNeedsNoDataCanBeNamed() throws IOException {
    List<String> known =
        KnownPasses.load().byName().values().stream()
            .map(pass -> pass.getClass().getName())
            .toList();
    List<String> passes =
        ClassPath.from(Pass.class.getClassLoader())
            .getTopLevelClassesRecursive("dev.tenrec.passes")
            .stream()
            .map(ClassPath.ClassInfo::load)
            .filter(c -> !NEED_DATA.contains(c))
            .filter(c -> Pass.class.isAssignableFrom(c) && !c.isInterface())
            .map(Class::getName)
            .collect(Collectors.toList());
    assertThat(passes).isNotEmpty().allMatch(known::contains, "is in the table of known passes");
  }
}
