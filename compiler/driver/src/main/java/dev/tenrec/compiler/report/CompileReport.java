package dev.tenrec.compiler.report;

import com.google.common.collect.ImmutableList;
import dev.tenrec.ir.Graph;

/**
 * What happened to a model while it was compiled.
 *
 * @param model the name of its file
 * @param settings what it was compiled for, in words
 * @param imported the graph before the first pass
 * @param passes in the order in which they ran
 * @param network what the last graph becomes
 */
public record CompileReport(
    String model,
    String settings,
    Graph imported,
    ImmutableList<PassRun> passes,
    NetworkListing network) {}
