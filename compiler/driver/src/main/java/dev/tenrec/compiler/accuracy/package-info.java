/** How well a model does its task on labelled data, or on text. */
@NullMarked
package dev.tenrec.compiler.accuracy;

import org.jspecify.annotations.NullMarked;
