package dev.tenrec.tensorrt;

import com.google.common.collect.ImmutableList;
import dev.tenrec.ir.diagnostic.ErrorCode;
import dev.tenrec.ir.diagnostic.TenrecException;
import dev.tenrec.tensorrt.legalize.Legalization;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * What is left to choose when a plan is built.
 *
 * @param profiles the sizes that the engine is made for, one set or several
 * @param tf32 whether float products may be rounded to TF32: faster, with 10 bits of mantissa
 * @param optimizationLevel how long TensorRT searches, 0 to 5; if empty, as by its default
 * @param workspaceBytes a limit to the memory that layers work in; none for all that there is
 * @param allowNarrowing whether an element type that TensorRT does not have may become one that
 *     does not hold all its numbers
 * @param details whether the engine can tell what its layers compute, and in which types
 */
public record BuildOptions(
    ImmutableList<ShapeProfile> profiles,
    boolean tf32,
    OptionalInt optimizationLevel,
    OptionalLong workspaceBytes,
    boolean allowNarrowing,
    boolean details) {
  private static final int HIGHEST_LEVEL = 5;

  /** With a level that TensorRT knows. */
  public BuildOptions {
    int level = optimizationLevel.orElse(0);
    if (level < 0 || level > HIGHEST_LEVEL) {
      throw new TenrecException(
              ErrorCode.INVALID_ARGUMENT, "the optimization level is %d".formatted(level))
          .advise("choose a number from 0 to " + HIGHEST_LEVEL);
    }
  }

  /** Exact float products, and TensorRT's own defaults. */
  public static BuildOptions of(ShapeProfile profile) {
    return new BuildOptions(
        ImmutableList.of(profile), false, OptionalInt.empty(), OptionalLong.empty(), false, false);
  }

  /** What becomes of a graph before it is lowered. */
  public Legalization legalization() {
    return new Legalization(allowNarrowing, ShapeProfile.ones(profiles));
  }

  public BuildOptions withOptimizationLevel(OptionalInt level) {
    return new BuildOptions(profiles, tf32, level, workspaceBytes, allowNarrowing, details);
  }

  public BuildOptions withNarrowing(boolean allowed) {
    return new BuildOptions(profiles, tf32, optimizationLevel, workspaceBytes, allowed, details);
  }

  public BuildOptions withDetails(boolean wanted) {
    return new BuildOptions(
        profiles, tf32, optimizationLevel, workspaceBytes, allowNarrowing, wanted);
  }
}
