package dev.tenrec.runtime.bindings;

/**
 * The name of the output of an engine that holds the sizes of another one. The compiler adds it
 * where sizes depend on elements of the inputs: TensorRT tells such sizes to nobody but a callback.
 */
public final class SizesOutput {
  private static final String SUFFIX = ":sizes";

  private SizesOutput() {}

  /** The name that belongs to an output. */
  public static String of(String output) {
    return output + SUFFIX;
  }

  /** Whether an output of an engine holds the sizes of another one. */
  public static boolean is(String output) {
    return output.endsWith(SUFFIX);
  }
}
