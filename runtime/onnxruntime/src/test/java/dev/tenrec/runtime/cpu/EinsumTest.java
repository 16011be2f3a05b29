package dev.tenrec.runtime.cpu;

import static dev.tenrec.onnx.TestModel.node;

import com.google.common.collect.Lists;
import dev.tenrec.ir.testing.Tensors;
import dev.tenrec.onnx.TestModel;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/** Einstein sums with random equations. */
class EinsumTest {
  private static final String LETTERS = "abcdE";

  @Property(tries = 60)
  void sums(
      @ForAll @IntRange(min = 1, max = 4) int operands,
      @ForAll boolean ellipsis,
      @ForAll boolean implicit,
      @ForAll long seed) {
    Random random = new Random(seed);
    long[] sizes = random.longs(LETTERS.length(), 1, 4).toArray();
    long[] more = random.longs(2, 1, 4).toArray();
    // ONNX Runtime crashes where an ellipsis stands for fewer axes than another one. Where the
    // result is not given, it takes neither an ellipsis nor large letters.
    int unnamed = random.nextInt(3);
    boolean dotted = ellipsis && !implicit;
    List<String> terms = new ArrayList<>();
    TestModel.Node node = node("Einsum");
    List<long[]> shapes = new ArrayList<>();
    for (int i = 0; i < operands; i++) {
      StringBuilder term = new StringBuilder();
      List<Long> shape = new ArrayList<>();
      int dots = dotted && (i == 0 || random.nextBoolean()) ? random.nextInt(4) : 4;
      for (int k = (implicit ? 1 : 0) + random.nextInt(3); k >= 0; k--) {
        if (k == dots) {
          term.append("...");
          for (int axis = unnamed; axis > 0; axis--) {
            shape.add(more[axis - 1]);
          }
        }
        if (k > 0) {
          int letter = random.nextInt(LETTERS.length() - (implicit ? 1 : 0));
          term.append(LETTERS.charAt(letter));
          shape.add(sizes[letter]);
        }
      }
      terms.add(term.toString());
      shapes.add(shape.stream().mapToLong(size -> size).toArray());
      node.in("x" + i);
    }
    String equation = String.join(",", terms);
    String output = output(equation, random);
    node.with("equation", implicit ? equation : equation + " -> " + output);
    Reference reference = Reference.ofNode(12, node, "y");
    for (int i = 0; i < operands; i++) {
      reference.input("x" + i, Tensors.random(seed + i, shapes.get(i)));
    }
    reference.within(1e-4).verify();
  }

  private static String output(String equation, Random random) {
    List<Character> letters = new ArrayList<>();
    for (char letter : Lists.charactersOf(LETTERS)) {
      if (equation.indexOf(letter) >= 0 && random.nextInt(3) > 0) {
        letters.add(random.nextInt(letters.size() + 1), letter);
      }
    }
    StringBuilder output = new StringBuilder();
    letters.forEach(output::append);
    if (equation.contains("...")) {
      output.insert(random.nextInt(output.length() + 1), "...");
    }
    return output.toString();
  }
}
