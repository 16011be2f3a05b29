/**
 * The search for a precision that is accurate enough, on samples and a backend.
 *
 * <p>Does not belong here: in which order choices are tried, which is {@code
 * dev.tenrec.passes.search}.
 */
@NullMarked
package dev.tenrec.compiler.search;

import org.jspecify.annotations.NullMarked;
