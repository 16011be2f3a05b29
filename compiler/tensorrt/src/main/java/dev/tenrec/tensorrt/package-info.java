/**
 * From a graph to a TensorRT plan: the lowering, the two networks that it can lower into, the
 * builder and the validator.
 *
 * <p>{@link dev.tenrec.tensorrt.Lowering} knows operations and layers, and no bindings. {@link
 * dev.tenrec.tensorrt.RecordedNetwork} knows what TensorRT's documentation says that layers mean;
 * {@link dev.tenrec.tensorrt.NativeNetwork} hands them to TensorRT. Does not belong here:
 * optimization of graphs, and running plans.
 */
@NullMarked
package dev.tenrec.tensorrt;

import org.jspecify.annotations.NullMarked;
