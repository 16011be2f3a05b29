/** Rules that no single module can check: who may see what, over the byte code of all of them. */
@NullMarked
package dev.tenrec.architecture;

import org.jspecify.annotations.NullMarked;
