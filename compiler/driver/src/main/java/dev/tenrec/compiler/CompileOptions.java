package dev.tenrec.compiler;

import dev.tenrec.tensorrt.ShapeProfile;

/**
 * What a bundle is compiled for.
 *
 * @param shapes the range of each symbolic dimension that an engine must serve
 * @param engine whether a TensorRT engine is built
 * @param allowNarrowing whether the engine may compute in types that do not hold all numbers of the
 *     model's
 */
public record CompileOptions(
    Precision precision, ShapeProfile shapes, boolean engine, boolean allowNarrowing) {}
