package dev.tenrec.onnx;

import dev.tenrec.onnx.proto.NodeProto;
import dev.tenrec.onnx.proto.StringStringEntryProto;
import java.util.Optional;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/** What exporters tell about the origin of a node, in a few words. */
final class SourceMetadata {
  private static final Pattern FRAME =
      Pattern.compile("File \"(?:[^\"]*/)?([^\"/]+)\", line (\\d+)");
  private static final Pattern QUOTED = Pattern.compile("'([^']*)'");

  /** Where our own exporter keeps the text. */
  static final String OWN_KEY = "tenrec.source";

  private static final int MAX_LENGTH = 120;

  private SourceMetadata() {}

  static String of(NodeProto node) {
    if (node.getMetadataPropsCount() == 0 && node.getDocString().isEmpty()) {
      return "";
    }
    Optional<String> own = entry(node, OWN_KEY);
    if (own.isPresent()) {
      return own.get();
    }
    String scope =
        entry(node, "pkg.torch.onnx.name_scopes").flatMap(SourceMetadata::module).orElse("");
    String trace = entry(node, "pkg.torch.onnx.stack_trace").orElseGet(node::getDocString);
    String text = (scope + " " + frame(trace)).strip();
    return text.length() <= MAX_LENGTH ? text : text.substring(0, MAX_LENGTH);
  }

  private static Optional<String> entry(NodeProto node, String key) {
    return node.getMetadataPropsList().stream()
        .filter(entry -> entry.getKey().equals(key))
        .map(StringStringEntryProto::getValue)
        .findFirst();
  }

  /** The innermost module, which is the last but one of the scopes; the last is the node itself. */
  private static Optional<String> module(String scopes) {
    return QUOTED
        .matcher(scopes)
        .results()
        .map(match -> match.group(1))
        .filter(scope -> !scope.isEmpty())
        .reduce((_, last) -> last);
  }

  /** The innermost frame of a stack trace, or the first line of another text. */
  private static String frame(String trace) {
    Optional<MatchResult> innermost = FRAME.matcher(trace).results().reduce((_, last) -> last);
    return innermost
        .map(match -> match.group(1) + ":" + match.group(2))
        .orElseGet(() -> trace.lines().findFirst().orElse("").strip());
  }
}
