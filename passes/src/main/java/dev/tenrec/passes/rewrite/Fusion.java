package dev.tenrec.passes.rewrite;

import dev.tenrec.ir.Op;
import dev.tenrec.ir.Value;
import java.util.Optional;

/** A rule that replaces what a pattern describes, and can tell why it does not. */
public interface Fusion extends Rule {
  /** What is replaced. */
  Pattern pattern();

  /** The match, or why the rule is not legal there; for conditions that patterns cannot express. */
  default Match check(Match.Found match) {
    return match;
  }

  /** What stands in the place of {@link Match.Found#root}. */
  Value replacement(Match.Found match);

  /** Whether the rule would fire on a value. */
  default Match match(MatchContext context) {
    return switch (new Matcher(context).match(pattern())) {
      case Match.Found found -> check(found);
      case Match.Rejected rejected -> rejected;
    };
  }

  @Override
  default Optional<Value> rewrite(Op op, MatchContext context) {
    if (!Matcher.mayMatch(pattern(), op)) {
      return Optional.empty();
    }
    return switch (match(context)) {
      case Match.Found found -> Optional.of(replacement(found));
      case Match.Rejected _ -> Optional.empty();
    };
  }
}
