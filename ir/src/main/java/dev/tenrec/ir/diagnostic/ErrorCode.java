package dev.tenrec.ir.diagnostic;

/** The kind of a {@link TenrecException}. Codes are stable: scripts may match on them. */
public enum ErrorCode {
  /** A file is damaged, truncated or breaks the rules of its format. */
  INVALID_MODEL,
  /** An operation cannot be typed: wrong rank, element type or shape. */
  INVALID_TYPE,
  /** The model is valid, but Tenrec or the chosen backend cannot express a part of it. */
  UNSUPPORTED,
  /** Data given at run time does not fit the model. */
  INVALID_INPUT,
  /** An option or argument is wrong. */
  INVALID_ARGUMENT,
  /** A file cannot be read or written. */
  IO,
  /** A tensor or file is larger than what can be held. */
  TOO_LARGE,
  /** A library, device or driver that a backend needs is missing. */
  BACKEND_UNAVAILABLE,
  /** A backend refused or failed at work that it should be able to do. */
  BACKEND_FAILURE,
  /** An invariant of the compiler does not hold: a defect of Tenrec or of a custom pass. */
  INTERNAL
}
