/**
 * The reference interpreter: small, slow and meant to be obviously right. It folds constants,
 * checks rewrites and is the oracle of last resort.
 *
 * <p>Floating-point elements are computed in double precision and rounded to the element type after
 * each operation. Does not belong here: speed.
 */
@NullMarked
package dev.tenrec.ir.interpret;

import org.jspecify.annotations.NullMarked;
