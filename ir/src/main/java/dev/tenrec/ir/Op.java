package dev.tenrec.ir;

import com.google.common.collect.ImmutableList;

/**
 * An operation: a record whose components are its attributes and operands.
 *
 * <p>Constructors check what does not need inference; {@link #inferTypes} checks the rest. Two
 * operations are equal exactly when they compute the same from the same values.
 */
public sealed interface Op
    permits Attention,
        Contraction,
        ControlFlow,
        Convolution,
        CustomOp,
        Elementwise,
        Indexing,
        Normalization,
        Pooling,
        Quantization,
        Reduction,
        Resampling,
        Shuffle,
        Source {

  /** All values that this operation reads, in the order of its textual form. */
  ImmutableList<Value> operands();

  /**
   * The same operation on other values.
   *
   * @param operands as many as {@link #operands} gives
   */
  Op withOperands(ImmutableList<Value> operands);

  /**
   * The types of the results. Called once for a node; sizes that cannot be expressed are fresh
   * symbols.
   *
   * @throws dev.tenrec.ir.diagnostic.TenrecException if the operands do not fit
   */
  ImmutableList<TensorType> inferTypes();

  /** A value computed by this operation in a node of its own. */
  default Value value() {
    return Node.of(this).result();
  }
}
