"""Names below torch.nn and torch.legacy.nn that were no one's business, and that programs import all the same."""

from importlib import import_module

import pytest

import autograd_legacy as torch
from autograd_legacy import nn
from autograd_legacy.autograd import Variable
from autograd_legacy.cuda import comm
from autograd_legacy.nn import functional as F
from autograd_legacy.nn._functions import rnn, thnn
from autograd_legacy.nn.parallel import _functions as moves

from .test_run import program

PATHS = {
    "": "_StorageBase _TensorBase _storage_classes _tensor_classes _utils",
    "_utils": "_accumulate _flatten_dense_tensors _flatten_tensors _take_tensors _unflatten_dense_tensors",
    "_thnn": "type2backend",
    "cuda.comm": "broadcast broadcast_coalesced gather reduce_add reduce_add_coalesced scatter",
    "nn._functions.dropout": "Dropout FeatureDropout",
    "nn._functions.linear": "Bilinear Linear",
    "nn._functions.loss": "CosineEmbeddingLoss HingeEmbeddingLoss MarginRankingLoss",
    "nn._functions.padding": "ConstantPadNd",
    "nn._functions.rnn": "AutogradRNN CudnnRNN GRUCell LSTMCell RNN RNNReLUCell RNNTanhCell Recurrent StackedRNN",
    "nn._functions.thnn": "LSTMFused PReLU Softmin Threshold _all_functions auto rnnFusedPointwise",
    "nn._functions.thnn.auto": "ELU Hardtanh LogSoftmax MSELoss NLLLoss Softmax Threshold function_by_name",
    "nn._functions.thnn.normalization": "CrossMapLRN2d",
    "nn._functions.thnn.rnnFusedPointwise": "GRUFused LSTMFused",
    "nn._functions.thnn.sparse": "Embedding EmbeddingBag",
    "nn.backends.thnn": "backend",
    "nn.functional": "ConstantPadNd Variable _functions _pair mul torch utils",
    "nn.init": "_calculate_fan_in_and_fan_out",
    "nn.modules.batchnorm": "_BatchNorm",
    "nn.modules.conv": "_ConvNd _ConvTransposeMixin",
    "nn.modules.loss": "_Loss _WeightedLoss _assert_no_grad",
    "nn.modules.module": "Module _addindent",
    "nn.modules.rnn": "PackedSequence Parameter RNNBase RNNCellBase",
    "nn.modules.utils": "_ntuple _pair _quadruple _single _triple",
    "nn.parallel._functions": "Broadcast Gather ReduceAddCoalesced Scatter",
    "nn.parallel.parallel_apply": "get_a_var parallel_apply",
    "nn.parallel.data_parallel": "DataParallel data_parallel",
    "nn.parallel.scatter_gather": "gather scatter scatter_kwargs",
    "sparse": "torch",
    "utils.data.dataloader": "DataLoader DataLoaderIter ExceptionWrapper _use_shared_memory default_collate",
}


@pytest.mark.parametrize(("path", "names"), PATHS.items())
def test_what_programs_import(path, names):
    module = import_module(f"autograd_legacy.{path}".rstrip("."))
    assert [name for name in names.split() if not hasattr(module, name)] == []


# Recurrent networks

CELLS = {"LSTM": rnn.LSTMCell, "GRU": rnn.GRUCell, "RNN_TANH": rnn.RNNTanhCell, "RNN_RELU": rnn.RNNReLUCell}
PACKED = [4, 4, 2, 1, 1]


def network(mode, bidirectional, batch_first=False):
    torch.manual_seed(3)
    net = nn.modules.rnn.RNNBase(mode, 3, 5, 2, dropout=0.5, bidirectional=bidirectional, batch_first=batch_first)
    states = [Variable(torch.randn(2 * (2 if bidirectional else 1), 4, 5), requires_grad=True) for _ in "hc"]
    return net, tuple(states) if mode == "LSTM" else states[0]


def stacked(net, batch_sizes):
    layer = rnn.Recurrent if batch_sizes is None else rnn.variable_recurrent_factory(batch_sizes)
    inners = [layer(CELLS[net.mode], reverse=reverse) for reverse in (False, True)][: 2 if net.bidirectional else 1]
    return rnn.StackedRNN(inners, net.num_layers, net.mode == "LSTM", dropout=net.dropout, train=True)


def outcome(outputs, net, x):
    """All results, and the gradients of the sum of their squares."""
    output, hidden = outputs
    results = [output, *(hidden if isinstance(hidden, tuple) else [hidden])]
    leaves = [x, *net.parameters()]
    return [r.data for r in results] + [
        grad.data for grad in torch.autograd.grad(sum((r * r).sum() for r in results), leaves)
    ]


