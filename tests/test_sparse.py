"""Sparse tensors against the same computations on dense ones."""

import copy
import pickle
from functools import partial

import pytest

import autograd_legacy as torch
from autograd_legacy import nn, optim
from autograd_legacy.autograd import Variable, grad

TYPES = ["Byte", "Char", "Short", "Int", "Long", "Float", "Double"]


def drawn(size, nnz, dense_dims=0, kind="Double", seed=0):
    """A sparse tensor with duplicates, in no order."""
    torch.manual_seed(seed)
    places = size[: len(size) - dense_dims]
    indices = torch.stack([(torch.rand(nnz) * n).long() for n in places])
    values = (torch.rand(nnz, *size[len(places) :]) * 9 + 1).long().type(f"torch.{kind}Tensor")
    return getattr(torch.sparse, f"{kind}Tensor")(indices, values, torch.Size(size))


def by_hand(sparse):
    """The dense tensor, an element at a time."""
    dense = sparse._values().new(*sparse.size()).zero_()
    for k in range(sparse._nnz()):
        place = tuple(sparse._indices()[:, k].tolist())
        dense[place] = dense[place] + sparse._values()[k]
    return dense


def same(a, b):
    return a.size() == b.size() and not (a != b).any()


@pytest.mark.parametrize("kind", TYPES)
@pytest.mark.parametrize(
    ("size", "dense_dims"), [((4,), 0), ((3, 4), 0), ((2, 3, 2), 0), ((3, 2, 2), 1), ((3, 4, 2), 2)]
)
def test_values_of_every_type_and_shape(kind, size, dense_dims):
    a, b = drawn(size, 7, dense_dims, kind), drawn(size, 4, dense_dims, kind, seed=1)
    dense_a, dense_b = by_hand(a), by_hand(b)
    assert same(a.to_dense(), dense_a)
    assert same(a.coalesce().to_dense(), dense_a)
    assert same((a + b).to_dense(), dense_a + dense_b)
    assert same((a - b).to_dense(), dense_a - dense_b)
    assert same(a.add(3, b).to_dense(), dense_a + dense_b * 3)
    assert same((a * b).to_dense(), dense_a * dense_b)
    assert same((a * 2).to_dense(), dense_a * 2)
    assert same((a.coalesce() / 2).to_dense(), dense_a / 2)
    if kind in ("Float", "Double"):
        assert same(a.pow(2).to_dense(), dense_a * dense_a)
    assert same(dense_b + a, dense_b + dense_a)
    assert same(dense_b.clone().add_(2, a), dense_b + dense_a * 2)
    assert same(dense_b._sparse_mask(a.coalesce()).to_dense(), dense_b * (dense_a != 0).type_as(dense_b))


def test_coalesced_places_are_in_order_and_alone():
    x = drawn((5, 6), 40).coalesce()
    places = list(zip(*x._indices().tolist(), strict=True))
    assert places == sorted(set(places))
    assert x.is_coalesced()


def test_in_place():
    a, b = drawn((3, 4), 5), drawn((3, 4), 6, seed=1)
    for name in ("add_", "sub_", "mul_"):
        x = a.clone()
        assert getattr(x, name)(b) is x
        assert same(x.to_dense(), getattr(a.to_dense(), name)(b.to_dense()))
    assert a.zero_()._nnz() == 0
    assert a.size() == (3, 4)


def test_an_empty_one_keeps_its_size_in_every_operation():
    a, e = drawn((3, 4), 5), torch.sparse.DoubleTensor(3, 4)
    assert same((a * e).to_dense(), e.to_dense())
    assert same((a + e).to_dense(), a.to_dense())
    assert same((e - a).to_dense(), -a.to_dense())
    assert same((e * 2).to_dense(), e.to_dense())
    assert same(e.t().to_dense(), torch.zeros(4, 3).double())


def test_transposes():
    a = drawn((2, 3, 4), 9)
    for i, j in ((0, 1), (0, 2), (1, 2)):
        assert same(a.transpose(i, j).to_dense(), a.to_dense().transpose(i, j))
    with pytest.raises(RuntimeError, match="should be sparse"):
        a.transpose(0, -1)


def test_products():
    a, x, y = drawn((3, 4), 7), torch.randn(4, 2).double(), torch.randn(3, 2).double()
    expected = a.to_dense().mm(x)
    for product in (
        torch.mm(a, x),
        torch.dsmm(a, x),
        torch.hsmm(a, x).to_dense(),
        torch.smm(a, x).to_dense(),
        a.matmul(x),
    ):
        assert (product - expected).abs().max() < 1e-12
    assert (torch.addmm(0.5, y, 2, a, x) - (y * 0.5 + expected * 2)).abs().max() < 1e-12
    s = drawn((3, 2), 4)
    assert (torch.saddmm(2, s, 3, a, x).to_dense() - (s.to_dense() * 2 + expected * 3)).abs().max() < 1e-12


def test_an_index_outside_is_refused_when_it_is_used():
    for index in (-1, 3):
        x = torch.sparse.FloatTensor(torch.LongTensor([[index]]), torch.Tensor([1]), torch.Size([3]))
        for use in (x.to_dense, x.coalesce, partial(torch.zeros(3).add_, x), partial(x.mul, x)):
            with pytest.raises(RuntimeError, match="outside"):
                use()


