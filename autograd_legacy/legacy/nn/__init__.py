"""Lua Torch's nn: modules that are told to go forward and backward, and keep output and gradInput."""

import sys
from types import ModuleType

from . import utils
from .container import (
    Concat,
    ConcatTable,
    Container,
    DepthConcat,
    Parallel,
    ParallelTable,
    Sequential,
)
from .convolution import (
    SpatialConvolution,
    SpatialConvolutionLocal,
    SpatialConvolutionMap,
    SpatialDilatedConvolution,
    SpatialFullConvolution,
    SpatialFullConvolutionMap,
    TemporalConvolution,
    VolumetricConvolution,
    VolumetricFullConvolution,
)
from .criterion import (
    AbsCriterion,
    BCECriterion,
    ClassNLLCriterion,
    ClassSimplexCriterion,
    CosineEmbeddingCriterion,
    Criterion,
    CriterionTable,
    CrossEntropyCriterion,
    DistKLDivCriterion,
    HingeEmbeddingCriterion,
    L1Cost,
    L1HingeEmbeddingCriterion,
    MarginCriterion,
    MarginRankingCriterion,
    MSECriterion,
    MultiCriterion,
    MultiLabelMarginCriterion,
    MultiLabelSoftMarginCriterion,
    MultiMarginCriterion,
    ParallelCriterion,
    SmoothL1Criterion,
    SoftMarginCriterion,
    SpatialClassNLLCriterion,
    WeightedMSECriterion,
)
from .dropout import (
    Dropout,
    SpatialDropout,
    VolumetricDropout,
)
from .linear import (
    Bilinear,
    Cosine,
    Euclidean,
    Linear,
    LookupTable,
    PartialLinear,
    WeightedEuclidean,
)
from .module import (
    Module,
)
from .normalization import (
    BatchNormalization,
    SpatialBatchNormalization,
    SpatialContrastiveNormalization,
    SpatialCrossMapLRN,
    SpatialDivisiveNormalization,
    SpatialSubtractiveNormalization,
    VolumetricBatchNormalization,
)
from .padding import (
    SpatialReflectionPadding,
    SpatialReplicationPadding,
    SpatialZeroPadding,
    VolumetricReplicationPadding,
)
from .pointwise import (
    ELU,
    Abs,
    Add,
    AddConstant,
    Clamp,
    CMul,
    Contiguous,
    Copy,
    Exp,
    GradientReversal,
    HardShrink,
    HardTanh,
    Identity,
    L1Penalty,
    LeakyReLU,
    Log,
    LogSigmoid,
    LogSoftMax,
    Mul,
    MulConstant,
    Normalize,
    Power,
    PReLU,
    ReLU,
    ReLU6,
    RReLU,
    Sigmoid,
    SoftMax,
    SoftMin,
    SoftPlus,
    SoftShrink,
    SoftSign,
    SpatialSoftMax,
    Sqrt,
    Square,
    Tanh,
    TanhShrink,
    Threshold,
)
from .pooling import (
    SpatialAdaptiveMaxPooling,
    SpatialAveragePooling,
    SpatialFractionalMaxPooling,
    SpatialLPPooling,
    SpatialMaxPooling,
    SpatialMaxUnpooling,
    SpatialSubSampling,
    SpatialUpSamplingNearest,
    TemporalMaxPooling,
    TemporalSubSampling,
    VolumetricAveragePooling,
    VolumetricMaxPooling,
    VolumetricMaxUnpooling,
)
from .shape import (
    Max,
    Mean,
    Min,
    Narrow,
    Padding,
    Replicate,
    Reshape,
    Select,
    Squeeze,
    Sum,
    Transpose,
    Unsqueeze,
    View,
)
from .table import (
    MM,
    MV,
    CAddTable,
    CDivTable,
    CMulTable,
    CosineDistance,
    CSubTable,
    DotProduct,
    FlattenTable,
    Index,
    JoinTable,
    MaskedSelect,
    MixtureTable,
    NarrowTable,
    PairwiseDistance,
    SelectTable,
    SplitTable,
)


def _modules_of_classes() -> dict[str, ModuleType]:
    """0.3.1 had a module for each class, of its name: files name them, and programs import from them."""
    modules = {}
    for name, value in globals().items():
        if isinstance(value, type) and value.__module__.startswith(__name__):
            module = modules[f"{__name__}.{name}"] = ModuleType(f"{__name__}.{name}", f"The module of {name} in 0.3.1.")
            setattr(module, name, value)
    return modules


sys.modules.update(_modules_of_classes())