@pytest.mark.parametrize("bidirectional", [False, True])
@pytest.mark.parametrize("batch_sizes", [None, PACKED])
@pytest.mark.parametrize("mode", CELLS)
def test_layers_of_any_cell_are_the_modules(mode, batch_sizes, bidirectional):
    net, hidden = network(mode, bidirectional)
    x = Variable(torch.randn(*((6, 4) if batch_sizes is None else (sum(PACKED),)), 3), requires_grad=True)
    torch.manual_seed(8)
    given = nn.utils.rnn.PackedSequence(x, batch_sizes) if batch_sizes else x
    output, last = net(given, hidden)
    wanted = outcome((output.data if batch_sizes else output, last), net, x)
    torch.manual_seed(8)
    last, output = stacked(net, batch_sizes)(x, hidden, net.all_weights)
    for got, want in zip(outcome((output, last), net, x), wanted, strict=True):
        assert got.size() == want.size()
        assert ((got - want).abs() / (1 + want.abs())).max() < 1e-5


def test_autograd_rnn_is_the_module():
    net, hidden = network("GRU", True, batch_first=True)
    x = Variable(torch.randn(4, 6, 3))
    run = rnn.RNN("GRU", 3, 5, num_layers=2, batch_first=True, dropout=0, train=False, bidirectional=True)
    net.eval()
    for got, want in zip(run(x, net.all_weights, hidden), net(x, hidden), strict=True):
        assert torch.equal(got.data, want.data)


def test_refusals():
    with pytest.raises(Exception, match="Unknown mode: MGU"):
        rnn.AutogradRNN("MGU", 3, 5)
    with pytest.raises(AssertionError, match="CudnnRNN"):
        rnn.CudnnRNN("LSTM", 3, 5)
    with pytest.raises(AssertionError, match=r"2 lists of weights were expected, .* got 1"):
        rnn.StackedRNN([rnn.Recurrent(rnn.GRUCell)], 2)(Variable(torch.ones(1, 1, 1)), None, [[]])


@pytest.mark.parametrize("bias", [False, True])
def test_fused_steps_are_the_cells(bias):
    x, h, c = (Variable(torch.randn(4, size)) for size in (3, 5, 5))
    for cell, state, run in [
        (nn.LSTMCell(3, 5, bias), (h, c), thnn.LSTMFused.apply),
        (nn.GRUCell(3, 5, bias), h, thnn.GRUFused.apply),
    ]:
        gates = F.linear(x, cell.weight_ih), F.linear(h, cell.weight_hh)
        got = run(
            *gates, state[1] if isinstance(state, tuple) else state, *((cell.bias_ih, cell.bias_hh) if bias else ())
        )
        want = cell(x, state)
        for a, b in zip(*(r if isinstance(r, tuple) else (r,) for r in (got, want)), strict=True):
            assert (a - b).data.abs().max() < 1e-6


# Classes of functions

x, y = (Variable(torch.linspace(low, 2, 24).view(6, 4).t().contiguous()) for low in (-2, -1.5))
probable, likely = x.sigmoid(), y.sigmoid()
labels, weight = Variable(torch.LongTensor([0, 5, 2, 2])), torch.linspace(0.5, 1, 6)
EQUALS = [
    (thnn.BCELoss, (probable, likely), (weight.expand(4, 6), False), F.binary_cross_entropy),
    (thnn.ELU, (x,), (0.5, False), F.elu),
    (thnn.GatedLinear, (x,), (1,), F.glu),
    (thnn.Hardshrink, (x,), (0.7,), F.hardshrink),
    (thnn.Hardtanh, (x,), (-0.5, 0.5, False), F.hardtanh),
    (thnn.KLDivLoss, (x, likely), (False, True), F.kl_div),
    (thnn.L1Loss, (x, y), (False, True), F.l1_loss),
    (thnn.LeakyReLU, (x,), (0.3, False), F.leaky_relu),
    (thnn.LogSigmoid, (x,), (), F.logsigmoid),
    (thnn.LogSoftmax, (x,), (1,), F.log_softmax),
    (thnn.MSELoss, (x, y), (False, True), F.mse_loss),
    (thnn.NLLLoss, (x, labels), (weight, False, 5), F.nll_loss),
    (thnn.PReLU, (x, Variable(weight)), (), F.prelu),
    (thnn.RReLU, (x,), (0.1, 0.3, False, False), F.rrelu),
    (thnn.SELU, (x,), (False,), F.selu),
    (thnn.SmoothL1Loss, (x, y), (False, True), F.smooth_l1_loss),
    (thnn.SoftMarginLoss, (x, y.sign()), (False,), F.soft_margin_loss),
    (thnn.Softmax, (x,), (1,), F.softmax),
    (thnn.Softmin, (x,), (1,), F.softmin),
    (thnn.Softplus, (x,), (2, 10), F.softplus),
    (thnn.Softshrink, (x,), (0.7,), F.softshrink),
    (thnn.Threshold, (x,), (0.1, -1, False), F.threshold),
    (nn._functions.linear.Linear, (x, y), (), F.linear),
    (nn._functions.loss.HingeEmbeddingLoss, (x, y.sign()), (0.5, False), F.hinge_embedding_loss),
    (nn._functions.padding.ConstantPadNd, (x,), ((1, 2), 5), lambda x, pad, value: F.pad(x, pad, "constant", value)),
]


