/**
 * Passes, pipelines and what watches them.
 *
 * <p>Belongs here: the notion of a pass, the standard pipeline in one file, and listeners that
 * verify, dump and time. Does not belong here: rewriting itself and single rules, which have
 * packages of their own.
 */
@NullMarked
package dev.tenrec.passes;

import org.jspecify.annotations.NullMarked;
