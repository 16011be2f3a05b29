/**
 * ONNX models to Tenrec's graphs and back.
 *
 * <p>Belongs here: everything that ONNX decides and nobody else should know, that is its file
 * format, operator names, opset versions, defaults and encodings of tensors. {@link
 * dev.tenrec.onnx.OperatorTable} lists what can be imported, one line per operator, and leads to
 * one {@code …Import} file per family; each has its {@code …Export} beside it. An importer handler
 * turns a node into an operation; names, locations and errors are {@link
 * dev.tenrec.onnx.GraphImport}'s.
 *
 * <p>Does not belong here: optimization. What is imported says what the model says, operation by
 * operation; shape arithmetic is left for the passes to fold.
 */
@NullMarked
package dev.tenrec.onnx;

import org.jspecify.annotations.NullMarked;
