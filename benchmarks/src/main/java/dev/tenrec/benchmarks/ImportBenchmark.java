package dev.tenrec.benchmarks;

import com.google.common.io.MoreFiles;
import com.google.common.io.RecursiveDeleteOption;
import com.google.common.primitives.ImmutableLongArray;
import dev.tenrec.ir.Elementwise.Binary;
import dev.tenrec.ir.Elementwise.BinaryKind;
import dev.tenrec.ir.Graph;
import dev.tenrec.ir.GraphBuilder;
import dev.tenrec.ir.Source;
import dev.tenrec.ir.Value;
import dev.tenrec.ir.tensor.ElementType;
import dev.tenrec.ir.tensor.Tensor;
import dev.tenrec.onnx.OnnxExporter;
import dev.tenrec.onnx.OnnxImporter;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** Import of growing models, with little or much weight; 100 MB may take 0.3 s. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(1)
public class ImportBenchmark {
  @Param({"1000", "10000", "100000"})
  public int nodes;

  @Param({"0", "100"})
  public int megabytes;

  private Path folder = Path.of("");
  private Path model = Path.of("");

  @Setup
  public void write() throws IOException {
    folder = Files.createTempDirectory("tenrec-import");
    model = folder.resolve("model.onnx");
    OnnxExporter.write(heavy(ExportedGraph.of(nodes), megabytes), model);
  }

  @TearDown
  public void remove() throws IOException {
    MoreFiles.deleteRecursively(folder, RecursiveDeleteOption.ALLOW_INSECURE);
  }

  @Benchmark
  public Graph read() {
    return OnnxImporter.read(model);
  }

  /** The graph with weights of one megabyte each added to its output. */
  private static Graph heavy(Graph graph, int megabytes) {
    GraphBuilder builder = new GraphBuilder(graph.name());
    graph.inputs().forEach(builder::addInput);
    Value output = graph.outputs().getFirst().value();
    ImmutableLongArray sizes = ImmutableLongArray.of(1 << 18, 1, 1, 1);
    for (int i = 0; i < megabytes; i++) {
      MemorySegment elements = MemorySegment.ofArray(new byte[1 << 20]);
      Tensor weights = Tensor.of(ElementType.FLOAT32, sizes, elements);
      Value constant = new Source.Constant(weights).value();
      output = new Binary(BinaryKind.ADD, output, constant).value();
    }
    output.producer().ifPresent(builder::add);
    builder.output("y", output);
    return builder.build();
  }
}
