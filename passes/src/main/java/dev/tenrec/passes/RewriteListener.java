package dev.tenrec.passes;

import dev.tenrec.ir.Value;

/** Learns of single rewrites. */
public interface RewriteListener {
  /** Hears nothing. */
  RewriteListener SILENT = new RewriteListener() {};

  /** A rule replaced a value. */
  default void applied(String rule, Value before, Value after) {}

  /** A rule offered a replacement that would have lost knowledge about sizes. */
  default void refused(String rule, Value before, String reason) {}
}
