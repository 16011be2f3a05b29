package dev.tenrec.ir.verify;

import dev.tenrec.ir.Graph;
import dev.tenrec.ir.diagnostic.Location;

/** One property that a well-formed graph has. */
public interface GraphCheck {
  /** The property, as in "values are defined before they are read". */
  String property();

  void check(Graph graph, Report report);

  /** Takes what a check finds. */
  interface Report {
    void violation(Location location, String problem);
  }
}
