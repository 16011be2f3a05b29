package dev.tenrec.passes.accuracy;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import dev.tenrec.ir.Executable;
import dev.tenrec.ir.Signature;
import dev.tenrec.ir.diagnostic.ErrorCode;
import dev.tenrec.ir.diagnostic.TenrecException;
import dev.tenrec.ir.tensor.Tensor;
import java.util.IdentityHashMap;
import java.util.Map;

/** What an executable gave on some samples, to be compared with several others. */
public final class RecordedOutputs implements Executable {
  private final Signature signature;
  private final ImmutableList<ImmutableMap<String, Tensor>> samples;
  private final IdentityHashMap<Map<String, Tensor>, ImmutableMap<String, Tensor>> outputs =
      new IdentityHashMap<>();

  /** Runs an executable once on each sample. */
  public RecordedOutputs(
      Executable executable, ImmutableList<ImmutableMap<String, Tensor>> samples) {
    this.signature = executable.signature();
    this.samples = samples;
    samples.forEach(sample -> outputs.put(sample, ImmutableMap.copyOf(executable.run(sample))));
  }

  @Override
  public Signature signature() {
    return signature;
  }

  /** Finds what was computed for one of the samples, which is not looked into. */
  @Override
  public ImmutableMap<String, Tensor> run(Map<String, Tensor> sample) {
    ImmutableMap<String, Tensor> known = outputs.get(sample);
    if (known == null) {
      throw new TenrecException(ErrorCode.INVALID_INPUT, "the sample was not recorded");
    }
    return known;
  }

  /** Compares another executable. */
  public Comparison with(Executable candidate) {
    return Comparison.of(this, candidate, samples);
  }
}
