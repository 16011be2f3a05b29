package dev.tenrec.compiler;

import dev.tenrec.tensorrt.ShapeProfile;

/**
 * What a bundle is compiled for.
 *
 * @param shapes the range of each symbolic dimension that an engine must serve
 * @param engine whether a TensorRT engine is built
 */
public record CompileOptions(Precision precision, ShapeProfile shapes, boolean engine) {}
