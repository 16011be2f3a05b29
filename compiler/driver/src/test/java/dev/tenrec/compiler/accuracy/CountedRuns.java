package dev.tenrec.compiler.accuracy;

import com.google.common.collect.ImmutableMap;
import dev.tenrec.ir.Executable;
import dev.tenrec.ir.Signature;
import dev.tenrec.ir.tensor.Tensor;
import java.util.Map;

/** Counts how often something runs. */
final class CountedRuns implements Executable {
  private final Executable executable;
  private int runs;

  CountedRuns(Executable executable) {
    this.executable = executable;
  }

  int runs() {
    return runs;
  }

  @Override
  public Signature signature() {
    return executable.signature();
  }

  @Override
  public ImmutableMap<String, Tensor> run(Map<String, Tensor> inputs) {
    runs++;
    return executable.run(inputs);
  }
}
