/**
 * The rewrite engine: rules, the driver that applies them, and patterns over several operations.
 *
 * <p>Belongs here: what all rules share. Does not belong here: any single rule.
 */
@NullMarked
package dev.tenrec.passes.rewrite;

import org.jspecify.annotations.NullMarked;
