/**
 * Passes and rules that make a graph smaller without new kinds of operations: folding, elimination,
 * identities.
 *
 * <p>Belongs here: whatever is true for any backend. Does not belong here: recognition of compound
 * operations, which is fusion.
 */
@NullMarked
package dev.tenrec.passes.simplify;

import org.jspecify.annotations.NullMarked;
