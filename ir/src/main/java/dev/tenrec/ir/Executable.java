package dev.tenrec.ir;

import com.google.common.collect.ImmutableMap;
import dev.tenrec.ir.tensor.Tensor;
import java.util.Map;
import java.util.function.Consumer;

/** Something that computes what a graph says: the interpreter, ONNX Runtime, a TensorRT engine. */
public interface Executable extends AutoCloseable {
  /** What {@link #run} takes and gives. */
  Signature signature();

  /**
   * The outputs by name.
   *
   * @param inputs one tensor for each input of the signature, others are refused
   * @throws dev.tenrec.ir.diagnostic.TenrecException with {@code INVALID_INPUT} if they do not fit
   */
  ImmutableMap<String, Tensor> run(Map<String, Tensor> inputs);

  /**
   * Runs like {@link #run}, and shows the outputs where the backend keeps them instead of copying
   * them.
   *
   * @param reader may use the outputs until it returns, not later
   */
  default void show(Map<String, Tensor> inputs, Consumer<? super Map<String, Tensor>> reader) {
    reader.accept(run(inputs));
  }

  /** Frees what this holds outside of the heap. */
  @Override
  default void close() {}
}
