/**
 * How far the results of a graph are from those of another that should compute the same.
 *
 * <p>Belongs here: measures of error over any number of samples, running two graphs side by side,
 * ranking parts of a graph by the error that they cause. Does not belong here: checks of single
 * passes, which must change nothing; those are in {@code dev.tenrec.passes.check}.
 */
@NullMarked
package dev.tenrec.passes.accuracy;

import org.jspecify.annotations.NullMarked;
