/**
 * What happens to a graph between the optimizer and the lowering: passes that rewrite what TensorRT
 * has no layers or no element type for into what it has.
 *
 * <p>Belongs here: decompositions that only TensorRT needs, one pass or rule each, in the list of
 * {@link dev.tenrec.tensorrt.legalize.Legalization}. Does not belong here: what makes a model
 * better on any backend, which is the optimizer's, and how an operation becomes layers, which is
 * the lowering's.
 */
@NullMarked
package dev.tenrec.tensorrt.legalize;

import org.jspecify.annotations.NullMarked;
