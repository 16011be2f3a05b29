/** Tests of import and export; {@link dev.tenrec.onnx.TestModel} is a fixture for others too. */
@NullMarked
package dev.tenrec.onnx;

import org.jspecify.annotations.NullMarked;
