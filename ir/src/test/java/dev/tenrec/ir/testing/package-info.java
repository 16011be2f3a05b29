/** Fixtures that the tests of all modules share. */
@NullMarked
package dev.tenrec.ir.testing;

import org.jspecify.annotations.NullMarked;
