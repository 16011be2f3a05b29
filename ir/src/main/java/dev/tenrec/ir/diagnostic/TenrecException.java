package dev.tenrec.ir.diagnostic;

import com.google.common.collect.ImmutableSet;
import java.util.Collection;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** An error for the user: what went wrong, where in the model, and what to do about it. */
public final class TenrecException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final ErrorCode code;
  private final transient Location location;
  private final String problem;
  private final @Nullable String advice;
  private final transient ImmutableSet<String> neededInputs;

  private TenrecException(
      ErrorCode code,
      Location location,
      String problem,
      @Nullable String advice,
      ImmutableSet<String> neededInputs,
      @Nullable Throwable cause) {
    super(cause);
    this.code = code;
    this.location = location;
    this.problem = problem;
    this.advice = advice;
    this.neededInputs = neededInputs;
  }

  public TenrecException(ErrorCode code, String problem) {
    this(code, Location.UNKNOWN, problem, null, ImmutableSet.of(), null);
  }

  public TenrecException(ErrorCode code, String problem, Throwable cause) {
    this(code, Location.UNKNOWN, problem, null, ImmutableSet.of(), cause);
  }

  /** The same error at {@code place}, unless it already has a place. */
  public TenrecException at(Location place) {
    return location.equals(Location.UNKNOWN)
        ? new TenrecException(code, place, problem, advice, neededInputs, this)
        : this;
  }

  /** The same error with a sentence that tells what to do. */
  public TenrecException advise(String sentence) {
    return new TenrecException(code, location, problem, sentence, neededInputs, getCause());
  }

  /**
   * The same error, which would not occur if the elements of some inputs of the model were known.
   */
  public TenrecException needing(Collection<String> inputs) {
    return new TenrecException(
        code, location, problem, advice, ImmutableSet.copyOf(inputs), getCause());
  }

  public ErrorCode code() {
    return code;
  }

  public Location location() {
    return location;
  }

  /** The cause alone, without place and advice. */
  public String problem() {
    return problem;
  }

  public Optional<String> advice() {
    return Optional.ofNullable(advice);
  }

  /** Names of inputs of the model that would have to be constants; empty if that would not help. */
  public ImmutableSet<String> neededInputs() {
    return neededInputs;
  }

  /** Code, place, problem and advice in one line. */
  @Override
  public String getMessage() {
    String place = location.equals(Location.UNKNOWN) ? "" : location.describe() + ": ";
    String hint = advice == null ? "" : " (" + advice + ")";
    return inOneLine("[%s] %s%s%s".formatted(code, place, problem, hint));
  }

  /** Names in models and messages of libraries may hold anything. */
  private static String inOneLine(String text) {
    StringBuilder line = new StringBuilder(text.length());
    for (String part : text.strip().split("\\s*\\R\\s*", -1)) {
      line.append(line.isEmpty() ? "" : " ");
      part.chars().forEach(c -> line.append(Character.isISOControl(c) ? '?' : (char) c));
    }
    return line.toString();
  }
}
