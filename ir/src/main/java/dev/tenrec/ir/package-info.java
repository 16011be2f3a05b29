/**
 * The intermediate representation: values, operations and graphs.
 *
 * <p>An {@link dev.tenrec.ir.Op} is a record over {@link dev.tenrec.ir.Value}s; operations are
 * grouped in families, one sealed interface each, at the granularity of TensorRT's layer kinds.
 * Graphs are immutable: a pass builds a new one and shares the nodes that it leaves alone. Whatever
 * works on all operations (interpreter, printer, exporter, lowering) is one exhaustive {@code
 * switch} per family without {@code default}, so that a new operation turns the compiler's errors
 * into the list of what is to be done.
 *
 * <p>Does not belong here: names, versions and defaults of ONNX, and anything of TensorRT.
 */
@NullMarked
package dev.tenrec.ir;

import org.jspecify.annotations.NullMarked;
