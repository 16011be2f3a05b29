package dev.tenrec.compiler;

import dev.tenrec.tensorrt.ShapeProfile;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What a bundle is compiled for.
 *
 * @param shapes the range of each symbolic dimension that an engine must serve
 * @param engine whether a TensorRT engine is built
 * @param allowNarrowing whether the engine may compute in types that do not hold all numbers of the
 *     model's
 * @param optimizationLevel how long TensorRT searches, 0 to 5; if empty, as by its default
 * @param demands what is to be known of the precision
 * @param onSlower what becomes of a quantized engine that is slower than one in half precision;
 *     nobody looks if it is empty
 * @param report the folder for a page that shows what each pass did to the form that is kept, if
 *     one is wanted
 */
public record CompileOptions(
    PrecisionSettings precision,
    ShapeProfile shapes,
    boolean engine,
    boolean allowNarrowing,
    OptionalInt optimizationLevel,
    PrecisionDemands demands,
    Optional<OnSlower> onSlower,
    Optional<Path> report) {}
