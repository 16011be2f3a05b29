/**
 * The pass explorer: what happened to a model while it was compiled, as one HTML page that needs
 * nothing but a browser.
 *
 * <p>{@link RecordPasses} watches the passes, {@link CompileReport} is what was seen, and {@link
 * ReportPage} writes it down. The page itself (HTML, CSS, JavaScript) lies beside this package as
 * resources. Nothing here changes a graph.
 */
@NullMarked
package dev.tenrec.compiler.report;

import org.jspecify.annotations.NullMarked;
