package dev.tenrec.tensorrt;

import dev.tenrec.ir.Graph;
import dev.tenrec.ir.diagnostic.ErrorCode;
import dev.tenrec.ir.diagnostic.TenrecException;
import dev.tenrec.runtime.bindings.Cuda;
import dev.tenrec.runtime.bindings.NativeLog;
import dev.tenrec.runtime.bindings.NativeObjects;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.bytedeco.tensorrt.global.nvinfer.NetworkDefinitionCreationFlag;
import org.bytedeco.tensorrt.global.nvonnxparser;
import org.bytedeco.tensorrt.nvinfer.IBuilder;
import org.bytedeco.tensorrt.nvinfer.ILogger;
import org.bytedeco.tensorrt.nvinfer.INetworkDefinition;
import org.bytedeco.tensorrt.nvonnxparser.IParser;

/**
 * NVIDIA's own way from an ONNX file to an engine, for comparison with ours: its parser makes a
 * strongly typed network of the file as it is.
 */
public final class ReferenceParser {
  private ReferenceParser() {}

  /**
   * Builds a plan, as {@link EngineBuilder#build} does.
   *
   * @param imported the graph of the file, whose inputs give the sizes their names
   * @throws TenrecException with {@code UNSUPPORTED} and the parser's reasons if it refuses the
   *     file
   */
  public static Plan build(Path model, Graph imported, BuildOptions options) {
    Profiles.check(imported, options.profiles());
    Cuda.requireDevice();
    IBuilder builder = BuilderPool.take();
    INetworkDefinition definition = network(builder);
    try {
      parse(model, definition);
      return EngineBuilder.build(imported, options, builder, definition);
    } finally {
      NativeObjects.delete(definition);
      BuilderPool.giveBack(builder);
    }
  }

  @SuppressWarnings("deprecation") // Newer versions ignore the flag, older ones need it.
  private static INetworkDefinition network(IBuilder builder) {
    return builder.createNetworkV2(1 << NetworkDefinitionCreationFlag.kSTRONGLY_TYPED.value);
  }

  /**
   * The parser owns the weights and so has to outlive the build. It is never deleted: neither can
   * the bindings, nor is the place of its destructor the same in all versions.
   */
  private static void parse(Path model, INetworkDefinition definition) {
    NativeLog.clear();
    IParser parser = nvonnxparser.createParser(definition, NativeLog.shared());
    if (!parser.parseFromFile(model.toString(), ILogger.Severity.kWARNING.value)) {
      List<String> reasons = new ArrayList<>();
      for (int i = 0; i < parser.getNbErrors(); i++) {
        reasons.add(parser.getError(i).desc().strip());
      }
      throw new TenrecException(
          ErrorCode.UNSUPPORTED,
          "NVIDIA's parser refuses %s: %s".formatted(model, String.join("; ", reasons)));
    }
  }
}
