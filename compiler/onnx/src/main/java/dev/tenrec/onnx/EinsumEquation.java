package dev.tenrec.onnx;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The equation of an Einstein sum: labels of the axes of each operand and of the result. A letter
 * is its own label; the axes that an ellipsis stands for are -1, -2, ... from the last one on.
 */
record EinsumEquation(List<List<Integer>> operands, List<Integer> output) {
  private static final String ELLIPSIS = "...";

  static EinsumEquation parse(NodeContext n, String text) {
    String equation = text.replace(" ", "");
    int arrow = equation.indexOf("->");
    String[] terms = (arrow < 0 ? equation : equation.substring(0, arrow)).split(",", -1);
    if (terms.length != n.inputCount()) {
      throw n.invalid("equation '%s' for %d operands".formatted(text, n.inputCount()));
    }
    List<List<Integer>> operands = new ArrayList<>();
    int extra = 0;
    for (int i = 0; i < terms.length; i++) {
      int rank = n.input(i).rank();
      int unnamed = rank - terms[i].replace(ELLIPSIS, "").length();
      boolean fits = terms[i].contains(ELLIPSIS) ? unnamed >= 0 : unnamed == 0;
      if (!fits) {
        throw n.invalid("term '%s' does not fit %s".formatted(terms[i], n.input(i).type()));
      }
      operands.add(labels(n, terms[i], unnamed));
      extra = Math.max(extra, unnamed);
    }
    List<Integer> output =
        arrow < 0 ? implicit(operands, extra) : labels(n, equation.substring(arrow + 2), extra);
    checkOutput(n, text, operands, output);
    return new EinsumEquation(operands, output);
  }

  private static List<Integer> labels(NodeContext n, String term, int unnamed) {
    List<Integer> labels = new ArrayList<>();
    for (int i = 0; i < term.length(); i++) {
      if (term.startsWith(ELLIPSIS, i)) {
        labels.addAll(ellipsis(unnamed));
        i += ELLIPSIS.length() - 1;
      } else if (Character.isLetter(term.charAt(i))) {
        labels.add((int) term.charAt(i));
      } else {
        throw n.invalid("term '%s' has a label that is not a letter".formatted(term));
      }
    }
    return labels;
  }

  private static List<Integer> ellipsis(int count) {
    return IntStream.rangeClosed(1, count).mapToObj(i -> i - count - 1).toList();
  }

  /** The axes of the ellipsis, then all labels that occur once in the order of their letters. */
  private static List<Integer> implicit(List<List<Integer>> operands, int extra) {
    List<Integer> all = operands.stream().flatMap(List::stream).filter(l -> l > 0).toList();
    List<Integer> output = new ArrayList<>(ellipsis(extra));
    all.stream()
        .filter(label -> all.indexOf(label) == all.lastIndexOf(label))
        .sorted()
        .forEach(output::add);
    return output;
  }

  private static void checkOutput(
      NodeContext n, String text, List<List<Integer>> operands, List<Integer> output) {
    boolean known =
        output.stream().allMatch(l -> operands.stream().anyMatch(labels -> labels.contains(l)));
    if (!known || new HashSet<>(output).size() != output.size()) {
      throw n.invalid("equation '%s' has labels of its own in the result".formatted(text));
    }
  }
}
