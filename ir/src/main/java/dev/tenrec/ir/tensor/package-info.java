/**
 * Concrete tensors: an element type, sizes and memory that may be a mapped file.
 *
 * <p>Does not belong here: symbolic shapes and any arithmetic beyond the conversion of single
 * elements.
 */
@NullMarked
package dev.tenrec.ir.tensor;

import org.jspecify.annotations.NullMarked;
