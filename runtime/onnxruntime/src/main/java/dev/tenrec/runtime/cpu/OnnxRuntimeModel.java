package dev.tenrec.runtime.cpu;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtException.OrtErrorCode;
import ai.onnxruntime.OrtLoggingLevel;
import ai.onnxruntime.OrtSession;
import com.google.common.collect.ImmutableMap;
import dev.tenrec.ir.Executable;
import dev.tenrec.ir.Graph;
import dev.tenrec.ir.Signature;
import dev.tenrec.ir.diagnostic.ErrorCode;
import dev.tenrec.ir.diagnostic.TenrecException;
import dev.tenrec.ir.tensor.ElementType;
import dev.tenrec.ir.tensor.Tensor;
import java.util.HashMap;
import java.util.Map;

/** A graph in a session of ONNX Runtime. Thread-safe, but for {@link #close}. */
public final class OnnxRuntimeModel implements Executable {
  private final Signature signature;
  private final SessionSource source;
  private final OrtEnvironment environment;
  private final OrtSession session;

  private OnnxRuntimeModel(
      Signature signature, SessionSource source, OrtEnvironment environment, OrtSession session) {
    this.signature = signature;
    this.source = source;
    this.environment = environment;
    this.session = session;
  }

  /**
   * Exports a graph and loads it.
   *
   * @throws TenrecException with {@code BACKEND_UNAVAILABLE} if ONNX Runtime cannot be loaded, with
   *     {@code UNSUPPORTED} if it lacks an operation
   */
  public static OnnxRuntimeModel of(Graph graph) {
    Signature signature = Signature.of(graph);
    Deviations.check(graph);
    MemoryLimit.check(graph);
    OrtEnvironment environment = SharedEnvironment.get();
    SessionSource source = new SessionSource(WideArithmetic.widen(Carriers.carry(graph)));
    try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
      options.setSessionLogLevel(OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL);
      FaithfulQuantization.configure(options, graph);
      OrtSession session = source.open(environment, options);
      return new OnnxRuntimeModel(signature, source, environment, session);
    } catch (OrtException e) {
      source.close();
      throw failure(e);
    }
  }

  @Override
  public Signature signature() {
    return signature;
  }

  @Override
  public ImmutableMap<String, Tensor> run(Map<String, Tensor> inputs) {
    signature.bind(inputs);
    Map<String, OnnxTensor> given = new HashMap<>();
    try {
      for (Map.Entry<String, Tensor> input : inputs.entrySet()) {
        Tensor passed = Carriers.toCarrier(input.getKey(), input.getValue());
        given.put(input.getKey(), OrtTensors.toOrt(environment, passed));
      }
      return compute(given);
    } catch (OrtException e) {
      throw failure(e);
    } finally {
      given.values().forEach(OnnxTensor::close);
    }
  }

  private ImmutableMap<String, Tensor> compute(Map<String, OnnxTensor> inputs) throws OrtException {
    try (OrtSession.Result results = session.run(inputs)) {
      // Many and large ones take longer to copy than to compute.
      return signature.outputs().entrySet().parallelStream()
          .collect(
              ImmutableMap.toImmutableMap(
                  Map.Entry::getKey,
                  output -> copied(results, output.getKey(), output.getValue().elementType())));
    }
  }

  private static Tensor copied(OrtSession.Result results, String name, ElementType type) {
    OnnxTensor tensor = (OnnxTensor) results.get(name).orElseThrow();
    return Carriers.fromCarrier(OrtTensors.fromOrt(tensor, Carriers.of(type)), type);
  }

  private static TenrecException failure(OrtException e) {
    boolean lacking = e.getCode() == OrtErrorCode.ORT_NOT_IMPLEMENTED;
    return new TenrecException(
        lacking ? ErrorCode.UNSUPPORTED : ErrorCode.BACKEND_FAILURE,
        "ONNX Runtime: " + e.getMessage(),
        e);
  }

  @Override
  public void close() {
    try {
      session.close();
    } catch (OrtException e) {
      throw failure(e);
    } finally {
      source.close();
    }
  }
}
