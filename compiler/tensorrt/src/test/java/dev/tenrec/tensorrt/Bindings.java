package dev.tenrec.tensorrt;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Enumeration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The classes of one version of the bindings, with their members.
 *
 * @param members by class name, each as name and descriptor
 */
record Bindings(Map<String, Set<String>> members, Map<String, String> parents) {
  static Bindings read(Path directory) {
    Bindings bindings = new Bindings(new HashMap<>(), new HashMap<>());
    try (Stream<Path> jars = Files.list(directory)) {
      for (Path jar : jars.filter(file -> file.toString().endsWith(".jar")).toList()) {
        bindings.addJar(jar);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bindings;
  }

  private void addJar(Path path) throws IOException {
    try (JarFile jar = new JarFile(path.toFile())) {
      Enumeration<JarEntry> entries = jar.entries();
      while (entries.hasMoreElements()) {
        JarEntry entry = entries.nextElement();
        if (entry.getName().endsWith(".class") && entry.getName().startsWith("org/bytedeco/")) {
          try (InputStream bytes = jar.getInputStream(entry)) {
            addClass(ClassFile.of().parse(bytes.readAllBytes()));
          }
        }
      }
    }
  }

  private void addClass(ClassModel model) {
    String name = model.thisClass().asInternalName();
    Set<String> own = new HashSet<>();
    model.fields().forEach(field -> own.add(field.fieldName() + ":" + field.fieldType()));
    model.methods().forEach(method -> own.add(method.methodName() + ":" + method.methodType()));
    members.put(name, own);
    model.superclass().ifPresent(parent -> parents.put(name, parent.asInternalName()));
  }

  boolean hasClass(String name) {
    return members.containsKey(name);
  }

  /** Whether a class or one that it inherits from has a member. */
  boolean hasMember(String owner, String member) {
    @Nullable String type = owner;
    while (type != null && members.containsKey(type)) {
      if (members.getOrDefault(type, Set.of()).contains(member)) {
        return true;
      }
      type = parents.get(type);
    }
    // Beyond the bindings lie the classes of the JDK, whose members are the same everywhere.
    return type != null && hasJdkMember(type, member);
  }

  private static boolean hasJdkMember(String type, String member) {
    try (InputStream bytes = Object.class.getResourceAsStream("/" + type + ".class")) {
      if (bytes == null) {
        return false;
      }
      ClassModel model = ClassFile.of().parse(bytes.readAllBytes());
      return model.methods().stream()
          .anyMatch(method -> member.equals(method.methodName() + ":" + method.methodType()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
