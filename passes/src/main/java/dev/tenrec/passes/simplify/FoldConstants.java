package dev.tenrec.passes.simplify;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import dev.tenrec.ir.ControlFlow;
import dev.tenrec.ir.Op;
import dev.tenrec.ir.Quantization.Dequantize;
import dev.tenrec.ir.TensorType;
import dev.tenrec.ir.Terms;
import dev.tenrec.ir.Value;
import dev.tenrec.ir.diagnostic.ErrorCode;
import dev.tenrec.ir.diagnostic.TenrecException;
import dev.tenrec.ir.interpret.Interpreter;
import dev.tenrec.ir.tensor.Tensor;
import dev.tenrec.passes.PassOptions;
import dev.tenrec.passes.rewrite.MatchContext;
import dev.tenrec.passes.rewrite.Rule;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * f(c1, c2, ...) → c, computed by the interpreter.
 *
 * <p>Legal for every operation, as none is random. Loops that end at run time stay, as nobody knows
 * how long they take. An operation that fails stays, so that it fails where the model would.
 * Results larger than both {@code maxBytes} and what they are made of stay too: a broadcast
 * constant would only make the model larger.
 *
 * @param maxBytes the size up to which results may be larger than their operands
 */
public record FoldConstants(long maxBytes) implements Rule {
  private static final long DEFAULT_MAX_BYTES = 64 << 10;

  public FoldConstants() {
    this(DEFAULT_MAX_BYTES);
  }

  @Override
  public String name() {
    return "fold";
  }

  @Override
  public ImmutableMap<String, String> options() {
    return maxBytes == DEFAULT_MAX_BYTES
        ? ImmutableMap.of()
        : ImmutableMap.of("max-bytes", Long.toString(maxBytes));
  }

  @Override
  public FoldConstants with(PassOptions options) {
    return new FoldConstants(options.number("max-bytes", maxBytes));
  }

  @Override
  public Optional<Value> rewrite(Op op, MatchContext context) {
    if (op.operands().isEmpty()
        || op instanceof ControlFlow.Loop
        || isInFewBits(op)
        || !op.operands().stream().allMatch(operand -> operand.constant().isPresent())) {
      return Optional.empty();
    }
    ImmutableList<Tensor> operands =
        op.operands().stream()
            .map(operand -> operand.constant().orElseThrow())
            .collect(ImmutableList.toImmutableList());
    long limit =
        Math.max(maxBytes, operands.stream().mapToLong(tensor -> tensor.data().byteSize()).sum());
    return bytes(context.result().type()).orElse(0) > limit
        ? Optional.empty()
        : evaluate(op, operands)
            .filter(tensor -> tensor.data().byteSize() <= limit)
            .map(tensor -> Terms.constant(tensor));
  }

  private static boolean isInFewBits(Op op) {
    return op instanceof Dequantize(Value x, _, _, _) && x.elementType().bits() <= 8;
  }

  private static OptionalLong bytes(TensorType type) {
    try {
      OptionalLong count = type.shape().elementCount().value();
      return count.isPresent()
          ? OptionalLong.of(type.elementType().bytes(count.getAsLong()))
          : OptionalLong.empty();
    } catch (ArithmeticException _) {
      return OptionalLong.of(Long.MAX_VALUE);
    }
  }

  private static Optional<Tensor> evaluate(Op op, ImmutableList<Tensor> operands) {
    try {
      return Optional.of(
          Interpreter.evaluate(
                  op,
                  operands,
                  symbol -> {
                    throw new TenrecException(
                        ErrorCode.INTERNAL, "%s is not a constant".formatted(symbol));
                  })
              .getFirst());
    } catch (TenrecException _) {
      return Optional.empty();
    }
  }
}
