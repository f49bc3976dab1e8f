"""Operands for every row of the table that has a gradient, found by their names: a new row needs nothing here as long
as its operands are called as others are.

An operand is a Real (a leaf to differentiate by), a LongTensor or ByteTensor, or any other value.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy

import autograd_legacy as torch
from autograd_legacy import optable


@dataclass
class Real:
    """Numbers of the given sizes; `off` the diagonal's surplus, for matrices that must be far from singular."""

    sizes: tuple
    off: float = 0.0

    def array(self, row: optable.Row, seed: int, sizes: tuple | None = None) -> numpy.ndarray:
        low, high = row.sample
        values = numpy.random.RandomState(seed).uniform(low, high, sizes or self.sizes)
        if self.off:
            values += self.off * numpy.eye(*values.shape[-2:])
        return values


def index(*values):
    return torch.LongTensor(list(values))


def mask():
    return torch.ByteTensor([[1, 0, 1], [0, 1, 1]])


R23 = Real((2, 3))
IMAGE = Real((1, 2, 4, 5))
BATCH = Real((2, 3, 2))

# What an operand of that name is, in most rows.
OPERANDS = dict(
    x=R23, y=R23, g=R23, source=R23, src=R23, grad=R23, values=R23, tensors=[R23, R23], means=R23, std=R23,
    dim=1, dim0=0, dim1=1, dims=(1, 0), index=index(0, 1), mask=mask, keepdim=False, unbiased=True, descending=False,
    diagonal=0, upper=True, p=2, maxnorm=0.7, value=0.5, start=1, stop=3, step=2, length=2, size=(2, 3), sizes=(3, 2),
    times=(2, 1), window=2, split_size=2, k=1, largest=True, sorted=True, by=1, fill=0.5, back=False, accumulate=False,
    beta=0.5, alpha=2.0, m=Real((2, 2)), key=(slice(None), slice(0, 2)), generator=None,
    input=IMAGE, delta=IMAGE, kernel_size=(2, 2), stride=(2, 1), padding=(1, 0), dilation=(1, 1), ceil_mode=False,
    count_include_pad=True, output_size=(2, 3), pads=[1, 1, 1, 1], border=False, training=True, momentum=0.1, eps=1e-3,
    running_mean=None, running_var=None, size_average=True, ignore_index=-100, reduce=True, needs=(True, True, True),
    weight=Real((4, 3)), indices=lambda: index(0, 2, 2, 1), padding_idx=1, max_norm=None, norm_type=2.0,
    scale_grad_by_freq=True, sparse=False, offsets=lambda: index(0, 3), mode="sum", transposed=False,
    output_padding=(0, 0), groups=1, bias=None,
)  # fmt: skip

SQUARE = Real((3, 3), off=3.0)
CONV = dict(weight=Real((2, 2, 2, 2)), bias=Real((2,)), delta=Real((1, 2, 2, 4)))
GATES = dict(gates_input=Real((2, 6)), gates_hidden=Real((2, 6)), hx=Real((2, 2)), delta=Real((2, 2)))
LSTM = dict(
    gates_input=Real((2, 8)), gates_hidden=Real((2, 8)), cx=Real((2, 2)), dhy=Real((2, 2)), dcy=Real((2, 2))
)  # fmt: skip
CHANNELS = dict(weight=Real((2,)), bias=Real((2,)))
STATISTICS = dict(mean=Real((2,)), invstd=Real((2,)))
POOLED = index(0, 3, 7, 11, 12, 19, 1, 8, 13, 15, 16, 18).view(1, 2, 2, 3)
MATRICES = dict(x=R23, y=Real((3, 2)))
CLASSES = dict(input=Real((3, 4)), target=index(1, 0, 3), weight=None, delta=Real((1,)), size=(3, 4))

