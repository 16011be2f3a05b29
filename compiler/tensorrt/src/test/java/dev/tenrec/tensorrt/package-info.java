/** Tests of the lowering on every backend that the machine has. */
@NullMarked
package dev.tenrec.tensorrt;

import org.jspecify.annotations.NullMarked;
