/** The command line: parses arguments, calls the driver, prints. No compiling of its own. */
@NullMarked
package dev.tenrec.cli;

import org.jspecify.annotations.NullMarked;
