/**
 * Finding out why passes do what they do: which rewrite breaks a model, why a rule does not fire,
 * and which small graph still shows a failure.
 *
 * <p>Does not belong here: comparing by numbers, and files other than texts.
 */
@NullMarked
package dev.tenrec.passes.debug;

import org.jspecify.annotations.NullMarked;
