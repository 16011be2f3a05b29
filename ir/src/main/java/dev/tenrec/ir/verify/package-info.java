/** Checks that a graph is well-formed: small, named and one at a time. */
@NullMarked
package dev.tenrec.ir.verify;

import org.jspecify.annotations.NullMarked;
