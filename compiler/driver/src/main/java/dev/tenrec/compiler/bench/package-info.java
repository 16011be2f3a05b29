/**
 * Measures engines side by side: ours, and the one that NVIDIA's parser makes of the same file.
 *
 * <p>Belongs here: what is built, in which order it is timed, and what is reported. Does not belong
 * here: launching and clocks, which the runtime has.
 */
@NullMarked
package dev.tenrec.compiler.bench;

import org.jspecify.annotations.NullMarked;
