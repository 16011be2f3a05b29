package dev.tenrec.passes;

import com.google.common.collect.ImmutableSortedMap;
import dev.tenrec.ir.Value;
import java.util.Map;
import java.util.TreeMap;

/** What the passes of one run share. Not for several threads. */
public final class PassContext {
  private final long maxRewrites;
  private final RewriteListener listener;
  private final Map<String, Integer> applications = new TreeMap<>();
  private long rewrites;

  /**
   * @param maxRewrites how many rewrites are done in all; with bisection over this number one finds
   *     the rewrite that breaks a model
   */
  public PassContext(long maxRewrites, RewriteListener listener) {
    this.maxRewrites = maxRewrites;
    this.listener = listener;
  }

  public static PassContext unlimited() {
    return new PassContext(Long.MAX_VALUE, RewriteListener.SILENT);
  }

  /** Whether another rewrite is allowed. */
  public boolean mayRewrite() {
    return rewrites < maxRewrites;
  }

  /** Counts a rewrite by the rule or pass of the given name. */
  public void applied(String rule, Value before, Value after) {
    rewrites++;
    applications.merge(rule, 1, Integer::sum);
    listener.applied(rule, before, after);
  }

  /** Notes that what a rule offered was not taken. */
  public void refused(String rule, Value before, String reason) {
    listener.refused(rule, before, reason);
  }

  /** How often each rule was applied so far. */
  public ImmutableSortedMap<String, Integer> applications() {
    return ImmutableSortedMap.copyOf(applications);
  }

  /** The number of rewrites so far. */
  public long rewrites() {
    return rewrites;
  }
}
