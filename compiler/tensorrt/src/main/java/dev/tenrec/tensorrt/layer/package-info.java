/**
 * TensorRT's layers as data: one record per kind of layer that we use, with exactly TensorRT's
 * parameters. All parameters are given, because TensorRT's defaults differ from ONNX's.
 *
 * <p>Does not belong here: what a layer computes, how it is made, and anything of the Java
 * bindings.
 */
@NullMarked
package dev.tenrec.tensorrt.layer;

import org.jspecify.annotations.NullMarked;
