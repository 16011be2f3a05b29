/**
 * What an error consists of: a code, a place in the model, a cause and advice.
 *
 * <p>Belongs here: locations and the one exception type that reaches users. Does not belong here:
 * printing to a terminal or exit codes, which are the command line's.
 */
@NullMarked
package dev.tenrec.ir.diagnostic;

import org.jspecify.annotations.NullMarked;
