/**
 * Computing in 8 bits: which operands of which operations are read as multiples of a scale, and the
 * rewriting that makes it so.
 *
 * <p>Belongs here: the operations that gain, where Quantize and Dequantize stand around them, the
 * scales that follow from ranges, and weights in few bits. Deciding and rewriting stay apart. Does
 * not belong here: how ranges are found; that is {@code dev.tenrec.passes.calibration}.
 */
@NullMarked
package dev.tenrec.passes.quantize;

import org.jspecify.annotations.NullMarked;
