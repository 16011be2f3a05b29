package dev.tenrec.compiler.verify;

import com.google.common.base.Joiner;
import com.google.common.base.Splitter;
import com.google.common.collect.ImmutableSortedSet;
import dev.tenrec.compiler.Backend;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** The list of cases that must pass, by backend: a line for each case, then the backends. */
record PassingCases(Path file, Map<String, Set<Backend>> backends) {
  private static final String COMMENT = "#";

  static PassingCases read(Path file) throws IOException {
    Map<String, Set<Backend>> backends = new TreeMap<>();
    for (String line : Files.exists(file) ? Files.readAllLines(file) : List.<String>of()) {
      if (!line.startsWith(COMMENT)) {
        List<String> columns = Splitter.on('\t').splitToList(line);
        Set<Backend> passing = EnumSet.noneOf(Backend.class);
        for (String name : Splitter.on(' ').split(columns.get(1))) {
          passing.add(Backend.valueOf(name.toUpperCase(Locale.ROOT)));
        }
        backends.put(columns.get(0), passing);
      }
    }
    return new PassingCases(file, backends);
  }

  ImmutableSortedSet<String> of(Backend backend) {
    return backends.entrySet().stream()
        .filter(entry -> entry.getValue().contains(backend))
        .map(Map.Entry::getKey)
        .collect(ImmutableSortedSet.toImmutableSortedSet(String::compareTo));
  }

  /** Replaces what is said of one backend. */
  void write(Backend backend, Set<String> passing) throws IOException {
    backends.values().forEach(names -> names.remove(backend));
    passing.forEach(
        name -> backends.computeIfAbsent(name, _ -> EnumSet.noneOf(Backend.class)).add(backend));
    List<String> lines = new ArrayList<>();
    lines.add("# Cases of ONNX 1.22's backend tests that must pass, and with which backends.");
    backends.forEach((name, names) -> {
      if (!names.isEmpty()) {
        lines.add(name + '\t' + Joiner.on(' ').join(names).toLowerCase(Locale.ROOT));
      }
    });
    Files.write(file, lines);
  }
}
