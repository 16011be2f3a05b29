package dev.tenrec.tensorrt.layer;

/** A layer of a TensorRT network, under TensorRT's name and with TensorRT's parameters. */
public sealed interface Layer
    permits AttentionLayer,
        ContractionLayer,
        IndexLayer,
        MovementLayer,
        PointwiseLayer,
        QuantizationLayer,
        ReductionLayer,
        SamplingLayer,
        SourceLayer,
        WindowLayer {}
