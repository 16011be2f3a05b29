package dev.tenrec.tensorrt;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tenrec.runtime.Engine;
import java.io.IOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.constantpool.ClassEntry;
import java.lang.classfile.constantpool.MemberRefEntry;
import java.lang.classfile.constantpool.PoolEntry;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Reads our byte code: compiled against the newest bindings, it must find everything that it names
 * in the older ones, too, or it fails at run time on a machine that nobody tested.
 */
class SupportedVersionsTest {
  private static final String BYTEDECO = "org/bytedeco/";

  private static final String NEWER_CALLS = "dev/tenrec/tensorrt/NewerCalls";

  @ParameterizedTest
  @ValueSource(strings = {"10.6", "10.15", "11.2"})
  void nothingIsNamedThatAVersionLacks(String version) throws IOException, URISyntaxException {
    Bindings bindings = Bindings.read(Path.of(System.getProperty("bindings.directory"), version));
    Set<String> missing = new TreeSet<>();
    for (ClassModel model : ourClasses()) {
      boolean versioned = model.thisClass().asInternalName().equals(NEWER_CALLS);
      if (!versioned || version.equals("11.2")) {
        missing.addAll(missing(model, bindings));
      }
    }
    assertThat(missing).isEmpty();
  }

  @Test
  void theClassOfNewerCallsIsStillNeeded() throws IOException, URISyntaxException {
    Bindings oldest = Bindings.read(Path.of(System.getProperty("bindings.directory"), "10.6"));
    for (ClassModel model : ourClasses()) {
      if (model.thisClass().asInternalName().equals(NEWER_CALLS)) {
        assertThat(missing(model, oldest)).isNotEmpty();
        return;
      }
    }
    assertThat(NEWER_CALLS).as("the class exists").isEmpty();
  }

  private static List<String> missing(ClassModel model, Bindings bindings) {
    List<String> missing = new ArrayList<>();
    for (PoolEntry entry : model.constantPool()) {
      String reference =
          switch (entry) {
            case MemberRefEntry member when isBytedeco(member.owner()) ->
                bindings.hasMember(
                        member.owner().asInternalName(),
                        member.name().stringValue() + ":" + member.type().stringValue())
                    ? ""
                    : member.owner().asInternalName() + "." + member.name();
            case ClassEntry type when isBytedeco(type) ->
                bindings.hasClass(type.asInternalName()) ? "" : type.asInternalName();
            default -> "";
          };
      if (!reference.isEmpty()) {
        missing.add(reference + " in " + model.thisClass().asInternalName());
      }
    }
    return missing;
  }

  private static boolean isBytedeco(ClassEntry type) {
    return type.asInternalName().startsWith(BYTEDECO);
  }

  private static List<ClassModel> ourClasses() throws IOException, URISyntaxException {
    List<ClassModel> classes = new ArrayList<>();
    for (Class<?> representative : List.of(Engine.class, NativeNetwork.class)) {
      Path place =
          Path.of(representative.getProtectionDomain().getCodeSource().getLocation().toURI());
      if (Files.isDirectory(place)) {
        read(place, classes);
      } else {
        try (FileSystem jar =
            FileSystems.newFileSystem(URI.create("jar:" + place.toUri()), Map.of())) {
          read(jar.getPath("/"), classes);
        }
      }
    }
    assertThat(classes).hasSizeGreaterThan(20);
    return classes;
  }

  private static void read(Path root, List<ClassModel> classes) throws IOException {
    try (Stream<Path> files = Files.walk(root)) {
      for (Path file : files.filter(f -> f.toString().endsWith(".class")).toList()) {
        classes.add(ClassFile.of().parse(Files.readAllBytes(file)));
      }
    }
  }
}
