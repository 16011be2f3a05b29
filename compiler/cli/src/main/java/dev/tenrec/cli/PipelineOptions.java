package dev.tenrec.cli;

import dev.tenrec.ir.diagnostic.ErrorCode;
import dev.tenrec.ir.diagnostic.TenrecException;
import dev.tenrec.passes.KnownPasses;
import dev.tenrec.passes.Pass;
import dev.tenrec.passes.Pipeline;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Option;

/** The passes that a command runs, and where those from outside come from. */
final class PipelineOptions {
  @Option(
      names = "--pipeline",
      paramLabel = "TEXT",
      defaultValue = "standard",
      description =
          "The passes to run, for example 'fold,canonicalize,fuse(only=gelu|silu)'; 'standard'"
              + " stands for those that every model goes through, and is the default.")
  @SuppressWarnings("NullAway.Init")
  private String text;

  @Option(
      names = "--plugins",
      split = ",",
      paramLabel = "JAR",
      description = "Jars with passes of your own, found by java.util.ServiceLoader.")
  private List<Path> plugins = List.of();

  KnownPasses known() {
    if (plugins.isEmpty()) {
      return KnownPasses.load(Pass.class.getClassLoader());
    }
    List<URL> jars = new ArrayList<>();
    for (Path plugin : plugins) {
      jars.add(url(plugin));
    }
    // Stays open: classes are loaded from it as long as the command runs.
    ClassLoader loader = new URLClassLoader(jars.toArray(URL[]::new), Pass.class.getClassLoader());
    KnownPasses known = KnownPasses.load(loader);
    if (known.equals(KnownPasses.load(Pass.class.getClassLoader()))) {
      throw new TenrecException(
              ErrorCode.INVALID_ARGUMENT, "there is no pass in %s".formatted(plugins))
          .advise("name its class in META-INF/services/dev.tenrec.passes.Pass");
    }
    return known;
  }

  private static URL url(Path plugin) {
    if (!Files.exists(plugin)) {
      throw new TenrecException(
          ErrorCode.IO, "%s cannot be read: it does not exist".formatted(plugin));
    }
    try {
      return plugin.toUri().toURL();
    } catch (MalformedURLException e) {
      throw new TenrecException(
          ErrorCode.INVALID_ARGUMENT, "%s is no jar: %s".formatted(plugin, e.getMessage()), e);
    }
  }

  Pipeline pipeline() {
    return known().parse(text);
  }
}
