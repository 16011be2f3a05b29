package dev.tenrec.ir;

import com.google.common.collect.ImmutableMap;
import dev.tenrec.ir.tensor.Tensor;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;

/**
 * Takes and gives the element types of a model, and runs something that has others.
 *
 * @param inner takes and gives the same names and shapes
 * @param signature the model's
 */
public record ConvertingExecutable(Executable inner, Signature signature) implements Executable {
  @Override
  public ImmutableMap<String, Tensor> run(Map<String, Tensor> inputs) {
    signature.bind(inputs);
    Map<String, Tensor> fed = new HashMap<>();
    inner
        .signature()
        .inputs()
        .forEach((name, type) -> {
          Tensor input = Objects.requireNonNull(inputs.get(name));
          fed.put(name, Conversion.ofInput(name, input, type.elementType()));
        });
    return Conversion.ofOutputs(inner.run(fed), signature);
  }

  @Override
  public void close() {
    inner.close();
  }
}
