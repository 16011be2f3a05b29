package dev.tenrec.tensorrt.legalize;

import com.google.common.collect.ImmutableList;
import dev.tenrec.ir.Convolution;
import dev.tenrec.ir.Convolution.Conv;
import dev.tenrec.ir.Convolution.ConvTranspose;
import dev.tenrec.ir.Op;
import dev.tenrec.ir.Quantization.Dequantize;
import dev.tenrec.ir.Terms;
import dev.tenrec.ir.Value;
import dev.tenrec.ir.diagnostic.ErrorCode;
import dev.tenrec.ir.diagnostic.TenrecException;
import dev.tenrec.ir.interpret.Interpreter;
import dev.tenrec.ir.tensor.Tensor;
import dev.tenrec.passes.quantize.SmallGroups;
import dev.tenrec.passes.rewrite.MatchContext;
import dev.tenrec.passes.rewrite.Rule;
import java.util.Optional;

/**
 * Weights of a convolution that a model quantized, but that TensorRT has no right kernel for in 8
 * bits → the same numbers in floating point: those of transposed convolutions, and of {@link
 * SmallGroups}.
 *
 * <p>Legal where weights and scales are constants. Data are rounded as before.
 */
public record DequantizeWeights() implements Rule {
  @Override
  public String name() {
    return "dequantize-weights";
  }

  @Override
  public Optional<Value> rewrite(Op op, MatchContext context) {
    return switch (op) {
      case Conv conv when SmallGroups.has(conv) -> withoutBits(conv, conv.weights());
      case ConvTranspose conv -> withoutBits(conv, conv.weights());
      default -> Optional.empty();
    };
  }

  private static Optional<Value> withoutBits(Convolution conv, Value weights) {
    return weights
        .producedBy(Dequantize.class)
        .flatMap(DequantizeWeights::dequantized)
        .map(tensor -> {
          ImmutableList.Builder<Value> operands = ImmutableList.builder();
          conv.operands()
              .forEach(operand ->
                  operands.add(operand.equals(weights) ? Terms.constant(tensor) : operand));
          return conv.withOperands(operands.build()).value();
        });
  }

  private static Optional<Tensor> dequantized(Dequantize op) {
    Optional<Tensor> x = op.x().constant();
    Optional<Tensor> scale = op.scale().constant();
    return x.isPresent() && scale.isPresent()
        ? Optional.of(
            Interpreter.evaluate(
                    op,
                    ImmutableList.of(x.get(), scale.get()),
                    symbol -> {
                      throw new TenrecException(
                          ErrorCode.INTERNAL, "%s is not a constant".formatted(symbol));
                    })
                .getFirst())
        : Optional.empty();
  }
}
