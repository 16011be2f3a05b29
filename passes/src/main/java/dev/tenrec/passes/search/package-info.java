/**
 * The search for the fewest bits that keep a model accurate enough.
 *
 * <p>Belongs here: in which order what is tried. Does not belong here: how accurate a choice is,
 * which whoever searches measures.
 */
@NullMarked
package dev.tenrec.passes.search;

import org.jspecify.annotations.NullMarked;
