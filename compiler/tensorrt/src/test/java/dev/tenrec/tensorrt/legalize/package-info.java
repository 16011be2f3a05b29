/** Tests of what only TensorRT needs done to a graph. */
@NullMarked
package dev.tenrec.tensorrt.legalize;

import org.jspecify.annotations.NullMarked;
