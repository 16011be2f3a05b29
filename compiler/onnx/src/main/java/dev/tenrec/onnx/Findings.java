package dev.tenrec.onnx;

import com.google.common.collect.ImmutableList;
import dev.tenrec.ir.diagnostic.TenrecException;
import java.util.ArrayList;
import java.util.List;

/** What becomes of errors in nodes: the first one ends the import, or all of them are collected. */
final class Findings {
  private final boolean collect;
  private final List<TenrecException> all = new ArrayList<>();

  private Findings(boolean collect) {
    this.collect = collect;
  }

  static Findings throwing() {
    return new Findings(false);
  }

  static Findings collecting() {
    return new Findings(true);
  }

  void report(TenrecException finding) {
    if (!collect) {
      throw finding;
    }
    // What makes a nested graph fail makes the node that holds it fail, too. Bodies of loops are
    // imported more than once.
    if (all.stream().noneMatch(known -> known.getMessage().equals(finding.getMessage()))) {
      all.add(finding);
    }
  }

  ImmutableList<TenrecException> all() {
    return ImmutableList.copyOf(all);
  }
}
