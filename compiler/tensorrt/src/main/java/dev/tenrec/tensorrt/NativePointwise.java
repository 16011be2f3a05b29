package dev.tenrec.tensorrt;

import dev.tenrec.runtime.bindings.DataTypes;
import dev.tenrec.tensorrt.layer.PointwiseLayer;
import org.bytedeco.tensorrt.global.nvinfer.ActivationType;
import org.bytedeco.tensorrt.global.nvinfer.ElementWiseOperation;
import org.bytedeco.tensorrt.global.nvinfer.UnaryOperation;
import org.bytedeco.tensorrt.nvinfer.IActivationLayer;
import org.bytedeco.tensorrt.nvinfer.ILayer;
import org.bytedeco.tensorrt.nvinfer.INetworkDefinition;
import org.jspecify.annotations.Nullable;

/** Hands {@link PointwiseLayer}s to TensorRT. */
record NativePointwise(INetworkDefinition network) {

  @Nullable ILayer add(PointwiseLayer layer) {
    return switch (layer) {
      case PointwiseLayer.Unary(var x, var operation) ->
          network.addUnary(NativeTensor.handle(x), operation(operation));
      case PointwiseLayer.ElementWise(var a, var b, var operation) ->
          network.addElementWise(
              NativeTensor.handle(a), NativeTensor.handle(b), operation(operation));
      case PointwiseLayer.Activation(var x, var type, double alpha, double beta) -> {
        IActivationLayer activation = network.addActivation(NativeTensor.handle(x), type(type));
        activation.setAlpha((float) alpha);
        activation.setBeta((float) beta);
        yield activation;
      }
      case PointwiseLayer.ParametricRelu(var x, var slope) ->
          network.addParametricReLU(NativeTensor.handle(x), NativeTensor.handle(slope));
      case PointwiseLayer.Select(var condition, var a, var b) ->
          network.addSelect(
              NativeTensor.handle(condition), NativeTensor.handle(a), NativeTensor.handle(b));
      case PointwiseLayer.Cast(var x, var to) ->
          network.addCast(NativeTensor.handle(x), DataTypes.of(to));
      case PointwiseLayer.Identity(var x) -> network.addIdentity(NativeTensor.handle(x));
    };
  }

  private static UnaryOperation operation(PointwiseLayer.UnaryOperation operation) {
    return switch (operation) {
      case EXP -> UnaryOperation.kEXP;
      case LOG -> UnaryOperation.kLOG;
      case SQRT -> UnaryOperation.kSQRT;
      case RECIP -> UnaryOperation.kRECIP;
      case ABS -> UnaryOperation.kABS;
      case NEG -> UnaryOperation.kNEG;
      case SIN -> UnaryOperation.kSIN;
      case COS -> UnaryOperation.kCOS;
      case TAN -> UnaryOperation.kTAN;
      case SINH -> UnaryOperation.kSINH;
      case COSH -> UnaryOperation.kCOSH;
      case ASIN -> UnaryOperation.kASIN;
      case ACOS -> UnaryOperation.kACOS;
      case ATAN -> UnaryOperation.kATAN;
      case ASINH -> UnaryOperation.kASINH;
      case ACOSH -> UnaryOperation.kACOSH;
      case ATANH -> UnaryOperation.kATANH;
      case CEIL -> UnaryOperation.kCEIL;
      case FLOOR -> UnaryOperation.kFLOOR;
      case ERF -> UnaryOperation.kERF;
      case NOT -> UnaryOperation.kNOT;
      case SIGN -> UnaryOperation.kSIGN;
      case ROUND -> UnaryOperation.kROUND;
      case ISINF -> UnaryOperation.kISINF;
      case ISNAN -> UnaryOperation.kISNAN;
    };
  }

  private static ElementWiseOperation operation(PointwiseLayer.ElementWiseOperation operation) {
    return switch (operation) {
      case SUM -> ElementWiseOperation.kSUM;
      case PROD -> ElementWiseOperation.kPROD;
      case MAX -> ElementWiseOperation.kMAX;
      case MIN -> ElementWiseOperation.kMIN;
      case SUB -> ElementWiseOperation.kSUB;
      case DIV -> ElementWiseOperation.kDIV;
      case POW -> ElementWiseOperation.kPOW;
      case FLOOR_DIV -> ElementWiseOperation.kFLOOR_DIV;
      case AND -> ElementWiseOperation.kAND;
      case OR -> ElementWiseOperation.kOR;
      case XOR -> ElementWiseOperation.kXOR;
      case EQUAL -> ElementWiseOperation.kEQUAL;
      case GREATER -> ElementWiseOperation.kGREATER;
      case LESS -> ElementWiseOperation.kLESS;
    };
  }

  private static ActivationType type(PointwiseLayer.ActivationType type) {
    return switch (type) {
      case RELU -> ActivationType.kRELU;
      case SIGMOID -> ActivationType.kSIGMOID;
      case TANH -> ActivationType.kTANH;
      case LEAKY_RELU -> ActivationType.kLEAKY_RELU;
      case ELU -> ActivationType.kELU;
      case SELU -> ActivationType.kSELU;
      case SOFTSIGN -> ActivationType.kSOFTSIGN;
      case SOFTPLUS -> ActivationType.kSOFTPLUS;
      case CLIP -> ActivationType.kCLIP;
      case HARD_SIGMOID -> ActivationType.kHARD_SIGMOID;
      case THRESHOLDED_RELU -> ActivationType.kTHRESHOLDED_RELU;
      case GELU_ERF -> ActivationType.kGELU_ERF;
      case GELU_TANH -> ActivationType.kGELU_TANH;
    };
  }
}
