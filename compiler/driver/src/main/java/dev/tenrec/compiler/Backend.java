package dev.tenrec.compiler;

import dev.tenrec.ir.ConvertingExecutable;
import dev.tenrec.ir.Executable;
import dev.tenrec.ir.Graph;
import dev.tenrec.ir.Signature;
import dev.tenrec.ir.diagnostic.ErrorCode;
import dev.tenrec.ir.diagnostic.TenrecException;
import dev.tenrec.ir.interpret.Interpreter;
import dev.tenrec.runtime.Engine;
import dev.tenrec.runtime.cpu.OnnxRuntimeModel;
import dev.tenrec.tensorrt.BuildOptions;
import dev.tenrec.tensorrt.EngineBuilder;
import dev.tenrec.tensorrt.Lowering;
import dev.tenrec.tensorrt.Plan;
import dev.tenrec.tensorrt.RecordedNetwork;
import dev.tenrec.tensorrt.ShapeProfile;
import java.util.OptionalInt;

/** What a graph can be run on. */
public enum Backend {
  /** The reference interpreter. */
  INTERPRETER,
  /** ONNX Runtime on the processor. */
  CPU,
  /** The list of TensorRT layers, executed in Java. */
  RECORDED,
  /** TensorRT's own check of the layers, on a machine without a GPU; runs nothing. */
  VALIDATE,
  /** A TensorRT engine on a GPU. */
  TENSORRT;

  private static final int QUICK = 1;

  /**
   * Makes a graph ready to run.
   *
   * @param shapes ranges of the symbolic dimensions; only engines need them
   */
  public Executable open(Graph graph, ShapeProfile shapes) {
    return open(graph, shapes, false);
  }

  /**
   * Makes a graph ready to run.
   *
   * @param shapes ranges of the symbolic dimensions; only engines need them
   * @param allowNarrowing whether TensorRT may compute in types that do not hold all numbers of the
   *     model's
   */
  public Executable open(Graph graph, ShapeProfile shapes, boolean allowNarrowing) {
    return open(graph, BuildOptions.of(shapes).withNarrowing(allowNarrowing));
  }

  /** Makes a graph ready to run on a few samples: an engine is built quickly, and is slower. */
  public Executable openQuickly(Graph graph, ShapeProfile shapes) {
    return open(graph, BuildOptions.of(shapes).withOptimizationLevel(OptionalInt.of(QUICK)));
  }

  private Executable open(Graph graph, BuildOptions options) {
    return switch (this) {
      case INTERPRETER -> Interpreter.of(graph);
      case CPU -> OnnxRuntimeModel.of(graph);
      case RECORDED -> {
        RecordedNetwork network = new RecordedNetwork();
        Lowering.lower(graph, options.legalization(), network);
        yield new ConvertingExecutable(network.executable(), Signature.of(graph));
      }
      case VALIDATE ->
          throw new TenrecException(ErrorCode.INVALID_ARGUMENT, "backend 'validate' runs nothing")
              .advise("use it with 'tenrec verify'");
      case TENSORRT -> engine(graph, options);
    };
  }

  static Engine engine(Graph graph, BuildOptions options) {
    try (Plan plan = EngineBuilder.build(graph, options)) {
      return Engine.of(plan.bytes(), Signature.of(graph));
    }
  }
}
