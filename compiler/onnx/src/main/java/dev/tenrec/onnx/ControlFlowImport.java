package dev.tenrec.onnx;

import static dev.tenrec.onnx.OperatorTable.since;

/** Operators that hold graphs. */
final class ControlFlowImport {
  private static final String ADVICE =
      "export the model so that the decision is taken before export, for example by tracing it";

  private ControlFlowImport() {}

  static void register(OperatorTable on) {
    on.unsupported("If", "branches are not supported", ADVICE);
    on.unsupported("Loop", "loops of open length are not supported", ADVICE);
    on.unsupported("Scan", "the Scan of opset 8 is not supported", "convert the model to opset 9");
    on.results("Scan", since(9), ScanImport::scan);
    on.unsupported("SequenceConstruct", "sequences are not supported", ADVICE);
  }
}
