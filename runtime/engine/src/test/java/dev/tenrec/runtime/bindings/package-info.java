/** Tests of what needs no native library. */
@NullMarked
package dev.tenrec.runtime.bindings;

import org.jspecify.annotations.NullMarked;
