/** Tests of running engines, as far as they need none. */
@NullMarked
package dev.tenrec.runtime;

import org.jspecify.annotations.NullMarked;
