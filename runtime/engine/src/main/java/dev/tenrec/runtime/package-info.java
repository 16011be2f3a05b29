/**
 * Runs engines: loads a plan, binds inputs, launches on a stream, reads the outputs back.
 *
 * <p>Does not belong here: building plans, and anything that knows how a model became one.
 */
@NullMarked
package dev.tenrec.runtime;

import org.jspecify.annotations.NullMarked;
