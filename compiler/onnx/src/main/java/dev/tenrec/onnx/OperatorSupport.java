package dev.tenrec.onnx;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSortedSet;
import java.util.Optional;

/**
 * What the importer takes of an operator.
 *
 * @param domain empty for ONNX's own
 * @param versions the opsets from which its meaning or form differs for the importer
 * @param refusal why it is not supported at all, and the way out; empty if it is supported
 * @param limits what of it is not supported, in words
 */
public record OperatorSupport(
    String domain,
    String name,
    ImmutableSortedSet<Long> versions,
    Optional<Refusal> refusal,
    ImmutableList<String> limits) {

  /**
   * Why an operator is not supported.
   *
   * @param reason why an operator cannot be compiled
   * @param advice what to use instead
   */
  public record Refusal(String reason, String advice) {}
}
