package dev.tenrec.ir.testing;

import com.google.common.collect.ImmutableList;
import dev.tenrec.ir.CustomOp;
import dev.tenrec.ir.TensorType;
import dev.tenrec.ir.Terms;
import dev.tenrec.ir.Value;
import dev.tenrec.ir.tensor.Tensor;
import java.util.function.Consumer;

/**
 * An operation from outside that doubles.
 *
 * @param witness is given what the interpreter doubles
 */
public record Twice(Value x, Consumer<Tensor> witness) implements CustomOp {
  public Twice(Value x) {
    this(x, _ -> {});
  }

  @Override
  public String name() {
    return "acme.Twice";
  }

  @Override
  public ImmutableList<Value> operands() {
    return ImmutableList.of(x);
  }

  @Override
  public Twice withOperands(ImmutableList<Value> operands) {
    return new Twice(operands.getFirst(), witness);
  }

  @Override
  public ImmutableList<TensorType> inferTypes() {
    return ImmutableList.of(x.type());
  }

  @Override
  public ImmutableList<Tensor> interpret(ImmutableList<Tensor> operands) {
    Tensor operand = operands.getFirst();
    witness.accept(operand);
    return ImmutableList.of(
        Tensor.ofDoubles(operand.elementType(), operand.sizes(), i -> 2 * operand.getDouble(i)));
  }

  @Override
  public ImmutableList<Value> expand() {
    return ImmutableList.of(Terms.mul(x, 2));
  }
}
