package dev.tenrec.compiler.verify;

/** How a case ended. */
public sealed interface CaseResult {
  /** Every data set gave what was expected. */
  record Passed() implements CaseResult {}

  /** The backend computed something else, or broke. */
  record Failed(String reason) implements CaseResult {}

  /** The model holds something that Tenrec or the backend says it cannot run. */
  record Unsupported(String reason) implements CaseResult {}
}
