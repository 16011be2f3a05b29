/**
 * What values of a graph hold on samples of real data, and what follows for their ranges.
 *
 * <p>Belongs here: running a graph on samples with its values observed, statistics that take no
 * more memory for more samples, the table of ranges that results. Does not belong here: what is
 * done with a range; that is {@code dev.tenrec.passes.precision} and {@code
 * dev.tenrec.passes.quantize}.
 */
@NullMarked
package dev.tenrec.passes.calibration;

import org.jspecify.annotations.NullMarked;
