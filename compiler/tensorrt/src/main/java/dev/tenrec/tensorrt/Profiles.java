package dev.tenrec.tensorrt;

import dev.tenrec.ir.Graph;
import dev.tenrec.ir.Value;
import dev.tenrec.ir.diagnostic.ErrorCode;
import dev.tenrec.ir.diagnostic.TenrecException;
import dev.tenrec.runtime.bindings.Dimensions;
import dev.tenrec.runtime.bindings.NativeLog;
import java.util.List;
import org.bytedeco.tensorrt.global.nvinfer.OptProfileSelector;
import org.bytedeco.tensorrt.nvinfer.IBuilder;
import org.bytedeco.tensorrt.nvinfer.IBuilderConfig;
import org.bytedeco.tensorrt.nvinfer.INetworkDefinition;
import org.bytedeco.tensorrt.nvinfer.IOptimizationProfile;
import org.bytedeco.tensorrt.nvinfer.ITensor;

/** Hands {@link ShapeProfile}s to TensorRT. */
final class Profiles {
  private Profiles() {}

  static void check(Graph graph, List<ShapeProfile> profiles) {
    for (ShapeProfile profile : profiles) {
      graph.inputs().forEach(input -> profile.opt(input.shape()));
    }
  }

  static void add(
      Graph graph,
      List<ShapeProfile> profiles,
      IBuilder builder,
      INetworkDefinition definition,
      IBuilderConfig config) {
    refuseShapeInputs(definition);
    boolean dynamic = graph.inputs().stream().anyMatch(input -> !input.shape().isStatic());
    if (!dynamic) {
      return;
    }
    for (ShapeProfile profile : profiles) {
      IOptimizationProfile added = profile(graph, profile, builder);
      if (!added.isValid() || config.addOptimizationProfile(added) < 0) {
        throw refused(profile);
      }
    }
  }

  private static IOptimizationProfile profile(Graph graph, ShapeProfile profile, IBuilder builder) {
    IOptimizationProfile added = builder.createOptimizationProfile();
    for (Value input : graph.inputs()) {
      if (!input.shape().isStatic()) {
        boolean taken =
            added.setDimensions(
                    input.name(),
                    OptProfileSelector.kMIN,
                    Dimensions.of(profile.min(input.shape())))
                && added.setDimensions(
                    input.name(),
                    OptProfileSelector.kOPT,
                    Dimensions.of(profile.opt(input.shape())))
                && added.setDimensions(
                    input.name(),
                    OptProfileSelector.kMAX,
                    Dimensions.of(profile.max(input.shape())));
        if (!taken) {
          throw refused(profile);
        }
      }
    }
    return added;
  }

  /** An input whose elements are sizes needs their range in the profile, which we do not have. */
  private static void refuseShapeInputs(INetworkDefinition definition) {
    for (int i = 0; i < definition.getNbInputs(); i++) {
      ITensor input = definition.getInput(i);
      if (input.isShapeTensor()) {
        throw new TenrecException(
                ErrorCode.UNSUPPORTED,
                "the elements of input '%s' decide sizes".formatted(input.getName()))
            .advise("make it a constant of the model")
            .needing(List.of(input.getName()));
      }
    }
  }

  private static TenrecException refused(ShapeProfile profile) {
    return new TenrecException(
        ErrorCode.BACKEND_FAILURE,
        "TensorRT refuses the sizes %s: %s".formatted(profile.sizes(), NativeLog.cause()));
  }
}
