package dev.tenrec.tensorrt;

import com.google.common.collect.ImmutableList;
import com.google.common.primitives.ImmutableLongArray;
import dev.tenrec.ir.Graph;
import dev.tenrec.ir.diagnostic.ErrorCode;
import dev.tenrec.ir.diagnostic.TenrecException;
import dev.tenrec.runtime.bindings.NativeLog;
import dev.tenrec.runtime.bindings.NativeObjects;
import dev.tenrec.tensorrt.legalize.Legalization;
import java.util.List;
import java.util.Optional;
import org.bytedeco.tensorrt.global.nvinfer.EngineCapability;
import org.bytedeco.tensorrt.nvinfer.IBuilderConfig;

/**
 * Lets TensorRT itself judge a lowered graph where there is no GPU: it infers types and sizes, and
 * validates each layer. It does not choose kernels, so a build may still fail.
 */
public final class NetworkValidator {
  private static final String SWITCH = "TRT_INTERNAL_OPTIONS";

  private NetworkValidator() {}

  /** What layers are refused with that an engine for safety must not have. */
  private static final ImmutableList<String> SAFETY =
      ImmutableList.of(
          "not supported in safety restricted mode", "cheapestMyelinConvergenceFormat");

  /** What TensorRT reports because there is no device. */
  private static final String NO_DEVICE = "catchCudaError";

  /**
   * What TensorRT says.
   *
   * @param accepted whether it would build the network, and infers what we infer
   * @param messages its own, and the differences
   */
  public record Verdict(boolean accepted, ImmutableList<String> messages) {
    /** Whether nothing but the rules for safety, which other engines do not have, is broken. */
    public boolean isRefusedForSafetyOnly() {
      return !accepted
          && messages.stream().allMatch(message -> SAFETY.stream().anyMatch(message::contains));
    }
  }

  /** Whether this process was started such that TensorRT runs without a GPU. */
  public static boolean isAvailable() {
    return Optional.ofNullable(System.getenv(SWITCH)).orElse("").contains("cpu_only");
  }

  /**
   * Validates a graph for some sizes.
   *
   * @throws TenrecException with {@code BACKEND_UNAVAILABLE} if the process was not started for it,
   *     or at the location of an operation whose layers are refused
   */
  public static Verdict validate(Graph graph, List<ShapeProfile> profiles) {
    return validate(graph, profiles, Legalization.EXACT);
  }

  /** As {@link #validate(Graph, List)}, with a legalization of one's choice before it. */
  public static Verdict validate(
      Graph graph, List<ShapeProfile> profiles, Legalization legalization) {
    if (!isAvailable()) {
      throw new TenrecException(
              ErrorCode.BACKEND_UNAVAILABLE, "TensorRT's validation without a GPU is not set up")
          .advise(
              "put TensorRT 11.2 on the library path and its bindings on the class path, and set %s"
                      .formatted(SWITCH)
                  + " to --cpu_only=1 before Java starts");
    }
    Profiles.check(graph, profiles);
    RecordedNetwork recorded = new RecordedNetwork();
    Lowering.lower(graph, legalization, recorded);
    try (NativeNetwork network = new NativeNetwork()) {
      Lowering.lower(graph, legalization, network);
      ImmutableList.Builder<String> messages = ImmutableList.builder();
      messages.addAll(differences(recorded.tensors(), network.tensors()));
      boolean same = messages.build().isEmpty();
      boolean supported = isSupported(graph, profiles, network, messages);
      return new Verdict(same && supported, messages.build());
    }
  }

  private static boolean isSupported(
      Graph graph,
      List<ShapeProfile> profiles,
      NativeNetwork network,
      ImmutableList.Builder<String> messages) {
    IBuilderConfig config = network.builder().createBuilderConfig();
    try {
      // The only capability that needs no device. It checks what the standard one checks, and more.
      config.setEngineCapability(EngineCapability.kSAFETY);
      Profiles.add(graph, profiles, network.builder(), network.definition(), config);
      NativeLog.clear();
      boolean supported = network.builder().isNetworkSupported(network.definition(), config);
      List<String> log = NativeLog.drain();
      if (!supported) {
        log.stream().filter(message -> !message.contains(NO_DEVICE)).forEach(messages::add);
      }
      return supported;
    } finally {
      NativeObjects.delete(config);
    }
  }

  private static List<String> differences(List<RecordedTensor> ours, List<NativeTensor> theirs) {
    ImmutableList.Builder<String> messages = ImmutableList.builder();
    if (ours.size() != theirs.size()) {
      messages.add("%d tensors, but TensorRT has %d".formatted(ours.size(), theirs.size()));
    }
    for (int i = 0; i < Math.min(ours.size(), theirs.size()); i++) {
      RecordedTensor our = ours.get(i);
      NativeTensor their = theirs.get(i);
      if (our.elementType() != their.elementType() || !agree(our.dims(), their.dims())) {
        messages.add("%s is %s, but TensorRT infers %s".formatted(our, our.value().type(), their));
      }
    }
    return messages.build();
  }

  private static boolean agree(ImmutableLongArray ours, ImmutableLongArray theirs) {
    if (ours.length() != theirs.length()) {
      return false;
    }
    for (int i = 0; i < ours.length(); i++) {
      if (ours.get(i) >= 0 && theirs.get(i) >= 0 && ours.get(i) != theirs.get(i)) {
        return false;
      }
    }
    return true;
  }
}
