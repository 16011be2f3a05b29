package dev.tenrec.passes.quantize;

import dev.tenrec.ir.Node;
import dev.tenrec.ir.Value;

/**
 * An operand of an operation, as a place: other operations may read the same value otherwise.
 *
 * @param operand counted from 0
 */
public record Reading(Node reader, int operand) {

  /** What is read. */
  public Value value() {
    return reader.op().operands().get(operand);
  }
}