# fmt: off
# What else the operands of a row are. A list: several calls.
ROWS = dict(
    select=dict(index=1),
    select_backward=dict(g=Real((2,)), index=1),
    slice=dict(start=0),
    slice_backward=dict(g=Real((2, 2)), start=0),
    sum_to=[dict(size=(1, 3)), dict(size=(3,))],
    view=dict(sizes=(3, 2)),
    resized=dict(sizes=(3, 2)),
    expand=dict(x=Real((2, 1)), sizes=(2, 3)),
    squeeze=dict(x=Real((2, 1, 3))),
    squeeze_dim=dict(x=Real((2, 1, 3))),
    unfold=dict(size=2, step=1),
    unfold_backward=dict(g=Real((2, 2, 2)), step=1),
    convert=dict(to=optable.EVERY.index("d"), source=optable.EVERY.index("d")),
    tile_backward=dict(g=Real((4, 3))),
    gather=dict(index=index(0, 2, 1, 1).view(2, 2)),
    scatter_=dict(index=index(0, 2, 1, 0).view(2, 2), src=Real((2, 2))),
    scatter_fill_=dict(index=index(0, 2, 1, 0).view(2, 2)),
    scatter_add_=dict(index=index(0, 2, 1, 1).view(2, 2), src=Real((2, 2))),
    index_select=dict(index=index(2, 0, 2)),
    index_add_=dict(index=index(2, 0), source=Real((2, 2))),
    index_copy_=dict(index=index(2, 0), source=Real((2, 2))),
    index_fill_=dict(index=index(2, 0)),
    take=dict(index=index(5, 0, 0)),
    put_=[dict(index=index(5, 0), source=Real((2,)), accumulate=how) for how in (False, True)],
    masked_spread=dict(values=Real((4,))),
    masked_scatter_=dict(source=Real((4,))),
    masked_part=dict(size=(4,)),
    taken_back=dict(values=Real((2, 2))),
    set_part_=dict(source=Real((2, 2))),
    diag=[dict(x=Real((3,))), dict(x=Real((3, 4)), diagonal=1)],
    diag_back=dict(values=Real((2,)), size=(2, 3)),
    cross=dict(dim=1),
    mm=MATRICES,
    addmm=MATRICES,
    linear=dict(x=R23, weight=Real((4, 3)), bias=Real((4,))),
    mv=dict(y=Real((3,))),
    addmv=dict(m=Real((2,)), y=Real((3,))),
    ger=dict(x=Real((2,)), y=Real((3,))),
    addr=dict(m=R23, x=Real((2,)), y=Real((3,))),
    bmm=dict(x=BATCH, y=Real((2, 2, 3))),
    baddbmm=dict(m=Real((2, 3, 3)), x=BATCH, y=Real((2, 2, 3))),
    addbmm=dict(m=Real((3, 3)), x=BATCH, y=Real((2, 2, 3))),
    dot=dict(x=Real((3,)), y=Real((3,))),
    gesv=dict(b=Real((3, 2)), a=SQUARE),
    trtrs=[
        dict(b=Real((3, 2)), a=SQUARE, upper=upper, transpose=transpose, unitriangular=transpose)
        for upper in (True, False)
        for transpose in (True, False)
    ],
    inverse=dict(x=SQUARE),
    potrf=[dict(x=Real((3, 3), off=9.0), upper=upper) for upper in (True, False)],
    lower_half=dict(x=SQUARE),
    potri=[dict(x=SQUARE, upper=upper) for upper in (True, False)],
    potrs=[dict(b=Real((3, 2)), x=SQUARE, upper=upper) for upper in (True, False)],
    qr=[dict(x=Real(sizes)) for sizes in ((3, 3), (4, 3), (2, 3))],
    svd=[dict(x=Real(sizes), some=True) for sizes in ((3, 3), (4, 3), (2, 3))],
    symeig=[dict(x=Real((3, 3)), eigenvectors=True, upper=upper) for upper in (True, False)],
    conv_nd=[CONV, dict(CONV, weight=Real((2, 2, 2, 2)), transposed=True)],
    conv_input_grad=dict(CONV, size=(1, 2, 3, 5), delta=Real((1, 2, 2, 4))),
    conv_weight_grad=dict(CONV, size=(2, 2, 2, 2), input=Real((1, 2, 3, 5)), delta=Real((1, 2, 2, 4))),
    channel_sum=dict(x=IMAGE),
    channel_fill=dict(values=Real((2,)), size=(1, 2, 3, 1)),
    split_evenly=dict(x=Real((2, 4))),
    elu=dict(alpha=1.3),  # a negative alpha has no slope that the result tells
    softmax_grad=dict(delta=R23),
    log_softmax_grad=dict(delta=R23),
    embedding=dict(padding_idx=-1, scale_grad_by_freq=False),  # else the gradient is not that of the value
    embedding_bag_grad=dict(delta=Real((2, 3)), size=(4, 3)),
    scatter_planes=dict(x=Real((1, 2, 2, 3)), indices=POOLED, sizes=(1, 2, 4, 5), dims=2),
    gather_planes=dict(x=IMAGE, indices=POOLED, dims=2),
    max_unpool_nd=dict(input=Real((1, 2, 2, 3)), indices=POOLED, output_size=(4, 5)),
    avg_pool_nd_grad=dict(delta=Real((1, 2, 3, 4)), sizes=(1, 2, 4, 5)),
    adaptive_avg_pool_nd_grad=dict(delta=Real((1, 2, 2, 3)), sizes=(1, 2, 4, 5)),
    batch_norm=CHANNELS,
    batch_norm_grad=dict(CHANNELS, **STATISTICS, training=False),
    nll_loss=CLASSES,
    cross_entropy=CLASSES,
    nll_loss_grad=CLASSES,
    recurrent=[
        dict(
            gates=Real((3, gates)), weight=Real((gates, 2)), bias=Real((gates,)), hx=Real((2, 2)), cx=cells,
            batch_sizes=(2, 1), reverse=reverse, mode=mode,
        )
        for mode, gates, cells in (("RNN_TANH", 2, None), ("LSTM", 8, Real((2, 2))), ("GRU", 6, None))
        for reverse in (False, True)
    ],
    lstm_cell=LSTM,
    lstm_cell_grad=LSTM,
    gru_cell=GATES,
    gru_cell_grad=GATES,
    embedding_grad=dict(delta=Real((4, 3)), size=(4, 3)),
    embedding_bag=[dict(scale_grad_by_freq=False, mode=mode) for mode in ("sum", "mean")],
    upsample_nearest=dict(size=(5, 7)),
    upsample_nearest_grad=dict(delta=Real((1, 2, 5, 7)), sizes=(1, 2, 4, 5)),
    upsample_linear=dict(size=(5, 7)),
    upsample_linear_grad=dict(delta=Real((1, 2, 5, 7)), sizes=(1, 2, 4, 5)),
    grid_sample=dict(grid=Real((1, 2, 3, 2))),
    pad_reflect_grad=dict(delta=Real((1, 2, 6, 7)), sizes=(1, 2, 4, 5)),
    pad_replicate_grad=dict(delta=Real((1, 2, 6, 7)), sizes=(1, 2, 4, 5)),
    norm=[dict(p=p) for p in (1, 2, 3)],
    norm_dim=[dict(p=p, keepdim=keepdim) for p in (1, 2, 3) for keepdim in (True, False)],
    on_diagonal=dict(x=Real((1,))),
    recurrence=[dict(factor=R23, back=back) for back in (True, False)],
)
# fmt: on


def calls(row: optable.Row) -> list[list]:
    """The operands of each call of a row.

    Raises:
        LookupError: an operand that has no value here by its name, nor for its row.
    """
    special = ROWS.get(row.name, {})
    if isinstance(row, optable.Op):
        return [[special.get(name, R23) for name in row.operands]]
    return [_operands(row, given) for given in (special if isinstance(special, list) else [special])]


def _operands(row: optable.Row, given: dict) -> list:
    unknown = [name for name in row.operands if name not in given and name not in OPERANDS]
    if unknown:
        raise LookupError(f"say in tests/samples.py what the operands {unknown} of {row.signature} are")
    values = [given.get(name, OPERANDS.get(name)) for name in row.operands]
    return [value() if callable(value) else value for value in values]
