package dev.tenrec.passes.precision;

import com.google.common.collect.ImmutableList;
import dev.tenrec.ir.Graph;
import dev.tenrec.ir.Node;
import dev.tenrec.ir.diagnostic.ErrorCode;
import dev.tenrec.ir.diagnostic.TenrecException;
import dev.tenrec.ir.text.ValueNames;
import java.util.List;
import java.util.Optional;

/**
 * What users wish about some operations.
 *
 * @param all of those that match an operation, the last one counts
 */
public record PrecisionOverrides(ImmutableList<PrecisionOverride> all) {
  /** No wishes. */
  public static final PrecisionOverrides NONE = new PrecisionOverrides(ImmutableList.of());

  /** The one that counts for an operation. */
  public Optional<PrecisionOverride> find(Node node, ValueNames names) {
    return all.reverse().stream().filter(wish -> wish.matches(node, names)).findFirst();
  }

  /** The same wishes, followed by others. */
  public PrecisionOverrides and(List<PrecisionOverride> others) {
    return new PrecisionOverrides(
        ImmutableList.<PrecisionOverride>builder().addAll(all).addAll(others).build());
  }

  /**
   * Checks that each is about something.
   *
   * @throws TenrecException with {@code INVALID_ARGUMENT} for one that matches no operation
   */
  void requireMatches(Graph graph, ValueNames names) {
    for (PrecisionOverride wish : all) {
      boolean used =
          graph.nodes().stream()
              .filter(PlanPrecision::concerns)
              .anyMatch(node -> wish.matches(node, names));
      if (!used) {
        throw new TenrecException(
                ErrorCode.INVALID_ARGUMENT,
                "override '%s' matches no operation on float32".formatted(wish))
            .advise("names and kinds of operations are in the report of 'tenrec compile --report'");
      }
    }
  }
}
