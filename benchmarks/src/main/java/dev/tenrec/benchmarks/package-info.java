/**
 * Measurements with JMH: how time grows with the size of a model.
 *
 * <p>Does not belong here: anything that passes or fails.
 */
@NullMarked
package dev.tenrec.benchmarks;

import org.jspecify.annotations.NullMarked;
