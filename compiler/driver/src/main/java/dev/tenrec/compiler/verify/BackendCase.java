package dev.tenrec.compiler.verify;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import com.google.common.collect.Maps;
import dev.tenrec.ir.diagnostic.ErrorCode;
import dev.tenrec.ir.diagnostic.TenrecException;
import dev.tenrec.ir.tensor.Tensor;
import dev.tenrec.onnx.OnnxImporter;
import dev.tenrec.onnx.OnnxTensors;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * A model with inputs and expected outputs: {@code model.onnx} and folders {@code test_data_set_N}
 * with {@code input_K.pb} and {@code output_K.pb}.
 */
public record BackendCase(Path folder, ImmutableList<Path> dataSets) {
  private static final String MODEL = "model.onnx";
  private static final String DATA_SET = "test_data_set_";

  /** Inputs and expected outputs of one run. */
  public record DataSet(ImmutableMap<String, Tensor> inputs, ImmutableMap<String, Tensor> outputs) {
    DataSet without(Set<String> bound) {
      return new DataSet(
          ImmutableMap.copyOf(Maps.filterKeys(inputs, name -> !bound.contains(name))), outputs);
    }
  }

  /**
   * All cases in some folders, at any depth, in the order of their paths.
   *
   * @throws TenrecException if a folder does not exist or there is no case in any
   */
  public static ImmutableList<BackendCase> find(Collection<Path> folders) {
    ImmutableList.Builder<BackendCase> cases = ImmutableList.builder();
    for (Path folder : folders) {
      try (Stream<Path> files = Files.walk(folder)) {
        files
            .filter(file -> file.endsWith(MODEL))
            .map(Path::getParent)
            .map(BackendCase::at)
            .filter(found -> !found.dataSets().isEmpty())
            .sorted(Comparator.comparing(found -> found.folder().toString()))
            .forEach(cases::add);
      } catch (NoSuchFileException e) {
        throw new TenrecException(ErrorCode.IO, "%s does not exist".formatted(folder), e);
      } catch (IOException | UncheckedIOException e) {
        throw new TenrecException(
            ErrorCode.IO, "%s cannot be searched: %s".formatted(folder, e.getMessage()), e);
      }
    }
    ImmutableList<BackendCase> found = cases.build();
    if (found.isEmpty()) {
      throw new TenrecException(ErrorCode.INVALID_ARGUMENT, "no case in " + folders)
          .advise("a case is a folder with model.onnx and test_data_set_0");
    }
    return found;
  }

  private static BackendCase at(Path folder) {
    try (Stream<Path> content = Files.list(folder)) {
      return new BackendCase(
          folder,
          content
              .filter(path -> path.getFileName().toString().startsWith(DATA_SET))
              .sorted(Comparator.comparingInt(BackendCase::number))
              .collect(ImmutableList.toImmutableList()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static int number(Path dataSet) {
    String digits = dataSet.getFileName().toString().substring(DATA_SET.length());
    return digits.matches("[0-9]{1,9}") ? Integer.parseInt(digits) : Integer.MAX_VALUE;
  }

  public String name() {
    return folder.getFileName().toString();
  }

  public Path model() {
    return folder.resolve(MODEL);
  }

  /** Reads the tensors of one data set; they belong to inputs and outputs by position. */
  public static DataSet read(Path dataSet, OnnxImporter.Names names) {
    return new DataSet(
        readInputs(dataSet, names, _ -> true),
        tensors(dataSet, "output_", names.outputs(), _ -> true));
  }

  /** Reads some of the inputs of one data set. */
  static ImmutableMap<String, Tensor> readInputs(
      Path dataSet, OnnxImporter.Names names, Predicate<String> wanted) {
    return tensors(dataSet, "input_", names.inputs(), wanted);
  }

  private static ImmutableMap<String, Tensor> tensors(
      Path dataSet, String prefix, List<String> names, Predicate<String> wanted) {
    ImmutableMap.Builder<String, Tensor> tensors = ImmutableMap.builder();
    for (int i = 0; i < names.size(); i++) {
      Path file = dataSet.resolve(prefix + i + ".pb");
      if (wanted.test(names.get(i)) && Files.exists(file)) {
        tensors.put(names.get(i), OnnxTensors.read(file));
      }
    }
    return tensors.buildOrThrow();
  }
}