def test_dense_kernels_refuse_sparse_tensors():
    s, d = drawn((3, 4), 5), torch.randn(3, 4).double()
    refusals = [
        lambda: d.copy_(s),
        lambda: d * s,
        lambda: d.mul_(s),
        lambda: torch.cat([s, s]),
        lambda: torch.cat([d, s]),
        lambda: torch.sin(s),
        lambda: torch.sum(s),
        lambda: d.view_as(s).set_(s),
        lambda: torch.DoubleTensor(s),
        lambda: d == s,
        lambda: d.__setitem__(0, s),
        lambda: d.type("torch.sparse.DoubleTensor"),
        lambda: s.double().type("torch.DoubleTensor"),
        lambda: s + 1,
        lambda: s + d,
        lambda: d + torch.sparse.DoubleTensor(4, 3),
        lambda: pickle.dumps(s),
        lambda: copy.copy(s),
        lambda: torch.stack([s, s]),
        lambda: d.add_(drawn((3, 4), 5, kind="Float")),
        lambda: torch.max(d, s),
        lambda: torch.zeros(2)[s.long()],
        lambda: d.resize_as_(s),
        lambda: d.addcmul_(1, s, s),
        lambda: d.index_add_(0, torch.LongTensor([0]), s),
        lambda: d.dist(s),
        lambda: d.is_same_size(s),
    ]
    for refusal in refusals:
        with pytest.raises((TypeError, RuntimeError, NotImplementedError, AttributeError)):
            refusal()


def test_variables_refuse_what_sparse_tensors_lack():
    s, d = Variable(drawn((3, 4), 5), requires_grad=True), Variable(torch.randn(3, 4).double())
    for refusal in (
        lambda: s * 2,
        lambda: s.t(),
        lambda: s.mm(d.t()),
        lambda: s.sum(),
        lambda: s[0],
        lambda: d * s,
        lambda: d + s,
        lambda: s.view(-1),
        lambda: torch.cat([s, s]),
        lambda: s.exp(),
        lambda: s.contiguous(),
    ):
        with pytest.raises((RuntimeError, TypeError, AttributeError, NotImplementedError)):
            refusal()


def test_a_deep_copy_is_apart():
    s = drawn((3, 4), 5)
    a, b = copy.deepcopy([s, s])
    a._values().fill_(0)
    assert a is b
    assert s._values().min() > 0


def table(sparse, padding_idx=None):
    e = nn.Embedding(6, 3, sparse=sparse, padding_idx=padding_idx)
    e.weight.data.copy_(torch.arange(0, 18).view(6, 3) / 7)
    return e


@pytest.mark.parametrize("padding_idx", [None, 3])
def test_embedding_has_the_dense_gradient(padding_idx):
    rows = Variable(torch.LongTensor([[1, 3, 1], [5, 0, 3]]))
    gradients = []
    for sparse in (False, True):
        e = table(sparse, padding_idx)
        for _ in range(2):
            (e(rows) ** 2).sum().backward()
        g = e.weight.grad.data
        assert g.is_sparse == sparse
        gradients.append(g.to_dense() if sparse else g)
    assert (gradients[0] - gradients[1]).abs().max() < 1e-5


def test_embedding_used_densely_too():
    gradients = []
    for sparse in (False, True):
        e = table(sparse)
        rows = e(Variable(torch.LongTensor([1, 4, 1])))
        (rows.sum() + (e.weight * e.weight).sum() + rows.exp().sum()).backward()
        gradients.append(e.weight.grad.data)
    assert not gradients[1].is_sparse
    assert (gradients[0] - gradients[1]).abs().max() < 1e-4


def test_grad_gives_sparse_gradients():
    e = table(True)
    (g,) = grad(e(Variable(torch.LongTensor([2, 2]))).sum(), [e.weight])
    assert g.data.to_dense()[2].tolist() == [2, 2, 2]


def test_only_padding_is_refused():
    e = table(True, 0)
    with pytest.raises(RuntimeError, match="padding"):
        e(Variable(torch.LongTensor([0, 0]))).sum().backward()


@pytest.mark.parametrize(
    "optimizer",
    [
        lambda p: optim.SGD(p, lr=0.1),
        lambda p: optim.SGD(p, lr=0.1, momentum=0.9),
        lambda p: optim.Adagrad(p, lr=0.1, lr_decay=0.1),
    ],
)
def test_optimizers_step_as_with_dense_gradients(optimizer):
    weights = []
    for sparse in (False, True):
        e = table(sparse)
        opt = optimizer(e.parameters())
        for rows in ([1, 3, 1], [0, 3], [5, 5]):
            opt.zero_grad()
            (e(Variable(torch.LongTensor(rows))) ** 2).sum().backward()
            opt.step()
        weights.append(e.weight.data)
    assert (weights[0] - weights[1]).abs().max() < 1e-5


def test_sparse_adam_is_adam_in_the_rows_it_touches():
    weights = []
    for make, sparse in ((optim.Adam, False), (optim.SparseAdam, True)):
        e = table(sparse)
        opt = make(e.parameters(), lr=0.1)
        for _ in range(3):
            opt.zero_grad()
            (e(Variable(torch.LongTensor([1, 4, 1]))) ** 2).sum().backward()
            opt.step()
        weights.append(e.weight.data)
    assert (weights[0] - weights[1]).abs().max() < 1e-4
