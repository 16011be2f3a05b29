package dev.tenrec.ir;

import com.google.common.collect.ImmutableList;
import dev.tenrec.ir.tensor.ElementType;
import java.util.List;
import java.util.stream.Stream;

/** Operations on single elements, with operands broadcast to each other as in NumPy. */
public sealed interface Elementwise extends Op {

  /** Functions of one element without parameters. */
  enum UnaryKind {
    ABS,
    ACOS,
    ACOSH,
    ASIN,
    ASINH,
    ATAN,
    ATANH,
    /** All bits of an integer flipped. */
    BIT_NOT,
    CEIL,
    COS,
    COSH,
    ERF,
    EXP,
    FLOOR,
    IS_INF,
    IS_NAN,
    LOG,
    NEG,
    NOT,
    RECIPROCAL,
    /** To the nearest integer, ties to even. */
    ROUND,
    SIGN,
    SIN,
    SINH,
    SQRT,
    TAN;

    boolean isPredicate() {
      return this == IS_INF || this == IS_NAN;
    }
  }

  /** Functions of two elements. */
  enum BinaryKind {
    ADD,
    SUB,
    MUL,
    /** Division; of integers, cut off towards zero. */
    DIV,
    /** Division rounded towards negative infinity. */
    FLOOR_DIV,
    /** Remainder with the sign of the divisor. */
    MOD,
    /** Remainder with the sign of the dividend, C's {@code fmod}. */
    FMOD,
    POW,
    MIN,
    MAX,
    AND,
    OR,
    XOR,
    BIT_AND,
    BIT_OR,
    BIT_XOR,
    /**
     * The bits of an integer moved up. ONNX leaves open what amounts beyond the type's width give;
     * here nothing is left.
     */
    SHIFT_LEFT,
    /** As {@link #SHIFT_LEFT}, but down; copies of the sign follow in signed types. */
    SHIFT_RIGHT,
    EQUAL,
    LESS,
    LESS_OR_EQUAL,
    GREATER,
    GREATER_OR_EQUAL;

    public boolean isComparison() {
      return compareTo(EQUAL) >= 0;
    }

    public boolean isLogical() {
      return this == AND || this == OR || this == XOR;
    }

    /** Whether the operands are patterns of bits, which only integers are. */
    public boolean isBitwise() {
      return switch (this) {
        case BIT_AND, BIT_OR, BIT_XOR, SHIFT_LEFT, SHIFT_RIGHT -> true;
        case ADD, SUB, MUL, DIV, FLOOR_DIV, MOD, FMOD, POW, MIN, MAX, AND, OR, XOR -> false;
        case EQUAL, LESS, LESS_OR_EQUAL, GREATER, GREATER_OR_EQUAL -> false;
      };
    }

    public boolean isCommutative() {
      return switch (this) {
        case ADD, MUL, MIN, MAX, AND, OR, XOR, BIT_AND, BIT_OR, BIT_XOR, EQUAL -> true;
        case SUB, DIV, FLOOR_DIV, MOD, FMOD, POW, SHIFT_LEFT, SHIFT_RIGHT -> false;
        case LESS, LESS_OR_EQUAL, GREATER, GREATER_OR_EQUAL -> false;
      };
    }
  }

  /** {@code kind(x)}. */
  record Unary(UnaryKind kind, Value x) implements Elementwise {
    @Override
    public ImmutableList<Value> operands() {
      return ImmutableList.of(x);
    }

    @Override
    public Unary withOperands(ImmutableList<Value> operands) {
      return new Unary(kind, operands.getFirst());
    }

    @Override
    public ImmutableList<TensorType> inferTypes() {
      boolean bool = x.elementType() == ElementType.BOOL;
      boolean bits = kind != UnaryKind.BIT_NOT || x.elementType().isInteger();
      boolean fits = bits && bool == (kind == UnaryKind.NOT);
      Typing.check(fits, "%s does not take %s", kind, x.type());
      return ImmutableList.of(kind.isPredicate() ? x.type().with(ElementType.BOOL) : x.type());
    }
  }

  /** {@code kind(a, b)}; both of the same element type. */
  record Binary(BinaryKind kind, Value a, Value b) implements Elementwise {
    @Override
    public ImmutableList<Value> operands() {
      return ImmutableList.of(a, b);
    }

    @Override
    public Binary withOperands(ImmutableList<Value> operands) {
      return new Binary(kind, operands.get(0), operands.get(1));
    }

    @Override
    public ImmutableList<TensorType> inferTypes() {
      Typing.sameElementType(a, b);
      boolean bool = a.elementType() == ElementType.BOOL;
      boolean bits = !kind.isBitwise() || a.elementType().isInteger();
      boolean fits = kind == BinaryKind.EQUAL || (bits && bool == kind.isLogical());
      Typing.check(fits, "%s does not take %s", kind, a.type());
      ElementType result = kind.isComparison() ? ElementType.BOOL : a.elementType();
      return ImmutableList.of(
          new TensorType(result, Shape.broadcast(List.of(a.shape(), b.shape()))));
    }
  }

  /** {@code condition ? a : b}. */
  record Select(Value condition, Value a, Value b) implements Elementwise {
    @Override
    public ImmutableList<Value> operands() {
      return ImmutableList.of(condition, a, b);
    }

    @Override
    public Select withOperands(ImmutableList<Value> operands) {
      return new Select(operands.get(0), operands.get(1), operands.get(2));
    }

