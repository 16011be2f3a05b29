package dev.tenrec.compiler;

import dev.tenrec.compiler.accuracy.EngineProfile;
import dev.tenrec.compiler.bench.Latency;
import dev.tenrec.ir.Graph;
import dev.tenrec.ir.Signature;
import dev.tenrec.runtime.Engine;
import dev.tenrec.tensorrt.BuildOptions;
import dev.tenrec.tensorrt.EngineBuilder;
import dev.tenrec.tensorrt.Plan;
import dev.tenrec.tensorrt.ShapeProfile;
import java.util.List;

/** Where engines come from. */
interface Engines {
  /** TensorRT, on the GPU that is there. */
  Engines TENSORRT =
      new Engines() {
        @Override
        public Plan build(Graph graph, BuildOptions options) {
          return EngineBuilder.build(graph, options);
        }

        @Override
        public List<Double> milliseconds(List<Plan> plans, Graph model, ShapeProfile shapes) {
          return Latency.of(plans, model, shapes);
        }

        @Override
        public EngineProfile profile(Plan plan, Graph model, ShapeProfile shapes) {
          try (Engine engine = Engine.of(plan.bytes(), Signature.of(model))) {
            return EngineProfile.of(engine, model, shapes);
          }
        }
      };

  /** As {@link EngineBuilder#build}. */
  Plan build(Graph graph, BuildOptions options);

  /** As {@link Latency#of}. */
  List<Double> milliseconds(List<Plan> plans, Graph model, ShapeProfile shapes);

  /** As {@link EngineProfile#of(Engine, Graph, ShapeProfile)}. */
  EngineProfile profile(Plan plan, Graph model, ShapeProfile shapes);
}
