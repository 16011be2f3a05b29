package dev.tenrec.compiler.report;

import dev.tenrec.ir.Value;

/** A rule or pass put one value in the place of another. */
public record Rewrite(String rule, Value before, Value after) {}
