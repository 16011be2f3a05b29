/**
 * The choice of an element type for every value, and its application.
 *
 * <p>Belongs here: what an operation prefers, the plan with its reasons, the rewriting that carries
 * it out. Deciding and rewriting stay apart, so that each can be read and tested alone. Does not
 * belong here: anything about a backend's kernels.
 */
@NullMarked
package dev.tenrec.passes.precision;

import org.jspecify.annotations.NullMarked;
