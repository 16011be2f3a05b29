package dev.tenrec.ir;

import com.google.common.collect.ImmutableList;
import com.google.common.primitives.ImmutableLongArray;
import dev.tenrec.ir.Elementwise.ActivationFunction;
import dev.tenrec.ir.dim.Dim;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Convolutions over any number of spatial dimensions; layout N, C, then spatial. */
public sealed interface Convolution extends Op {

  /**
   * Cross-correlation.
   *
   * @param x [N, C, spatial...]
   * @param weights [K, C / groups, kernel...]
   * @param bias [K]
   * @param activation of the sums
   */
  record Conv(
      Value x,
      Value weights,
      Optional<Value> bias,
      Window window,
      long groups,
      Optional<ActivationFunction> activation)
      implements Convolution {
    public Conv(Value x, Value weights, Optional<Value> bias, Window window, long groups) {
      this(x, weights, bias, window, groups, Optional.empty());
    }

    public Conv withActivation(ActivationFunction function) {
      return new Conv(x, weights, bias, window, groups, Optional.of(function));
    }

    /** The same result in two operations, of which only the first looks at weights. */
    public Value expand() {
      Value sums = new Conv(x, weights, bias, window, groups).value();
      return activation.map(function -> function.of(sums).value()).orElse(sums);
    }

    @Override
    public ImmutableList<Value> operands() {
      return operandsOf(x, weights, bias);
    }

    @Override
    public Conv withOperands(ImmutableList<Value> operands) {
      Optional<Value> newBias = bias.map(_ -> operands.get(2));
      return new Conv(operands.get(0), operands.get(1), newBias, window, groups, activation);
    }

    @Override
    public ImmutableList<TensorType> inferTypes() {
      checkOperands(x, weights, bias, window);
      checkSizes(x.dim(1), weights.dim(1).times(groups), "channels");
      Typing.check(
          groups >= 1 && weights.dim(0).value().orElse(0) % groups == 0,
          "%s is not divisible into %d groups",
          weights.type(),
          groups);
      List<Dim> dims = new ArrayList<>(List.of(x.dim(0), weights.dim(0)));
      for (int i = 0; i < window.rank(); i++) {
        dims.add(window.outputSize(i, x.dim(i + 2)));
      }
      bias.ifPresent(b -> checkSizes(b.dim(0), weights.dim(0), "bias"));
      return ImmutableList.of(x.type().with(new Shape(ImmutableList.copyOf(dims))));
    }
  }

  /**
   * Transposed convolution: the gradient of {@link Conv} by its input.
   *
   * @param x [N, C, spatial...]
   * @param weights [C, K / groups, kernel...]
   * @param bias [K]
   * @param window its padding is taken away from the output and its mode is explicit
   * @param outputPadding elements added behind the output, one per spatial dimension
   */
  record ConvTranspose(
      Value x,
      Value weights,
      Optional<Value> bias,
      Window window,
      long groups,
      ImmutableLongArray outputPadding)
      implements Convolution {
    @Override
    public ImmutableList<Value> operands() {
      return operandsOf(x, weights, bias);
    }

    @Override
    public ConvTranspose withOperands(ImmutableList<Value> operands) {
      Optional<Value> newBias = bias.map(_ -> operands.get(2));
      return new ConvTranspose(
          operands.get(0), operands.get(1), newBias, window, groups, outputPadding);
    }

    @Override
    public ImmutableList<TensorType> inferTypes() {
      checkOperands(x, weights, bias, window);
      checkSizes(x.dim(1), weights.dim(0), "channels");
      Typing.check(
          groups >= 1 && weights.dim(0).value().orElse(0) % groups == 0,
          "%s is not divisible into %d groups",
          weights.type(),
          groups);
      bias.ifPresent(b -> checkSizes(b.dim(0), weights.dim(1).times(groups), "bias"));
      Typing.check(window.mode() == Window.Padding.EXPLICIT, "padding is not explicit");
      Typing.check(outputPadding.length() == window.rank(), "output padding %s", outputPadding);
      List<Dim> dims = new ArrayList<>(List.of(x.dim(0), weights.dim(1).times(groups)));
      for (int i = 0; i < window.rank(); i++) {
        long padding = window.before().get(i) + window.after().get(i) - outputPadding.get(i);
        dims.add(
            x.dim(i + 2).plus(-1).times(window.strides().get(i)).plus(window.extent(i) - padding));
      }
      return ImmutableList.of(x.type().with(new Shape(ImmutableList.copyOf(dims))));
    }
  }

  private static ImmutableList<Value> operandsOf(Value x, Value weights, Optional<Value> bias) {
    return bias.map(b -> ImmutableList.of(x, weights, b)).orElse(ImmutableList.of(x, weights));
  }

  private static void checkOperands(Value x, Value weights, Optional<Value> bias, Window window) {
    Typing.floating(x);
    Typing.rankAtLeast(x, 3);
    Typing.rank(weights, x.rank());
    Typing.sameElementType(x, weights);
    Typing.check(
        window.rank() == x.rank() - 2, "%s has not %d spatial sizes", x.type(), window.rank());
    for (int i = 0; i < window.rank(); i++) {
      checkSizes(weights.dim(i + 2), Dim.of(window.kernel().get(i)), "kernel size");
    }
    bias.ifPresent(b -> {
      Typing.sameElementType(x, b);
      Typing.rank(b, 1);
    });
  }

  private static void checkSizes(Dim actual, Dim expected, String what) {
    Typing.check(Typing.agree(actual, expected), "%s is %s, not %s", what, actual, expected);
  }
}
