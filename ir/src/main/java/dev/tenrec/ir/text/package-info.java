/**
 * The textual form of graphs: printed, parsed, and the same after a round trip. It follows ONNX's
 * textual syntax with Tenrec's operations.
 */
@NullMarked
package dev.tenrec.ir.text;

import org.jspecify.annotations.NullMarked;
