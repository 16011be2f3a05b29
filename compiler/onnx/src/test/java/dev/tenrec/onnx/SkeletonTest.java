package dev.tenrec.onnx;

import static dev.tenrec.onnx.TestModel.node;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.UnknownFieldSet;
import dev.tenrec.ir.Graph;
import dev.tenrec.ir.TensorType;
import dev.tenrec.ir.diagnostic.ErrorCode;
import dev.tenrec.ir.diagnostic.TenrecException;
import dev.tenrec.ir.tensor.ElementType;
import dev.tenrec.ir.tensor.Tensor;
import dev.tenrec.ir.testing.Tensors;
import dev.tenrec.onnx.proto.AttributeProto;
import dev.tenrec.onnx.proto.TensorProto;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Large weights stay in the mapped model, wherever they are in it. */
class SkeletonTest {
  private static final TensorType SCALAR = TensorType.of(ElementType.FLOAT32);
  private static final Tensor LARGE = Tensors.random(1, 40, 50);
  private static final Tensor OTHER = Tensors.random(2, 40, 50);
  private static final Tensor SMALL = Tensors.random(3, 4);

  @TempDir
  @SuppressWarnings("NullAway.Init")
  private Path folder;

  @Test
  void leavesLargeWeightsInTheFile() {
    TestModel branch =
        TestModel.opset(18)
            .node(node("Constant").out("k").with("value", OTHER))
            .node(node("Add").in("k", "large").out("z"))
            .output("z");
    TestModel model =
        TestModel.opset(18)
            .input("x", SCALAR)
            .initializer("small", SMALL)
            .initializer("large", LARGE)
            .initializer("yes", Tensor.scalar(ElementType.BOOL, 1))
            .node(node("Constant").out("k").with("value", OTHER))
            .node(
                node("If")
                    .in("yes")
                    .out("inner")
                    .with("then_branch", branch.graph())
                    .with("else_branch", branch.graph()))
            .node(node("Add").in("x", "k").out("a"))
            .node(node("Add").in("x", "large").out("b"))
            .node(node("Add").in("x", "small").out("c"))
            .output("a", "b", "c", "inner");
    List<Tensor> constants = constants(OnnxImporter.read(model.write(folder)));
    assertThat(constants).containsExactlyInAnyOrder(OTHER, OTHER, LARGE, SMALL);
    assertThat(constants)
        .allSatisfy(t -> assertThat(t.data().isMapped()).isEqualTo(!t.equals(SMALL)));
  }

  @Test
  void leavesTheDataOfATestInTheFile() throws IOException {
    Path file = folder.resolve("input_0.pb");
    Files.write(file, TestModel.tensor(LARGE).build().toByteArray());
    assertThat(OnnxTensors.read(file)).isEqualTo(LARGE);
    assertThat(OnnxTensors.read(file).data().isMapped()).isTrue();
  }

  /** A model cannot refer to weights by the field that stands for them on the heap. */
  @Test
  void ignoresForgedReferences() throws IOException {
    UnknownFieldSet forged =
        UnknownFieldSet.newBuilder()
            .addField(Skeleton.INDEX_FIELD, UnknownFieldSet.Field.newBuilder().addVarint(0).build())
            .build();
    Path file = folder.resolve("input_0.pb");
    TensorProto.Builder large = TestModel.tensor(LARGE).setUnknownFields(forged);
    Files.write(file, large.build().toByteArray());
    assertThat(OnnxTensors.read(file)).isEqualTo(LARGE);
    TensorProto.Builder without = large.clone().clearRawData();
    Files.write(file, without.build().toByteArray());
    assertThatThrownBy(() -> OnnxTensors.read(file))
        .isInstanceOfSatisfying(
            TenrecException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_MODEL));
  }

  @Test
  void readsLargeTypedData() {
    AttributeProto.Builder floats =
        AttributeProto.newBuilder()
            .setName("value_floats")
            .setType(AttributeProto.AttributeType.FLOATS);
    for (int i = 0; i < LARGE.count(); i++) {
      floats.addFloats((float) LARGE.getDouble(i));
    }
    TestModel model =
        TestModel.opset(18)
            .node(node("Constant").out("k").with(floats))
            .node(node("Neg").in("k").out("y"))
            .output("y");
    assertThat(constants(OnnxImporter.read(model.write(folder))))
        .containsExactly(LARGE.withSizes(Tensors.sizes(2000)));
  }

  private static List<Tensor> constants(Graph graph) {
    return graph.nodes().stream()
        .flatMap(node -> node.results().stream())
        .map(value -> value.constant())
        .flatMap(Optional::stream)
        .toList();
  }
}
