/**
 * Tensors in files: NumPy's {@code .npz}, and output files that appear whole or not at all.
 *
 * <p>Does not belong here: ONNX's formats, which the importer reads.
 */
@NullMarked
package dev.tenrec.compiler.data;

import org.jspecify.annotations.NullMarked;
