package dev.tenrec.passes.precision;

import dev.tenrec.ir.Value;
import dev.tenrec.ir.tensor.ElementType;
import dev.tenrec.ir.text.ValueNames;
import dev.tenrec.passes.precision.Interval.Basis;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Whether values fit into a type of fewer bits. */
record LowRange(LowType low, ValueIntervals intervals, ValueNames names) {
  /** Other samples than those that were observed may reach further. */
  private static final double MARGIN = 4;

  /** All integers up to here are numbers of float16; bfloat16 has those up to 256. */
  private static final double FLOAT16_INTEGERS = 2048;

  private static final double BFLOAT16_INTEGERS = 256;

  /** Why one of some values must stay in float32. */
  Optional<String> obstacle(List<Value> values) {
    return values.stream()
        .filter(value -> value.elementType() == ElementType.FLOAT32)
        .flatMap(value -> obstacle(value).stream())
        .findFirst();
  }

  private Optional<String> obstacle(Value value) {
    Interval interval = intervals.of(value);
    double size = interval.magnitude();
    boolean observed = interval.basis() == Basis.OBSERVED;
    if (size * (observed ? MARGIN : 1) > low.max()) {
      return Optional.of(text(value, observed ? "reaches" : "may reach", size, "is too much for"));
    }
    return observed && size > 0 && size < MARGIN * low.minNormal()
        ? Optional.of(text(value, "stays below", size, "is too fine for"))
        : Optional.empty();
  }

  private String text(Value value, String verb, double size, String problem) {
    return String.format(
        Locale.ROOT,
        "%s %s %.3g, which %s %s",
        names.of(value),
        verb,
        size,
        problem,
        low.type().text());
  }

  /** Why a value that was kept in float32 should not be rounded even for a product. */
  Optional<String> doubt(Value value) {
    boolean known = intervals.of(value).basis() != Basis.DOUBTFUL;
    return known || low.type() == ElementType.BFLOAT16
        ? Optional.empty()
        : Optional.of("reads %s, which may exceed float16".formatted(names.of(value)));
  }

  /** Whether a value that holds integers holds none that would be rounded. */
  boolean isExact(Value value) {
    Interval interval = intervals.of(value);
    double exact = low.type() == ElementType.BFLOAT16 ? BFLOAT16_INTEGERS : FLOAT16_INTEGERS;
    return interval.basis().compareTo(Basis.ASSUMED) < 0 && interval.magnitude() <= exact;
  }
}
