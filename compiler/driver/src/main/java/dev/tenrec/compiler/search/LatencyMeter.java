package dev.tenrec.compiler.search;

import com.google.common.collect.ImmutableList;
import dev.tenrec.ir.Graph;
import dev.tenrec.tensorrt.ShapeProfile;
import java.util.List;

/** Measures how long forms of one model take on a device. */
@FunctionalInterface
public interface LatencyMeter {
  /**
   * Builds an engine of each form, which takes minutes for a large model, and runs it.
   *
   * @param shapes the sizes that are to be run fast
   * @return milliseconds, for each form
   */
  ImmutableList<Double> milliseconds(List<Graph> forms, ShapeProfile shapes);
}
