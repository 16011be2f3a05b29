/**
 * Fusions: rules that recognize several operations as one that the intermediate representation has.
 *
 * <p>Belongs here: one class per compound operation, with its formula, its legality and its source.
 * Does not belong here: identities that need no pattern, and whatever only one backend wants.
 */
@NullMarked
package dev.tenrec.passes.fuse;

import org.jspecify.annotations.NullMarked;
