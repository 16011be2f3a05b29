/**
 * Runs graphs on the CPU with ONNX Runtime, where there is no GPU.
 *
 * <p>Belongs here: sessions of ONNX Runtime and the way of tensors into them and back. Does not
 * belong here: ONNX itself, which is the exporter's.
 */
@NullMarked
package dev.tenrec.runtime.cpu;

import org.jspecify.annotations.NullMarked;