    @Override
    public ImmutableList<TensorType> inferTypes() {
      Typing.check(
          condition.elementType() == ElementType.BOOL, "condition is %s", condition.type());
      Typing.sameElementType(a, b);
      Shape shape = Shape.broadcast(Stream.of(condition, a, b).map(Value::shape).toList());
      return ImmutableList.of(new TensorType(a.elementType(), shape));
    }
  }

  /** The same numbers in another element type, by the rules of ONNX's {@code Cast}. */
  record Cast(Value x, ElementType to) implements Elementwise {
    @Override
    public ImmutableList<Value> operands() {
      return ImmutableList.of(x);
    }

    @Override
    public Cast withOperands(ImmutableList<Value> operands) {
      return new Cast(operands.getFirst(), to);
    }

    @Override
    public ImmutableList<TensorType> inferTypes() {
      return ImmutableList.of(x.type().with(to));
    }
  }

  /** The same bits as an element of another type of the same width. */
  record BitCast(Value x, ElementType to) implements Elementwise {
    @Override
    public ImmutableList<Value> operands() {
      return ImmutableList.of(x);
    }

    @Override
    public BitCast withOperands(ImmutableList<Value> operands) {
      return new BitCast(operands.getFirst(), to);
    }

    @Override
    public ImmutableList<TensorType> inferTypes() {
      Typing.check(
          x.elementType().bits() == to.bits(), "%s is not as wide as %s", to.text(), x.type());
      return ImmutableList.of(x.type().with(to));
    }
  }

  /** Activation functions; alpha and beta are the parameters that the formulas name. */
  enum ActivationKind {
    /** max(x, 0). */
    RELU,
    /** 1 / (1 + exp(-x)). */
    SIGMOID,
    TANH,
    /** x for x >= 0, else alpha x. */
    LEAKY_RELU,
    /** x for x >= 0, else alpha (exp(x) - 1). */
    ELU,
    /** beta x for x > 0, else beta alpha (exp(x) - 1). */
    SELU,
    /** max(x, 0) + min(alpha (exp(x / alpha) - 1), 0). */
    CELU,
    /** x / (1 + |x|). */
    SOFTSIGN,
    /** log(1 + exp(x)). */
    SOFTPLUS,
    /** min(max(x, alpha), beta). */
    CLIP,
    /** min(max(alpha x + beta, 0), 1). */
    HARD_SIGMOID,
    /** x min(max(x / 6 + 1/2, 0), 1). */
    HARD_SWISH,
    /** x for x > alpha, else 0. */
    THRESHOLDED_RELU,
    /** x / 2 (1 + erf(x / sqrt 2)). */
    GELU_ERF,
    /** x / 2 (1 + tanh(sqrt(2 / pi) (x + 0.044715 x^3))). */
    GELU_TANH,
    /** x tanh(log(1 + exp(x))). */
    MISH,
    /** x / (1 + exp(-alpha x)); alpha is 1 for SiLU, 1.702 for quick GELU. */
    SWISH;

    /** How many of alpha and beta mean something. */
    public int parameters() {
      return switch (this) {
        case RELU, SIGMOID, TANH, SOFTSIGN, SOFTPLUS, HARD_SWISH, GELU_ERF, GELU_TANH, MISH -> 0;
        case LEAKY_RELU, ELU, CELU, THRESHOLDED_RELU, SWISH -> 1;
        case SELU, CLIP, HARD_SIGMOID -> 2;
      };
    }
  }

  /** An activation with its parameters; those that the kind does not have are 0. */
  record ActivationFunction(ActivationKind kind, double alpha, double beta) {
    public ActivationFunction {
      alpha = kind.parameters() > 0 ? alpha : 0;
      beta = kind.parameters() > 1 ? beta : 0;
    }

    public Activation of(Value x) {
      return new Activation(kind, x, alpha, beta);
    }
  }

  /**
   * {@code kind(x)}. Parameters that the kind does not have are 0, so that equal operations are
   * equal.
   */
  record Activation(ActivationKind kind, Value x, double alpha, double beta)
      implements Elementwise {
    public Activation {
      alpha = kind.parameters() > 0 ? alpha : 0;
      beta = kind.parameters() > 1 ? beta : 0;
    }

    public Activation(ActivationKind kind, Value x) {
      this(kind, x, 0, 0);
      Typing.check(kind.parameters() == 0, "%s needs its parameters", kind);
    }

    public ActivationFunction function() {
      return new ActivationFunction(kind, alpha, beta);
    }

    @Override
    public ImmutableList<Value> operands() {
      return ImmutableList.of(x);
    }

    @Override
    public Activation withOperands(ImmutableList<Value> operands) {
      return new Activation(kind, operands.getFirst(), alpha, beta);
    }

    @Override
    public ImmutableList<TensorType> inferTypes() {
      boolean numeric = x.elementType() != ElementType.BOOL;
      boolean integers = kind == ActivationKind.RELU || kind == ActivationKind.CLIP;
      Typing.check(
          x.elementType().isFloating() || (numeric && integers),
          "%s does not take %s",
          kind,
          x.type());
      return ImmutableList.of(x.type());
    }
  }

  /** x for x >= 0, else slope x; the slope is broadcast to x. */
  record ParametricRelu(Value x, Value slope) implements Elementwise {
    @Override
    public ImmutableList<Value> operands() {
      return ImmutableList.of(x, slope);
    }

    @Override
    public ParametricRelu withOperands(ImmutableList<Value> operands) {
      return new ParametricRelu(operands.get(0), operands.get(1));
    }

    @Override
    public ImmutableList<TensorType> inferTypes() {
      Typing.numeric(x);
      Typing.sameElementType(x, slope);
      Typing.broadcastsTo(slope, x);
      return ImmutableList.of(x.type());
    }
  }
}
