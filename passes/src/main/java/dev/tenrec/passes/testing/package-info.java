/**
 * What tests of rules and passes share: graphs before and after as text, and the proof by the
 * interpreter that both compute the same. Passes outside of Tenrec test themselves with it too.
 */
@NullMarked
package dev.tenrec.passes.testing;

import org.jspecify.annotations.NullMarked;
