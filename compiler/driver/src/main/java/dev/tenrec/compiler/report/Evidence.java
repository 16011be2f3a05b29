package dev.tenrec.compiler.report;

/**
 * What a check found about a pass.
 *
 * @param check what was checked, for example {@code interpreter}
 * @param passed whether the pass passed
 * @param text the finding in words, for example the largest difference; may have several lines
 */
public record Evidence(String check, boolean passed, String text) {}
