"""The functions of neural networks on Variables, as in torch.nn.functional of 0.3."""

from operator import mul

from ..autograd import Variable
from . import _functions
from ._functions.activation import (
    elu,
    glu,
    hardshrink,
    hardtanh,
    leaky_relu,
    log_softmax,
    logsigmoid,
    prelu,
    relu,
    relu6,
    rrelu,
    selu,
    sigmoid,
    softmax,
    softmin,
    softplus,
    softshrink,
    softsign,
    tanh,
    tanhshrink,
    threshold,
)
from ._functions.class_loss import (
    cross_entropy,
    multi_margin_loss,
    multilabel_margin_loss,
    multilabel_soft_margin_loss,
    nll_loss,
)
from ._functions.convolution import conv1d, conv2d, conv3d, conv_transpose1d, conv_transpose2d, conv_transpose3d
from ._functions.distance import cosine_similarity, pairwise_distance
from ._functions.dropout import alpha_dropout, dropout, dropout2d, dropout3d
from ._functions.linear import Bilinear, bilinear, linear
from ._functions.loss import (
    binary_cross_entropy,
    binary_cross_entropy_with_logits,
    cosine_embedding_loss,
    hinge_embedding_loss,
    kl_div,
    l1_loss,
    margin_ranking_loss,
    mse_loss,
    poisson_nll_loss,
    smooth_l1_loss,
    soft_margin_loss,
    triplet_margin_loss,
)
from ._functions.normalization import batch_norm, normalize
from ._functions.padding import ConstantPadNd, pad
from ._functions.pooling import (
    adaptive_avg_pool1d,
    adaptive_avg_pool2d,
    adaptive_avg_pool3d,
    adaptive_max_pool1d,
    adaptive_max_pool2d,
    adaptive_max_pool3d,
    avg_pool1d,
    avg_pool2d,
    avg_pool3d,
    lp_pool1d,
    lp_pool2d,
    max_pool1d,
    max_pool2d,
    max_pool3d,
)
from ._functions.sparse import embedding, embedding_bag
from ._functions.unpooling import max_unpool1d, max_unpool2d, max_unpool3d
from ._functions.vision import affine_grid, grid_sample, pixel_shuffle, upsample, upsample_bilinear, upsample_nearest
from ._tensors import torch
from .modules import utils
from .modules.utils import _pair, _single, _triple
