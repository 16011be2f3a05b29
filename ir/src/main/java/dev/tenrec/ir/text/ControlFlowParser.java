package dev.tenrec.ir.text;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import dev.tenrec.ir.ControlFlow.If;
import dev.tenrec.ir.ControlFlow.Loop;
import dev.tenrec.ir.ControlFlow.Scan;
import dev.tenrec.ir.Op;
import dev.tenrec.ir.Value;
import java.util.Optional;
import java.util.function.Function;

/** Reads operations that hold graphs. */
final class ControlFlowParser {
  private ControlFlowParser() {}

  static void register(ImmutableMap.Builder<String, Function<OpReader, Op>> on) {
    on.put(
        "If",
        in -> new If(in.graph("then"), in.graph("else"), in.operand(), in.remainingOperands()));
    on.put("Loop", ControlFlowParser::loop);
    on.put("Scan", ControlFlowParser::scan);
  }

  private static Op loop(OpReader in) {
    Optional<Value> limit = in.flag("limit", true) ? Optional.of(in.operand()) : Optional.empty();
    Optional<Value> condition =
        in.flag("condition", false) ? Optional.of(in.operand()) : Optional.empty();
    int states = in.integer("states");
    ImmutableList<Value> operands = in.remainingOperands();
    if (states < 0 || states > operands.size()) {
      throw in.error("%d states".formatted(states));
    }
    return new Loop(
        in.graph("body"),
        limit,
        condition,
        operands.subList(0, states),
        operands.subList(states, operands.size()));
  }

  private static Op scan(OpReader in) {
    int states = in.integer("states");
    int sequences = in.integer("sequences");
    ImmutableList<Value> operands = in.remainingOperands();
    if (states < 0 || sequences < 0 || states + sequences > operands.size()) {
      throw in.error("%d states and %d sequences".formatted(states, sequences));
    }
    return new Scan(
        in.graph("body"),
        operands.subList(0, states),
        operands.subList(states, states + sequences),
        operands.subList(states + sequences, operands.size()),
        in.flag("reverse", false));
  }
}
