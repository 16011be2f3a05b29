package dev.tenrec.tensorrt;

import com.google.common.collect.ImmutableMap;
import com.google.common.collect.ImmutableSet;
import com.google.common.collect.Maps;
import com.google.common.collect.Sets;
import com.google.common.primitives.ImmutableLongArray;
import dev.tenrec.ir.Shape;
import dev.tenrec.ir.Signature;
import dev.tenrec.ir.diagnostic.ErrorCode;
import dev.tenrec.ir.diagnostic.TenrecException;
import dev.tenrec.ir.dim.Symbol;
import dev.tenrec.ir.tensor.Tensor;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.ToLongFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The sizes that an engine is made for.
 *
 * @param sizes by the names of the model's dynamic dimensions
 */
public record ShapeProfile(ImmutableMap<String, Range> sizes) {
  private static final Pattern OPTION =
      Pattern.compile("(?<name>[^=]+)=(?<min>\\d+)(\\.\\.(?<opt>\\d+)\\.\\.(?<max>\\d+))?");

  /** The names of the dimensions that are 1 where engines are to be fast, with all profiles. */
  static ImmutableSet<String> ones(Collection<ShapeProfile> profiles) {
    return profiles.stream()
        .map(profile -> Maps.filterValues(profile.sizes(), range -> range.opt() == 1).keySet())
        .reduce(Sets::intersection)
        .map(ImmutableSet::copyOf)
        .orElse(ImmutableSet.of());
  }

  /** For models without dynamic dimensions. */
  public static final ShapeProfile NONE = new ShapeProfile(ImmutableMap.of());

  /**
   * The sizes of one dimension.
   *
   * @param opt the one that the engine is tuned for
   */
  public record Range(long min, long opt, long max) {
    public Range {
      if (min < 0 || opt < min || max < opt) {
        throw new TenrecException(
            ErrorCode.INVALID_ARGUMENT,
            "sizes %d..%d..%d are not ascending".formatted(min, opt, max));
      }
      if (max > Integer.MAX_VALUE) {
        throw new TenrecException(
            ErrorCode.INVALID_ARGUMENT, "a size of %d is too large".formatted(max));
      }
    }

    private Range including(long size) {
      return new Range(Math.min(min, size), opt, Math.max(max, size));
    }

    @Override
    public String toString() {
      return min == max ? Long.toString(min) : "%d..%d..%d".formatted(min, opt, max);
    }
  }

  /**
   * Reads options such as {@code batch=1..8..32} and {@code batch=4}.
   *
   * @throws TenrecException with {@code INVALID_ARGUMENT} naming the option that is wrong
   */
  public static ShapeProfile parse(Collection<String> options) {
    Map<String, Range> sizes = new LinkedHashMap<>();
    for (String option : options) {
      Matcher matcher = OPTION.matcher(option);
      if (!matcher.matches()) {
        throw new TenrecException(
                ErrorCode.INVALID_ARGUMENT, "'%s' is not a range of sizes".formatted(option))
            .advise("write NAME=MIN..OPT..MAX or NAME=SIZE");
      }
      if (sizes.put(matcher.group("name"), range(matcher)) != null) {
        throw new TenrecException(
            ErrorCode.INVALID_ARGUMENT, "two ranges for '%s'".formatted(matcher.group("name")));
      }
    }
    return new ShapeProfile(ImmutableMap.copyOf(sizes));
  }

  private static Range range(Matcher matcher) {
    try {
      long min = Long.parseLong(matcher.group("min"));
      boolean single = matcher.group("opt") == null;
      return single
          ? new Range(min, min, min)
          : new Range(
              min, Long.parseLong(matcher.group("opt")), Long.parseLong(matcher.group("max")));
    } catch (NumberFormatException e) {
      throw new TenrecException(
          ErrorCode.INVALID_ARGUMENT, "a size in '%s' is too large".formatted(matcher.group()), e);
    } catch (TenrecException e) {
      throw new TenrecException(e.code(), "'%s': %s".formatted(matcher.group(), e.problem()), e);
    }
  }

  /**
   * Checks that each range is for a dimension of the model.
   *
   * @throws TenrecException with {@code INVALID_ARGUMENT} naming one that is not
   */
  public void requireFits(Signature signature) {
    Set<String> known =
        signature.inputs().values().stream()
            .flatMap(type -> type.shape().dims().stream())
            .flatMap(dim -> dim.symbols().stream())
            .map(Symbol::name)
            .collect(Collectors.toCollection(LinkedHashSet::new));
    for (String name : sizes.keySet()) {
      if (!known.contains(name)) {
        throw new TenrecException(
                ErrorCode.INVALID_ARGUMENT, "no input has a dynamic dimension '%s'".formatted(name))
            .advise(known.isEmpty() ? "leave out --shape" : "there are " + known);
      }
    }
  }

  /** The smallest profile with which all of the given inputs can be run, tuned for the first. */
  public static ShapeProfile covering(
      Signature signature, Iterable<? extends Map<String, Tensor>> inputs) {
    Map<String, Range> sizes = new LinkedHashMap<>();
    for (Map<String, Tensor> tensors : inputs) {
      signature
          .bind(tensors)
          .forEach((symbol, size) ->
              sizes.merge(
                  symbol.name(), new Range(size, size, size), (range, _) -> range.including(size)));
    }
    return new ShapeProfile(ImmutableMap.copyOf(sizes));
  }

  ImmutableLongArray min(Shape shape) {
    return evaluate(shape, Range::min);
  }

  /** The sizes that an engine is tuned for. */
  public ImmutableLongArray opt(Shape shape) {
    return evaluate(shape, Range::opt);
  }

  ImmutableLongArray max(Shape shape) {
    return evaluate(shape, Range::max);
  }

  private ImmutableLongArray evaluate(Shape shape, ToLongFunction<Range> bound) {
    return shape.evaluate(symbol -> bound.applyAsLong(range(symbol)));
  }

  private Range range(Symbol symbol) {
    Range range = sizes.get(symbol.name());
    if (range == null) {
      throw new TenrecException(
              ErrorCode.INVALID_ARGUMENT,
              "no range is given for the dynamic dimension '%s'".formatted(symbol.name()))
          .advise("add --shape %s=MIN..OPT..MAX".formatted(symbol.name()));
    }
    return range;
  }
}
