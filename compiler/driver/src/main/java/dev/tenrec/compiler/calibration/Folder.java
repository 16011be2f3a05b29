package dev.tenrec.compiler.calibration;

import com.google.common.collect.ImmutableList;
import com.google.common.primitives.Longs;
import dev.tenrec.ir.diagnostic.FileErrors;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** What a folder holds, in an order that is the same everywhere. */
final class Folder {
  private static final Pattern LAST_NUMBER = Pattern.compile("\\d+(?=\\D*$)");

  private Folder() {}

  /** The files with one of some suffixes, by the last number in their names, then by name. */
  static ImmutableList<Path> files(Path folder, Collection<String> suffixes) {
    return list(folder, path -> suffixes.stream().anyMatch(suffix -> hasSuffix(path, suffix)));
  }

  static ImmutableList<Path> list(Path folder, Predicate<Path> wanted) {
    try (Stream<Path> content = Files.list(folder)) {
      return content
          .filter(wanted)
          .sorted(Comparator.comparingLong(Folder::number).thenComparing(Folder::name))
          .collect(ImmutableList.toImmutableList());
    } catch (IOException e) {
      throw FileErrors.reading(folder, e);
    }
  }

  private static boolean hasSuffix(Path path, String suffix) {
    return name(path).toLowerCase(Locale.ROOT).endsWith(suffix);
  }

  /** The last number in a name; before all if there is none that counts. */
  static long number(Path path) {
    Matcher matcher = LAST_NUMBER.matcher(name(path));
    Long number = matcher.find() ? Longs.tryParse(matcher.group()) : null;
    return number == null ? -1 : number;
  }

  static String name(Path path) {
    return String.valueOf(path.getFileName());
  }
}
