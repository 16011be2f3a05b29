/**
 * Symbolic dimensions: a small algebra of integers that are known, named or computed from named
 * ones.
 *
 * <p>Expressions are kept in one normal form (sums of products of atoms), so that equal records
 * usually mean equal numbers. Symbols are sizes of dimensions and hence never negative. Does not
 * belong here: shapes of tensors and rules of operators.
 */
@NullMarked
package dev.tenrec.ir.dim;

import org.jspecify.annotations.NullMarked;
