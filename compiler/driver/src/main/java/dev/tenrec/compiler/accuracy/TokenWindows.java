package dev.tenrec.compiler.accuracy;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import com.google.common.primitives.ImmutableIntArray;
import com.google.common.primitives.ImmutableLongArray;
import dev.tenrec.ir.Executable;
import dev.tenrec.ir.Signature;
import dev.tenrec.ir.TensorType;
import dev.tenrec.ir.diagnostic.ErrorCode;
import dev.tenrec.ir.diagnostic.TenrecException;
import dev.tenrec.ir.dim.Dim;
import dev.tenrec.ir.tensor.ElementType;
import dev.tenrec.ir.tensor.Tensor;
import java.util.Optional;
import java.util.function.IntToLongFunction;

/**
 * A text in windows, each of which begins with the token that the one before it predicts last, so
 * that every token but the first is predicted once. As inputs for a language model that has seen
 * nothing before: {@code input_ids}, {@code attention_mask} of ones, {@code position_ids} from 0,
 * and {@code past_key_values} of no length, whichever of them the model has. What is left at the
 * end is not used.
 *
 * @param inputs for each batch
 * @param next for each batch the tokens that follow each of its tokens, int64 [batch, context]
 */
public record TokenWindows(
    ImmutableList<ImmutableMap<String, Tensor>> inputs, ImmutableList<Tensor> next)
    implements Task {
  private static final int BATCH = 8;
  private static final String PAST = "past_key_values";

  /**
   * Cuts a text.
   *
   * @param context how many tokens the model sees of each window; one more is its last answer
   * @param limit how many windows are used at most
   */
  public static TokenWindows of(
      Signature model, ImmutableIntArray tokens, int context, long limit) {
    if (context <= 0) {
      throw new TenrecException(
          ErrorCode.INVALID_ARGUMENT, "a context of %d tokens".formatted(context));
    }
    int windows = (int) Math.min(limit, (tokens.length() - 1) / context);
    if (windows <= 0) {
      throw LabelledData.invalid(
          "%d tokens make no window of %d and one more".formatted(tokens.length(), context));
    }
    ImmutableList.Builder<ImmutableMap<String, Tensor>> inputs = ImmutableList.builder();
    ImmutableList.Builder<Tensor> next = ImmutableList.builder();
    for (int first = 0; first < windows; first += BATCH) {
      Batch batch = new Batch(tokens, first, Math.min(BATCH, windows - first), context);
      ImmutableMap.Builder<String, Tensor> sample = ImmutableMap.builder();
      model.inputs().forEach((name, type) -> sample.put(name, batch.input(name, type)));
      inputs.add(sample.buildOrThrow());
      next.add(batch.shifted(1));
    }
    return new TokenWindows(inputs.build(), next.build());
  }

  @Override
  public Metric metric() {
    return Metric.PERPLEXITY;
  }

  @Override
  public Answers answers(Executable model) {
    Perplexity result = Perplexity.measure(model, this, Optional.empty());
    return new Answers(result.perplexity(), result.predicted());
  }

  /** Checks that a model knows all tokens. */
  void requireTokensBelow(long vocabulary) {
    for (Tensor tokens : next) {
      for (long i = 0; i < tokens.count(); i++) {
        if (tokens.getLong(i) < 0 || tokens.getLong(i) >= vocabulary) {
          throw LabelledData.invalid(
              "token %d is none of %d".formatted(tokens.getLong(i), vocabulary));
        }
      }
    }
  }

  /** Some windows of the text. */
  private record Batch(ImmutableIntArray tokens, int first, int count, int context) {
    Tensor input(String name, TensorType type) {
      if (name.startsWith(PAST)) {
        return Tensor.ofDoubles(type.elementType(), pastSizes(type), _ -> 0);
      }
      Tensor integers =
          switch (name) {
            case "input_ids" -> shifted(0);
            case "attention_mask" -> integers(_ -> 1);
            case "position_ids" -> integers(i -> i % context);
            default ->
                throw new TenrecException(
                        ErrorCode.UNSUPPORTED,
                        "input '%s' is none of a language model".formatted(name))
                    .advise(
                        "the inputs must be input_ids, attention_mask, position_ids and"
                            + " past_key_values");
          };
      return Tensor.ofLongs(type.elementType(), integers.sizes(), integers::getLong);
    }

    Tensor shifted(int by) {
      return integers(i -> tokens.get(first * context + i + by));
    }

    private Tensor integers(IntToLongFunction element) {
      return Tensor.ofLongs(ElementType.INT64, ImmutableLongArray.of(count, context), element);
    }

    /** The batch comes first; other open sizes are of what came before, and that is nothing. */
    private ImmutableLongArray pastSizes(TensorType type) {
      ImmutableLongArray.Builder sizes = ImmutableLongArray.builder();
      for (int axis = 0; axis < type.rank(); axis++) {
        Dim dim = type.dim(axis);
        sizes.add(dim.value().orElse(axis == 0 ? count : 0));
      }
      return sizes.build();
    }
  }
}
