/** Tests against ONNX Runtime: of its use as a backend, and of import, interpreter and export. */
@NullMarked
package dev.tenrec.runtime.cpu;

import org.jspecify.annotations.NullMarked;
