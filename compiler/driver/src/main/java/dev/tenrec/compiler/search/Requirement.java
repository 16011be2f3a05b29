package dev.tenrec.compiler.search;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import dev.tenrec.compiler.accuracy.Task;
import dev.tenrec.compiler.accuracy.TaskBound;
import dev.tenrec.compiler.accuracy.Trials;
import dev.tenrec.ir.Executable;
import dev.tenrec.ir.tensor.Tensor;
import dev.tenrec.passes.Pipeline;
import dev.tenrec.passes.accuracy.DeviationBound;
import dev.tenrec.passes.accuracy.ErrorBound;
import dev.tenrec.passes.accuracy.RecordedOutputs;
import java.util.function.Function;

/** What a precision of a model must hold: an error, and the largest that is accurate enough. */
public sealed interface Requirement {
  /** What the model runs on, once for each choice. */
  ImmutableList<ImmutableMap<String, Tensor>> inputs();

  /** What measures the error of a form of the model: larger is worse. */
  Function<Executable, Double> error(Trials trials);

  /** What is bounded. */
  ErrorBound bound();

  /** Outputs are close to those in single precision. */
  record OfOutputs(DeviationBound bound, ImmutableList<ImmutableMap<String, Tensor>> inputs)
      implements Requirement {
    @Override
    public Function<Executable, Double> error(Trials trials) {
      RecordedOutputs exact =
          trials.run(Pipeline.of(), single -> new RecordedOutputs(single, inputs));
      return candidate -> bound.error(exact.with(candidate));
    }
  }

  /** A task is done well, whatever the outputs are. */
  record OfTask(TaskBound bound, Task task) implements Requirement {
    @Override
    public ImmutableList<ImmutableMap<String, Tensor>> inputs() {
      return task.inputs();
    }

    @Override
    public Function<Executable, Double> error(Trials trials) {
      return candidate -> bound.error(task.answers(candidate).score());
    }
  }
}
