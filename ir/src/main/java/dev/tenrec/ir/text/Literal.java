package dev.tenrec.ir.text;

import dev.tenrec.ir.Graph;
import dev.tenrec.ir.dim.Dim;
import dev.tenrec.ir.tensor.Tensor;
import java.util.List;

/** The value of an attribute as it is written. */
sealed interface Literal {
  /** Numbers and names, one or a list of them. */
  record Words(List<String> words) implements Literal {}

  record Dims(List<Dim> dims) implements Literal {}

  record Elements(Tensor tensor) implements Literal {}

  record Nested(Graph graph) implements Literal {}
}
