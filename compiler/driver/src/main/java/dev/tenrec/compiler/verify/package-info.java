/**
 * Comparing what a backend computes with what a model is known to compute.
 *
 * <p>Cases have the layout of ONNX's backend tests. Does not belong here: printing results.
 */
@NullMarked
package dev.tenrec.compiler.verify;

import org.jspecify.annotations.NullMarked;
