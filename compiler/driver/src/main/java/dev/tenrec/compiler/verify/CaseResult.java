package dev.tenrec.compiler.verify;

import com.google.common.collect.ImmutableSet;

/** How a case ended. */
public sealed interface CaseResult {
  /**
   * Every data set gave what was expected.
   *
   * @param bound inputs of the model whose elements were given to the compiler as constants
   */
  record Passed(ImmutableSet<String> bound) implements CaseResult {}

  /** The backend computed something else, or broke. */
  record Failed(String reason) implements CaseResult {}

  /** The model holds something that Tenrec or the backend says it cannot run. */
  record Unsupported(String reason) implements CaseResult {}
}
