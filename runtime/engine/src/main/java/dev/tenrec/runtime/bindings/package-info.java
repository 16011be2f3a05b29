/**
 * What both users of TensorRT's Java bindings need: loading the libraries with a clear error, the
 * log, deleting native objects, conversions between our types and TensorRT's, checked CUDA calls.
 *
 * <p>Does not belong here: building networks ({@code dev.tenrec.tensorrt}) and running engines
 * ({@code dev.tenrec.runtime}).
 */
@NullMarked
package dev.tenrec.runtime.bindings;

import org.jspecify.annotations.NullMarked;
