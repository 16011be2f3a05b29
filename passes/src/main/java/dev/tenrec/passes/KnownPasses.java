package dev.tenrec.passes;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSortedMap;
import dev.tenrec.ir.diagnostic.ErrorCode;
import dev.tenrec.ir.diagnostic.TenrecException;
import dev.tenrec.ir.tensor.ElementType;
import dev.tenrec.passes.fuse.FuseOperations;
import dev.tenrec.passes.precision.AssignPrecision;
import dev.tenrec.passes.quantize.weights.QuantizeWeights;
import dev.tenrec.passes.quantize.weights.WeightMethod;
import dev.tenrec.passes.quantize.weights.WeightSettings;
import dev.tenrec.passes.simplify.BindConstants;
import dev.tenrec.passes.simplify.Canonicalize;
import dev.tenrec.passes.simplify.EliminateCommonSubexpressions;
import dev.tenrec.passes.simplify.EliminateDeadCode;
import dev.tenrec.passes.simplify.FoldConstants;
import dev.tenrec.passes.simplify.MergeProjections;
import dev.tenrec.passes.simplify.NameValues;
import dev.tenrec.passes.simplify.SimplifyLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.TreeMap;

/**
 * The passes that a pipeline's text can name: Tenrec's, the rules that they apply, and those that
 * {@link ServiceLoader} finds in other jars.
 */
public record KnownPasses(ImmutableSortedMap<String, Pass> byName) {
  private static final ImmutableList<Pass> OURS =
      ImmutableList.of(
          new EliminateDeadCode(),
          new BindConstants(),
          new FoldConstants(),
          new Canonicalize(),
          new EliminateCommonSubexpressions(),
          new FuseOperations(),
          new SimplifyLayout(),
          new MergeProjections(),
          new NameValues(),
          new QuantizeWeights(
              new WeightSettings(ElementType.INT8, 0, WeightMethod.MSE), Optional.empty()),
          new AssignPrecision(ElementType.FLOAT16));

  /** What the name stands for that is none of a pass. */
  private static final String STANDARD = "standard";

  /** Tenrec's passes and those of the jars that the current thread's class loader sees. */
  public static KnownPasses load() {
    return of(ServiceLoader.load(Pass.class));
  }

  /** Tenrec's passes and those of the jars that a class loader sees. */
  public static KnownPasses load(ClassLoader loader) {
    return of(ServiceLoader.load(Pass.class, loader));
  }

  private static KnownPasses of(ServiceLoader<Pass> others) {
    List<Pass> passes = new ArrayList<>(OURS);
    try {
      others.forEach(passes::add);
    } catch (ServiceConfigurationError e) {
      throw new TenrecException(
              ErrorCode.INVALID_ARGUMENT, "a pass cannot be loaded: " + e.getMessage(), e)
          .advise(
              "META-INF/services/dev.tenrec.passes.Pass names public classes without arguments");
    }
    Map<String, Pass> byName = new TreeMap<>();
    for (Pass pass : passes) {
      put(byName, pass);
      pass.rules().stream().filter(rule -> !rule.equals(pass)).forEach(rule -> put(byName, rule));
    }
    return new KnownPasses(ImmutableSortedMap.copyOf(byName));
  }

  private static void put(Map<String, Pass> byName, Pass pass) {
    Pass other = byName.putIfAbsent(pass.name(), pass);
    if (pass.name().equals(STANDARD) || (other != null && !other.equals(pass))) {
      throw new TenrecException(
              ErrorCode.INVALID_ARGUMENT,
              "%s calls itself '%s', which is taken"
                  .formatted(pass.getClass().getName(), pass.name()))
          .advise("give the pass another name");
    }
  }

  /**
   * The pass of a name, as it is without options.
   *
   * @throws TenrecException naming the known ones if it is none of them
   */
  public Pass get(String name) {
    Pass pass = byName.get(name);
    if (pass == null) {
      throw new TenrecException(ErrorCode.INVALID_ARGUMENT, "there is no pass '%s'".formatted(name))
          .advise("the passes are " + String.join(", ", byName.keySet()));
    }
    return pass;
  }

  /** See {@link Pipeline#parse}. */
  public Pipeline parse(String text) {
    ImmutableList.Builder<Pass> passes = ImmutableList.builder();
    for (PipelineText.Element element : PipelineText.parse(text)) {
      if (element.name().equals(STANDARD) && element.options().isEmpty()) {
        passes.addAll(Pipeline.standard().passes());
      } else {
        PassOptions options = new PassOptions(element.name(), element.options());
        passes.add(get(element.name()).with(options));
        options.refuseWhatWasNotAskedFor();
      }
    }
    return new Pipeline(passes.build());
  }
}
