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
  }
}
