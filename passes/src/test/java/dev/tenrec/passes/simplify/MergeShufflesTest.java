package dev.tenrec.passes.simplify;

import static dev.tenrec.passes.testing.RuleTester.rule;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.collect.ImmutableMap;
import dev.tenrec.ir.Graph;
import dev.tenrec.ir.text.GraphParser;
import dev.tenrec.passes.PassContext;
import dev.tenrec.passes.check.RandomInputs;
import dev.tenrec.passes.testing.Equivalence;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class MergeShufflesTest {
  @Test
  void mergesTheWindowsOfAnImageWithTheHeadsInThem() {
    rule(new MergeShuffles())
        .given(
            """
            g (float[N,8,8,6] x) => (float[3,4*N,16,2] y) {
              a = Sizes<dims=[N,2,4,2,4,6]>()
              b = Sizes<dims=[4*N,16,6]>()
              c = Sizes<dims=[4*N,16,3,2]>()
              apart = Reshape(x, a)
              turned = Transpose<permutation=[0,1,3,2,4,5]>(apart)
              windows = Reshape(turned, b)
              heads = Reshape(windows, c)
              y = Transpose<permutation=[2,0,1,3]>(heads)
            }
            """)
        .becomes(
            """
            g (float[N,8,8,6] x) => (float[3,4*N,16,2] y) {
              a = Constant<value=int64[6] {-1, 4, 2, 4, 3, 2}>()
              b = Constant<value=int64[4] {3, -1, 16, 2}>()
              apart = Reshape(x, a)
              turned = Transpose<permutation=[4,0,2,1,3,5]>(apart)
              y = Reshape(turned, b)
            }
            """);
  }

  @Test
  void dropsWhatEndsWhereItBegan() {
    rule(new MergeShuffles())
        .given(
            """
            g (float[N,S,6] x) => (float[N,S,6] y) {
              a = Sizes<dims=[N*S,2,3]>()
              b = Sizes<dims=[N,S,6]>()
              apart = Reshape(x, a)
              turned = Transpose<permutation=[1,0,2]>(apart)
              back = Transpose<permutation=[1,0,2]>(turned)
              flat = Reshape(back, b)
              y = Neg(flat)
            }
            """)
        .becomes("g (float[N,S,6] x) => (float[N,S,6] y) { y = Neg(x) }");
  }

  @Test
  void leavesWhatOthersRead() {
    rule(new MergeShuffles())
        .given(
            """
            g (float[N,4] x) => (float[4,N] t, float[2,2,N] y) {
              s = Constant<value=int64[3] {2, 2, 0}>()
              u = Transpose<permutation=[1,0]>(x)
              t = Neg(u)
              sizes = Sizes<dims=[2,2,N]>()
              y = Reshape(u, sizes)
            }
            """)
        .isUnchanged();
  }

  @Test
  void dropsOnlyWhatIsNotNeeded() {
    rule(new MergeShuffles())
        .given(
            """
            g (float[4,6] x) => (float[3,8] y) {
              s = Constant<value=int64[2] {3, 8}>()
              t = Transpose<permutation=[1,0]>(x)
              u = Unsqueeze<axes=[0]>(t)
              v = Squeeze<axes=[0]>(u)
              y = Reshape(v, s)
            }
            """)
        .becomes(
            """
            g (float[4,6] x) => (float[3,8] y) {
              s = Constant<value=int64[2] {3, 8}>()
              t = Transpose<permutation=[1,0]>(x)
              y = Reshape(t, s)
            }
            """);
  }

  @Test
  void leavesSizesThatDoNotDivideEachOther() {
    rule(new MergeShuffles())
        .given(
            """
            g (float[4,9] x) => (float[4,9] y) {
              s = Constant<value=int64[2] {6, 6}>()
              t = Transpose<permutation=[1,0]>(x)
              r = Reshape(t, s)
              u = Transpose<permutation=[1,0]>(r)
              v = Constant<value=int64[2] {4, 9}>()
              y = Reshape(u, v)
            }
            """)
        .isUnchanged();
  }

  @Property(tries = 50)
  void keepsTheMeaningOfAnyChain(@ForAll Random random) {
    Graph graph = GraphParser.parse(chain(random));
    Graph after = new MergeShuffles().run(graph, PassContext.unlimited());
    assertThat(after.nodes()).hasSizeLessThanOrEqualTo(graph.nodes().size());
    for (long size : new long[] {1, 3}) {
      RandomInputs inputs = new RandomInputs(ImmutableMap.of("N", size), ImmutableMap.of());
      new Equivalence(0, 1).check(graph, after, inputs);
    }
  }

  /** Some transposes, and reshapes that join and cut factors anew. */
  private static String chain(Random random) {
    List<List<String>> axes =
        new ArrayList<>(List.of(List.of("N"), List.of("2", "3", "2"), List.of("4")));
    StringBuilder body = new StringBuilder();
    int steps = 2 + random.nextInt(4);
    for (int i = 0; i < steps; i++) {
      String before = i == 0 ? "x" : "v" + (i - 1);
      if (random.nextBoolean()) {
        List<Integer> permutation = new ArrayList<>();
        for (int axis = 0; axis < axes.size(); axis++) {
          permutation.add(axis);
        }
        Collections.shuffle(permutation, random);
        axes = permutation.stream().map(axes::get).collect(Collectors.toCollection(ArrayList::new));
        body.append(
            "v%d = Transpose<permutation=%s>(%s)%n".formatted(i, text(permutation), before));
      } else {
        axes = regrouped(axes, random);
        String dims = axes.stream().map(MergeShufflesTest::size).collect(Collectors.joining(","));
        body.append(
            "s%d = Sizes<dims=[%s]>()%nv%d = Reshape(%s, s%d)%n".formatted(i, dims, i, before, i));
      }
    }
    String result = axes.stream().map(MergeShufflesTest::size).collect(Collectors.joining(","));
    return "g (float[N,12,4] x) => (float[%s] v%d) {%n%s}%n".formatted(result, steps - 1, body);
  }

  private static List<List<String>> regrouped(List<List<String>> axes, Random random) {
    List<List<String>> groups = new ArrayList<>();
    groups.add(new ArrayList<>());
    for (List<String> axis : axes) {
      for (String factor : axis) {
        if (random.nextInt(3) > 0) {
          groups.add(new ArrayList<>());
        }
        groups.getLast().add(factor);
      }
    }
    return groups;
  }

  private static String size(List<String> factors) {
    return factors.isEmpty() ? "1" : String.join("*", factors);
  }

  private static String text(List<Integer> numbers) {
    return numbers.stream().map(String::valueOf).collect(Collectors.joining(",", "[", "]"));
  }
}
