package dev.tenrec.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import dev.tenrec.compiler.data.AtomicOutput;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Where results go for other programs. */
final class JsonOption {
  @Option(names = "--json", paramLabel = "FILE", description = "Write the results to a file too.")
  private @Nullable Path file;

  /** Writes the rows if a file was asked for. */
  void write(List<?> rows) {
    if (file != null) {
      ObjectMapper mapper = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);
      AtomicOutput.file(
          file, temporary -> Files.writeString(temporary, mapper.writeValueAsString(rows) + "\n"));
    }
  }
}
