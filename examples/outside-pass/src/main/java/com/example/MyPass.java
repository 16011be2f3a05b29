package com.example;

import static java.util.Collections.nCopies;

import com.google.common.collect.ImmutableMap;
import dev.tenrec.ir.Elementwise.Binary;
import dev.tenrec.ir.Elementwise.BinaryKind;
import dev.tenrec.ir.Op;
import dev.tenrec.ir.Value;
import dev.tenrec.passes.PassOptions;
import dev.tenrec.passes.rewrite.MatchContext;
import dev.tenrec.passes.rewrite.Rule;
import java.util.Optional;

/** {@code x^k → x · … · x}, k factors. */
public record MyPass(int k) implements Rule {
  public MyPass() {
    this(2);
  }

  @Override
  public String name() {
    return "my-pass";
  }

  @Override
  public ImmutableMap<String, String> options() {
    return ImmutableMap.of("k", Integer.toString(k));
  }

  @Override
  public MyPass with(PassOptions options) {
    return new MyPass((int) options.number("k", k));
  }

  @Override
  public Optional<Value> rewrite(Op op, MatchContext context) {
    return op instanceof Binary(var kind, var x, var power)
            && kind == BinaryKind.POW
            && power.scalarConstant().filter(p -> p == k && power.rank() == 0).isPresent()
        ? nCopies(k, x).stream().reduce((a, b) -> new Binary(BinaryKind.MUL, a, b).value())
        : Optional.empty();
  }
}
