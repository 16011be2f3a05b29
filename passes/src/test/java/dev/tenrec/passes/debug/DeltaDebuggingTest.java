package dev.tenrec.passes.debug;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.NotEmpty;
import org.junit.jupiter.api.Test;

class DeltaDebuggingTest {
  private static List<Integer> numbers(int count) {
    return IntStream.range(0, count).boxed().toList();
  }

  @Property(tries = 100)
  void findsExactlyWhatMatters(
      @ForAll @NotEmpty Set<@IntRange(max = 99) Integer> wanted,
      @ForAll @IntRange(min = 100, max = 150) int count) {
    assertThat(DeltaDebugging.minimize(numbers(count), part -> part.containsAll(wanted)))
        .containsExactlyElementsOf(wanted.stream().sorted().toList());
  }

  @Property(tries = 100)
  void noSingleElementCanBeLeftOut(@ForAll @IntRange(min = 1, max = 40) int sum) {
    List<Integer> found =
        DeltaDebugging.minimize(
            numbers(40), part -> part.stream().mapToInt(Integer::intValue).sum() >= sum);
    int total = found.stream().mapToInt(Integer::intValue).sum();
    assertThat(total).isGreaterThanOrEqualTo(sum);
    assertThat(found).allMatch(number -> total - number < sum);
  }

  @Test
  void asksSeldomForOneOfMany() {
    AtomicInteger questions = new AtomicInteger();
    List<Integer> found =
        DeltaDebugging.minimize(
            numbers(10_000),
            part -> {
              questions.incrementAndGet();
              return part.contains(4321);
            });
    assertThat(found).containsExactly(4321);
    assertThat(questions.get()).isLessThan(50);
  }
}