@pytest.mark.parametrize(("cls", "inputs", "options", "function"), EQUALS, ids=[case[0].__name__ for case in EQUALS])
def test_a_class_is_its_function(cls, inputs, options, function):
    """Both as 0.2 and 0.3 called it and as 0.1 did."""
    wanted = function(*inputs, *options).data
    assert torch.equal(cls.apply(*inputs, *options).data, wanted)
    assert torch.equal(cls(*options)(*inputs).data, wanted)


def test_classes_with_options_in_an_order_of_their_own():
    got = thnn.MultiMarginLoss.apply(x, labels, weight, False, 2, 0.5)
    assert torch.equal(got.data, F.multi_margin_loss(x, labels, 2, 0.5, Variable(weight), False).data)
    got = thnn.Embedding.apply(labels, x.t(), None, None, 2, False, False)
    assert torch.equal(got.data, x.t().index_select(0, labels).data)
    bags = Variable(torch.LongTensor([0, 1]))
    got = thnn.EmbeddingBag.apply(x.t(), labels, bags, None, 2, False, "sum")
    assert torch.equal(got.data, F.embedding_bag(x.t(), labels, bags, mode="sum").data)
    planes = Variable(torch.linspace(0, 1, 48).view(1, 6, 2, 4))
    assert torch.equal(thnn.CrossMapLRN2d(3)(planes).data, nn.CrossMapLRN2d(3, 1e-4, 0.75, 1)(planes).data)


def test_backends_know_them_by_name():
    backend = nn.backends.thnn.backend
    for name in ["RNN", "LSTMCell", "Dropout3d", "Bilinear", "CosineEmbeddingLoss"]:
        assert callable(getattr(backend, name))
    assert all(getattr(backend, cls.__name__) is cls for cls in thnn._all_functions)
    pictures = Variable(torch.ones(3, 5, 2, 2))
    torch.manual_seed(1)
    dropped = backend.Dropout2d.apply(pictures, 0.5, True, False)
    torch.manual_seed(1)
    assert torch.equal(dropped.data, F.dropout2d(pictures, 0.5, True).data)


# Moves between devices, of which the CPU is the only one here


def test_scatter_and_gather():
    rows = Variable(torch.arange(0, 10).view(5, 2), requires_grad=True)
    chunks = moves.Scatter.apply([-1, -1], [4, 1], 0, rows)
    assert [chunk.size(0) for chunk in chunks] == [4, 1]
    moves.Gather.apply(-1, 0, *chunks).sum().backward()
    assert torch.equal(rows.grad.data, torch.ones(5, 2))


def test_what_is_broadcast_is_added_up():
    a, b = (Variable(torch.ones(size), requires_grad=True) for size in (2, 3))
    sent = moves.Broadcast.apply([-1, -1, -1], a, b)
    assert [v.size(0) for v in sent] == [2, 3] * 3
    total, other = moves.ReduceAddCoalesced.apply(-1, 2, *sent)
    assert torch.equal(total.data, torch.ones(2) * 3) and torch.equal(other.data, torch.ones(3) * 3)
    total.sum().backward()
    assert torch.equal(a.grad.data, torch.ones(2) * 3)


def test_moves_of_tensors():
    a, b = torch.ones(2, 3), torch.ones(2, 3) * 2
    assert torch.equal(comm.reduce_add([a, b, b], -1), torch.ones(2, 3) * 5)
    alone = comm.reduce_add([a], -1)
    assert torch.equal(alone, a) and alone.data_ptr() != a.data_ptr()
    assert [part.size() for part in comm.scatter(a, [-1, -1], dim=1)] == [(2, 2), (2, 1)]
    assert torch.equal(comm.gather(comm.scatter(a, [-1, -1], [1, 2], 1), 1, -1), a)
    assert [len(device) for device in comm.broadcast_coalesced([a, b], [-1, -1, -1])] == [2, 2, 2]
    with pytest.raises(RuntimeError, match=r"got \[\(2, 3\), \(3, 2\)\]"):
        comm.reduce_add([a, b.t()], -1)
    with pytest.raises(ValueError, match="2 devices want as many chunk_sizes, got 1"):
        comm.scatter(a, [-1, -1], [2])
    with pytest.raises(AssertionError, match="current_device"):
        comm.gather([a, b])


# Lua's networks: a module for each class


def test_legacy_classes_have_modules_of_their_names(tmp_path):
    text = """
        from torch.legacy.nn.Sequential import Sequential
        import torch.legacy.nn.Module
        import torch.legacy.nn as lnn
        from torch.legacy.nn.utils import clear
        print(lnn.Sequential is Sequential, isinstance(Sequential(), lnn.Module), lnn.utils.clear is clear)
    """
    assert program(tmp_path, text) == "True True True\n"
