package dev.tenrec.ir.text;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tenrec.ir.Graph;
import org.junit.jupiter.api.Test;

class DotPrinterTest {
  @Test
  void drawsOperationsAndTypes() {
    Graph graph =
        GraphParser.parse(
            """
            g (float[N,2] x) => (float[N,2] y) {
              two = Constant<value=float {2}>()
              y = Mul(x, two)
            }
            """);
    assertThat(DotPrinter.print(graph))
        .isEqualTo(
            """
            digraph "g" {
            node [shape=box, style=rounded, fontname=monospace, fontsize=10];
            edge [fontname=monospace, fontsize=8];
            n0 [label="x\\nfloat[N,2]", shape=oval];
            n1 [label="Constant<value=float {2.0}>\\ntwo", shape=plaintext, tooltip="line 2"];
            n2 [label="Mul\\ny", style=rounded, tooltip="line 3"];
            n0 -> n2 [label="float[N,2]"];
            n1 -> n2 [label="float"];
            n3 [label="y", shape=oval];
            n2 -> n3 [label="float[N,2]"];
            }
            """);
  }

  @Test
  void namesCannotBreakTheText() {
    Graph graph =
        GraphParser.parse(
            """
            "a \\"b\\" \\\\N" (float[1] "x\\ny\\\\") => (float[1] "&lt; ÿ 🦔 -> {") {
              "&lt; ÿ 🦔 -> {" = Exp("x\\ny\\\\")
            }
            """);
    assertThat(DotPrinter.print(graph))
        .startsWith("digraph \"a \\\"b\\\" \\\\N\" {\n")
        .contains("n0 [label=\"x\\ny\\\\\\nfloat[1]\", shape=oval];")
        .contains("n1 [label=\"Exp\\n&amp;lt; ÿ 🦔 -> {\",");
  }

  @Test
  void framesWhatIsInsideOfOperations() {
    Graph graph =
        GraphParser.parse(
            """
            g (bool c, float[1] x) => (float[1] y) {
              y = If<then=yes (float[1] a) => (float[1] b) { b = Exp(a) },
                     else=no (float[1] d) => (float[1] e) { e = Neg(d) }>(c, x)
            }
            """);
    assertThat(DotPrinter.print(graph))
        .contains("n2 [label=\"If<then={1 nodes}, else={1 nodes}>\\ny\"")
        .contains("subgraph cluster_0 {\nlabel=\"yes\";\nn3 [label=\"a\\nfloat[1]\", shape=oval];")
        .contains("subgraph cluster_1 {\nlabel=\"no\";")
        .contains("n2 -> n3 [style=dashed];");
  }
}
