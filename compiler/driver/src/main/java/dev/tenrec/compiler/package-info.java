/**
 * The programmatic compile API: from a model file to a bundle, and from a graph to something that
 * runs.
 *
 * <p>Orchestration only. Whatever changes a graph is a pass; whatever touches TensorRT, ONNX or
 * ONNX Runtime lies in the module of that name.
 */
@NullMarked
package dev.tenrec.compiler;

import org.jspecify.annotations.NullMarked;
