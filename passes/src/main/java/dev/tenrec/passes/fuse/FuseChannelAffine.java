package dev.tenrec.passes.fuse;

import static dev.tenrec.passes.rewrite.Patterns.add;
import static dev.tenrec.passes.rewrite.Patterns.any;
import static dev.tenrec.passes.rewrite.Patterns.constant;
import static dev.tenrec.passes.rewrite.Patterns.either;
import static dev.tenrec.passes.rewrite.Patterns.mul;
import static dev.tenrec.passes.rewrite.Patterns.op;

import com.google.common.collect.ImmutableList;
import dev.tenrec.ir.Elementwise.Binary;
import dev.tenrec.ir.Normalization.ChannelNorm;
import dev.tenrec.ir.Normalization.GroupNorm;
import dev.tenrec.ir.Op;
import dev.tenrec.ir.Shuffle.Reshape;
import dev.tenrec.ir.Terms;
import dev.tenrec.ir.Value;
import dev.tenrec.passes.rewrite.Fusion;
import dev.tenrec.passes.rewrite.Match;
import dev.tenrec.passes.rewrite.Pattern;
import dev.tenrec.passes.rewrite.Pattern.Variable;
import java.util.stream.IntStream;

/**
 * {@code norm(x, s, b) c → norm(x, s c, b c)} and {@code norm(x, s, b) + c → norm(x, s, b + c)} for
 * group, instance and channel normalization.
 *
 * <p>Legal for constants, where c has one element per channel.
 */
public record FuseChannelAffine() implements Fusion {
  private static final Variable NORM = any("norm");
  private static final Variable FACTOR = constant("factor");
  private static final Variable SUMMAND = constant("summand");
  private static final Pattern ANY_NORM =
      either(op(GroupNorm.class).as(NORM), op(ChannelNorm.class).as(NORM));
  private static final Pattern PATTERN = either(mul(ANY_NORM, FACTOR), add(ANY_NORM, SUMMAND));

  @Override
  public String name() {
    return "fuse-channel-affine";
  }

  @Override
  public Pattern pattern() {
    return PATTERN;
  }

  @Override
  public Match check(Match.Found match) {
    Value norm = match.get(NORM);
    Value value = match.find(FACTOR).orElseGet(() -> match.get(SUMMAND));
    int own = value.rank() - norm.rank() + 1;
    boolean perChannel =
        own >= 0
            && value.rank() <= norm.rank()
            && value.dim(own).equals(norm.dim(1))
            && IntStream.range(0, value.rank()).allMatch(i -> i == own || value.dim(i).is(1));
    boolean constants =
        norm.producer().orElseThrow().op().operands().stream()
            .skip(1)
            .allMatch(FuseChannelAffine::isOfConstants);
    Match first = match.require(perChannel, "differs within a channel", value);
    return first instanceof Match.Found
        ? match.require(constants, "has parameters that are no constants", norm)
        : first;
  }

  /** Whether a parameter is a constant, or what this rule has made of some. */
  private static boolean isOfConstants(Value parameter) {
    return parameter.constant().isPresent()
        || parameter
            .producer()
            .filter(node -> node.op() instanceof Binary || node.op() instanceof Reshape)
            .filter(
                node -> node.op().operands().stream().allMatch(FuseChannelAffine::isOfConstants))
            .isPresent();
  }

  @Override
  public Value replacement(Match.Found match) {
    Value norm = match.get(NORM);
    long channels = norm.dim(1).value().orElseThrow();
    Op op = norm.producer().orElseThrow().op();
    Value scale = op.operands().get(1);
    Value bias = op.operands().get(2);
    Value c = Terms.reshape(match.find(FACTOR).orElseGet(() -> match.get(SUMMAND)), channels);
    return match.find(FACTOR).isPresent()
        ? with(op, Terms.mul(scale, c), Terms.mul(bias, c))
        : with(op, scale, Terms.add(bias, c));
  }

  private static Value with(Op op, Value scale, Value bias) {
    return op.withOperands(ImmutableList.of(op.operands().getFirst(), scale, bias)).value();
  }
}
