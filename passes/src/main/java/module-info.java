/**
 * Tenrec's optimizer: passes over graphs, the rewrite engine, fusions and the choice of precision.
 */
module dev.tenrec.passes {
  requires transitive dev.tenrec.ir;
  requires static transitive org.jspecify;

  exports dev.tenrec.passes;
  exports dev.tenrec.passes.accuracy;
  exports dev.tenrec.passes.calibration;
  exports dev.tenrec.passes.check;
  exports dev.tenrec.passes.debug;
  exports dev.tenrec.passes.fuse;
  exports dev.tenrec.passes.precision;
  exports dev.tenrec.passes.quantize;
  exports dev.tenrec.passes.quantize.weights;
  exports dev.tenrec.passes.rewrite;
  exports dev.tenrec.passes.search;
  exports dev.tenrec.passes.simplify;
  exports dev.tenrec.passes.testing;

  uses dev.tenrec.passes.Pass;
}
