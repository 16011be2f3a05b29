/**
 * Tenrec's intermediate representation: graphs, types, text form, verifier and reference
 * interpreter.
 */
module dev.tenrec.ir {
  requires transitive com.google.common;
  requires static com.google.errorprone.annotations;
  requires static transitive org.jspecify;

  exports dev.tenrec.ir;
  exports dev.tenrec.ir.diagnostic;
  exports dev.tenrec.ir.dim;
  exports dev.tenrec.ir.interpret;
  exports dev.tenrec.ir.tensor;
  exports dev.tenrec.ir.text;
  exports dev.tenrec.ir.verify;
}
