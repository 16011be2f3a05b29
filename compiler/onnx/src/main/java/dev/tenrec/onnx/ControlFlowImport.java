package dev.tenrec.onnx;

import static dev.tenrec.onnx.OperatorTable.since;

/** Operators that hold graphs. */
final class ControlFlowImport {
  private ControlFlowImport() {}

  static void register(OperatorTable on) {
    on.results("If", IfImport::branches);
    on.results("Loop", LoopImport::loop);
    on.results("Scan", BatchedScanImport::scan);
    on.results("Scan", since(9), ScanImport::scan);
    on.limit("If", "what the branches give differs in sizes only, if the condition is not known");
    on.limit(
        "Loop",
        "what it carries keeps its type and rank; sequences only if the number of turns is known");
    on.limit("Scan", "sequences of equal length, also in opset 8");
  }
}
