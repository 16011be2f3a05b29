package dev.tenrec.passes;

import dev.tenrec.ir.Value;
import java.util.Collection;

/** Learns of single rewrites. */
public interface RewriteListener {
  /** Hears nothing. */
  RewriteListener SILENT = new RewriteListener() {};

  /** A rule replaced a value. */
  default void applied(String rule, Value before, Value after) {}

  /** A rule offered a replacement that would have lost knowledge about sizes. */
  default void refused(String rule, Value before, String reason) {}

  /** Tells several listeners, in this order. */
  static RewriteListener of(Collection<? extends RewriteListener> listeners) {
    return new RewriteListener() {
      @Override
      public void applied(String rule, Value before, Value after) {
        listeners.forEach(listener -> listener.applied(rule, before, after));
      }

      @Override
      public void refused(String rule, Value before, String reason) {
        listeners.forEach(listener -> listener.refused(rule, before, reason));
      }
    };
  }
}
