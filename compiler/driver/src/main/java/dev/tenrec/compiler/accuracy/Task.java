package dev.tenrec.compiler.accuracy;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import com.google.common.primitives.ImmutableLongArray;
import dev.tenrec.ir.Executable;
import dev.tenrec.ir.tensor.Tensor;

/** Data that tell what is right, so that it can be told how well a model does its task. */
public sealed interface Task permits LabelledData, TokenWindows {
  /**
   * What a model makes of the data.
   *
   * @param score see {@link Metric}
   * @param choices its class or token for each sample
   */
  record Answers(double score, ImmutableLongArray choices) {}

  /** What the score is. */
  Metric metric();

  /** What a model runs on, one after the other. */
  ImmutableList<ImmutableMap<String, Tensor>> inputs();

  /** Runs a model, of which the first output counts. */
  Answers answers(Executable model);
}
