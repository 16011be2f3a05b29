package dev.tenrec.compiler.bench;

import com.google.common.collect.ImmutableMap;
import dev.tenrec.ir.tensor.Tensor;
import dev.tenrec.runtime.Engine;
import org.jspecify.annotations.Nullable;

/**
 * An engine in a comparison.
 *
 * @param name how it was made: {@code tenrec}, {@code nvonnxparser}, or {@code plan}
 * @param build what building it took, if it was built now
 * @param inputs what it is run with
 */
record Contender(
    String name,
    Measurement.@Nullable Build build,
    Engine engine,
    ImmutableMap<String, Tensor> inputs)
    implements AutoCloseable {
  @Override
  public void close() {
    engine.close();
  }
}
