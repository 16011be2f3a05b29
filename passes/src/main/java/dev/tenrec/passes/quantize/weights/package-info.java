/**
 * Weights in few bits, read by products that are computed in floating point: less memory, and less
 * to read where that takes the time.
 *
 * <p>Belongs here: which weights gain, the ways to choose their numbers, what these need to know of
 * the data, and the rewriting. Does not belong here: activations in few bits; that is {@code
 * dev.tenrec.passes.quantize}.
 */
@NullMarked
package dev.tenrec.passes.quantize.weights;

import org.jspecify.annotations.NullMarked;
