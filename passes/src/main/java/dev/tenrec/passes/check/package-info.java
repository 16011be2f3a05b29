/**
 * Proving by numbers that passes keep what a model computes.
 *
 * <p>Belongs here: inputs that a model can be run on, the comparison of outputs, and listeners that
 * run the interpreter around passes and rewrites. Does not belong here: known results of models in
 * files, which are the driver's.
 */
@NullMarked
package dev.tenrec.passes.check;

import org.jspecify.annotations.NullMarked;
