/**
 * Samples for calibration in files, and the table that results of them.
 *
 * <p>Does not belong here: statistics and the choice of ranges, which are {@code
 * dev.tenrec.passes.calibration}.
 */
@NullMarked
package dev.tenrec.compiler.calibration;

import org.jspecify.annotations.NullMarked;
