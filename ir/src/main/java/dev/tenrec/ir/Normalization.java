package dev.tenrec.ir;

import com.google.common.collect.ImmutableList;
import java.util.List;
import java.util.Optional;

/** Operations that bring elements to a common scale. */
public sealed interface Normalization extends Op {

  /**
   * exp(x) / sum(exp(x)) along one axis, or the logarithm of it.
   *
   * @param axis not negative
   */
  record Softmax(Value x, int axis, boolean logarithm) implements Normalization {
    @Override
    public ImmutableList<Value> operands() {
      return ImmutableList.of(x);
    }

    @Override
    public Softmax withOperands(ImmutableList<Value> operands) {
      return new Softmax(operands.getFirst(), axis, logarithm);
    }

    @Override
    public ImmutableList<TensorType> inferTypes() {
      Typing.floating(x);
      Typing.axis(axis, x.rank());
      return ImmutableList.of(x.type());
    }
  }

  /**
   * (x - mean) / sqrt(variance + epsilon) * scale + bias over the dimensions from {@code axis} on.
   *
   * @param scale broadcast to x
   * @param bias broadcast to x
   */
  record LayerNorm(Value x, Value scale, Optional<Value> bias, int axis, double epsilon)
      implements Normalization {
    @Override
    public ImmutableList<Value> operands() {
      return bias.map(b -> ImmutableList.of(x, scale, b)).orElse(ImmutableList.of(x, scale));
    }

    @Override
    public LayerNorm withOperands(ImmutableList<Value> operands) {
      Optional<Value> newBias = bias.map(_ -> operands.get(2));
      return new LayerNorm(operands.get(0), operands.get(1), newBias, axis, epsilon);
    }

    @Override
    public ImmutableList<TensorType> inferTypes() {
      return inferAffine(x, axis, operands());
    }
  }

  /** x / sqrt(mean(x^2) + epsilon) * scale over the dimensions from {@code axis} on. */
  record RmsNorm(Value x, Value scale, int axis, double epsilon) implements Normalization {
    @Override
    public ImmutableList<Value> operands() {
      return ImmutableList.of(x, scale);
    }

    @Override
    public RmsNorm withOperands(ImmutableList<Value> operands) {
      return new RmsNorm(operands.get(0), operands.get(1), axis, epsilon);
    }

    @Override
    public ImmutableList<TensorType> inferTypes() {
      return inferAffine(x, axis, operands());
    }
  }

  /**
   * Normalization over the spatial dimensions of each group of channels; with as many groups as
   * channels, instance normalization.
   *
   * @param x [N, C, spatial...]
   * @param scale [C]
   * @param bias [C]
   * @param groups 0 stands for one group per channel
   */
  record GroupNorm(Value x, Value scale, Value bias, long groups, double epsilon)
      implements Normalization {
    @Override
    public ImmutableList<Value> operands() {
      return ImmutableList.of(x, scale, bias);
    }

    @Override
    public GroupNorm withOperands(ImmutableList<Value> operands) {
      return new GroupNorm(operands.get(0), operands.get(1), operands.get(2), groups, epsilon);
    }

    @Override
    public ImmutableList<TensorType> inferTypes() {
      Typing.rankAtLeast(x, 2);
      Typing.check(
          groups >= 0 && (groups == 0 || x.dim(1).value().orElse(0) % groups == 0),
          "%s is not divisible into %d groups",
          x.type(),
          groups);
      return inferPerChannel(x, operands());
    }
  }

  /**
   * (x - mean) / sqrt(variance + epsilon) * scale + bias over the channels of each position: a
   * {@link LayerNorm} of images in their own layout.
   *
   * @param x [N, C, spatial...]
   * @param scale [C]
   * @param bias [C]
   */
  record ChannelNorm(Value x, Value scale, Value bias, double epsilon) implements Normalization {
    @Override
    public ImmutableList<Value> operands() {
      return ImmutableList.of(x, scale, bias);
    }

    @Override
    public ChannelNorm withOperands(ImmutableList<Value> operands) {
      return new ChannelNorm(operands.get(0), operands.get(1), operands.get(2), epsilon);
    }

    @Override
    public ImmutableList<TensorType> inferTypes() {
      Typing.rankAtLeast(x, 2);
      return inferPerChannel(x, operands());
    }
  }

  /**
   * (x - mean) / sqrt(variance + epsilon) * scale + bias with given statistics, all of them [C].
   *
   * @param x [N, C, spatial...]
   */
  record BatchNorm(Value x, Value scale, Value bias, Value mean, Value variance, double epsilon)
      implements Normalization {
    @Override
    public ImmutableList<Value> operands() {
      return ImmutableList.of(x, scale, bias, mean, variance);
    }

    @Override
    public BatchNorm withOperands(ImmutableList<Value> v) {
      return new BatchNorm(v.get(0), v.get(1), v.get(2), v.get(3), v.get(4), epsilon);
    }

    @Override
    public ImmutableList<TensorType> inferTypes() {
      Typing.rankAtLeast(x, 2);
      return inferPerChannel(x, operands());
    }
  }

  private static ImmutableList<TensorType> inferAffine(Value x, int axis, List<Value> operands) {
    Typing.floating(x);
    Typing.axis(axis, x.rank());
    for (Value parameter : operands.subList(1, operands.size())) {
      Typing.sameElementType(x, parameter);
      Typing.broadcastsTo(parameter, x);
    }
    return ImmutableList.of(x.type());
  }

  private static ImmutableList<TensorType> inferPerChannel(Value x, List<Value> operands) {
    Typing.floating(x);
    for (Value parameter : operands.subList(1, operands.size())) {
      Typing.sameElementType(x, parameter);
      Typing.rank(parameter, 1);
      Typing.check(
          Typing.agree(parameter.dim(0), x.dim(1)),
          "%s has not one element per channel of %s",
          parameter.type(),
          x.type());
    }
    return ImmutableList.of(x.type());
  }
}
