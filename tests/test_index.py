"""Elements by index, mask and subscript, joining and cutting: against NumPy, gradients against differences."""

import numpy as np
import pytest

import autograd_legacy as torch
from autograd_legacy.autograd import Variable
from autograd_legacy.autograd.gradcheck import gradcheck, gradgradcheck

TYPES = ("Byte", "Char", "Short", "Int", "Long", "Float", "Double")


def tensor(array, kind="Float"):
    """A tensor of a type with an array's values."""
    return getattr(torch, f"{kind}Tensor")(array.tolist()) if array.size else getattr(torch, f"{kind}Tensor")()


def array(t):
    return np.array(t.tolist())


def strided(shape, seed=0, kind="Float"):
    """A tensor that does not lie contiguous, with small whole values, and the same as an array."""
    values = np.random.RandomState(seed).randint(0, 100, size=[2 * n for n in reversed(shape)])
    step = tuple(slice(n % 2, None, 2) for n in reversed(shape))
    x, a = tensor(values, kind)[step], values[step]
    return (x.transpose(0, -1), a.swapaxes(0, -1)) if a.ndim > 1 else (x, a)


@pytest.mark.parametrize("kind", TYPES)
@pytest.mark.parametrize("contiguous", [True, False])
@pytest.mark.parametrize("shape", [(5,), (4, 3), (2, 3, 4)])
def test_index_and_mask_match_numpy(kind, contiguous, shape):
    x, a = strided(shape, kind=kind)
    x = x.contiguous() if contiguous else x
    draw = np.random.RandomState(1)
    for dim in range(a.ndim):
        index = draw.randint(0, a.shape[dim], size=7)
        assert np.array_equal(array(x.index_select(dim, torch.LongTensor(index.tolist()))), a.take(index, dim))
        full = draw.randint(0, a.shape[dim], size=a.shape)
        assert np.array_equal(array(x.gather(dim, tensor(full, "Long"))), np.take_along_axis(a, full, dim))
        order = draw.permutation(a.shape[dim])
        places = np.moveaxis(np.broadcast_to(order, (*a.shape[:dim], *a.shape[dim + 1 :], len(order))), -1, dim)
        expected = np.zeros_like(a)
        np.put_along_axis(expected, places, a, dim)
        assert np.array_equal(array(x.clone().zero_().scatter_(dim, tensor(places, "Long"), x)), expected)
        assert np.array_equal(array(x.clone().zero_().index_copy_(dim, tensor(order, "Long"), x)), expected)
    mask = draw.randint(0, 2, size=a.shape)
    assert np.array_equal(array(x.masked_select(tensor(mask, "Byte"))), a[mask == 1])
    assert np.array_equal(array(x.clone().masked_fill_(tensor(mask, "Byte"), 7)), np.where(mask == 1, 7, a))
    filled = a.copy()
    filled[mask == 1] = np.arange(mask.sum())
    source = tensor(np.arange(a.size), kind)
    assert np.array_equal(array(x.clone().masked_scatter_(tensor(mask, "Byte"), source)), filled)
    assert np.array_equal(array((x * tensor(mask, kind)).nonzero()), np.argwhere(a * mask))
    flat = draw.randint(-a.size, a.size, size=(3, 4))
    assert np.array_equal(array(x.take(tensor(flat, "Long"))), a.take(flat))


@pytest.mark.parametrize("kind", TYPES)
def test_adding_by_index_counts_repeated_places(kind):
    index, source = [2, 0, 2, 2], np.arange(12).reshape(4, 3)
    expected = np.zeros((3, 3), dtype=int)
    np.add.at(expected, index, source)
    zeros = tensor(np.zeros((3, 3), dtype=int), kind)
    assert np.array_equal(array(zeros.clone().index_add_(0, torch.LongTensor(index), tensor(source, kind))), expected)
    rows = torch.LongTensor([[i] * 3 for i in index])
    assert np.array_equal(array(zeros.clone().scatter_add_(0, rows, tensor(source, kind))), expected)
    put = zeros.clone().put_(torch.LongTensor([0, -9, 4]), tensor(np.array([1, 2, 3]), kind), accumulate=True)
    assert put.tolist() == [[3, 0, 0], [0, 3, 0], [0, 0, 0]]


KEYS = [
    (slice(1, 3),),
    (Ellipsis, 0),
    (None, slice(None), 1),
    (1, slice(None, None, 2)),
    (-1, Ellipsis, None),
    ([0, 2],),
    (slice(None), [3, 0, 3]),
    ([2, 1], [0, 3]),
    ([[0], [2]], [1, 3]),
    (Ellipsis, [1, 1]),
    (slice(None), slice(None), [0, 1]),
    ([0, 1], slice(None), slice(None)),
]


@pytest.mark.parametrize("key", KEYS, ids=str)
@pytest.mark.parametrize("transposed", [False, True])
def test_subscripts_match_numpy(key, transposed):
    a = np.arange(60.0).reshape(3, 4, 5)
    x = tensor(a)
    if transposed:
        x = x.transpose(0, 2).contiguous().transpose(0, 2)
    assert np.array_equal(array(x[key]), a[key])
    assert x[key].size() == a[key].shape
    source = np.arange(a[key].size).reshape(a[key].shape) - 100.0
    x[key], a[key] = tensor(source), source
    assert np.array_equal(array(x), a)
    x[key], a[key] = 7, 7
    assert np.array_equal(array(x), a)


@pytest.mark.parametrize("key", KEYS, ids=str)
def test_gradients_of_subscripts(key):
    values = np.random.RandomState(0).randn(3, 4, 5)
    x = Variable(tensor(values, "Double"), requires_grad=True)
    source = Variable(tensor(np.random.RandomState(1).randn(*values[key].shape), "Double"), requires_grad=True)

    def assigned(x, source):
        y = x * 1
        y[key] = source
        return y

    assert gradcheck(lambda x: x[key], [x])
    assert gradgradcheck(lambda x: x[key] * x[key], [x])
    if all(not isinstance(item, list) or len(set(map(str, item))) == len(item) for item in key):
        assert gradcheck(assigned, [x, source])
        assert gradgradcheck(assigned, [x, source])


def test_subscripts_share_memory_where_they_can():
    x = torch.zeros(3, 4)
    x[1].fill_(1)
    x[:, 2:].fill_(2)
    x[[0]].fill_(9)
    assert x.tolist() == [[0, 0, 2, 2], [1, 1, 2, 2], [0, 0, 2, 2]]
    v = Variable(torch.zeros(3), requires_grad=True) * 1
    part = v[0]
    with pytest.raises(RuntimeError, match="share storage"):
        part.mul_(2)


INDEX = Variable(torch.LongTensor([[0, 2, 1, 1], [2, 2, 0, 1]]))
ROWS = Variable(torch.LongTensor([2, 0]))
MASK = Variable(torch.ByteTensor([[1, 0, 1, 0], [0, 0, 1, 1], [1, 0, 0, 0]]))
ROW_MASK = Variable(torch.ByteTensor([1, 0, 1, 0]))
ONE = {
    "gather": lambda x: x.gather(0, INDEX),
    "index_select": lambda x: x.index_select(1, Variable(torch.LongTensor([3, 3, 0]))),
    "take": lambda x: x.take(INDEX),
    "masked_select": lambda x: x.masked_select(MASK),
    "masked_select broadcast": lambda x: x.masked_select(ROW_MASK),
    "masked_fill": lambda x: x.masked_fill(ROW_MASK, 3),
    "scatter number": lambda x: x.scatter(0, INDEX, 2.5),
    "index_fill": lambda x: x.index_fill(0, ROWS, 2),
    "split": lambda x: x.split(2, 1),
    "split one": lambda x: x.split(2, 1)[1],
    "split unevenly": lambda x: x.split(3, 1),
    "chunk": lambda x: x.chunk(3, 0)[2],
    "unbind": lambda x: torch.unbind(x, 1)[1:3],
    "tril": lambda x: x.tril(1),
    "triu": lambda x: x.triu(-1),
    "diag": lambda x: x.diag(1),
    "diag of a vector": lambda x: x[0].diag(-1),
    "cat": lambda x: torch.cat([x, x * 2], 1),
    "stack": lambda x: torch.stack([x, x * x], -1),
}
TWO = {
    "scatter": lambda x, y: x.scatter(1, Variable(torch.LongTensor([[0, 2], [1, 3], [3, 0]])), y),
    "scatter_add": lambda x, y: x.scatter_add(1, Variable(torch.LongTensor([[0, 0], [1, 3], [3, 3]])), y),
    "index_add": lambda x, y: x.index_add(1, Variable(torch.LongTensor([1, 1])), y),
    "index_copy": lambda x, y: x.index_copy(1, ROWS, y),
    "masked_scatter": lambda x, y: x.masked_scatter(MASK, y),
    "put_": lambda x, y: (x * 1).put_(Variable(torch.LongTensor([[0, 5], [6, 7], [11, 2]])), y),
    "put_ accumulate": lambda x, y: (x * 1).put_(Variable(torch.LongTensor([[0, 5], [0, 7], [11, 2]])), y, True),
    "cross": lambda x, y: torch.cross(x[:, :2], y),
    "cat": lambda x, y: torch.cat([x, y, x], -1),
}


def leaf(*shape, seed=0):
    return Variable(tensor(np.random.RandomState(seed).randn(*shape), "Double"), requires_grad=True)


@pytest.mark.parametrize("name", ONE)
def test_gradients(name):
    assert gradcheck(ONE[name], [leaf(3, 4)])
    assert gradgradcheck(ONE[name], [leaf(3, 4)])


@pytest.mark.parametrize("name", TWO)
def test_gradients_of_two(name):
    assert gradcheck(TWO[name], [leaf(3, 4), leaf(3, 2, seed=1)])
    assert gradgradcheck(TWO[name], [leaf(3, 4), leaf(3, 2, seed=1)])


def test_functional_forms_leave_their_operand_alone():
    x = Variable(torch.ones(2, 2))
    x.masked_fill(Variable(torch.ByteTensor([[1, 0], [0, 1]])), 5)
    x.index_add(0, Variable(torch.LongTensor([0])), Variable(torch.ones(1, 2)))
    assert x.data.tolist() == [[1, 1], [1, 1]]


X = torch.arange(0, 12).view(3, 4)
BAD = [
    (IndexError, lambda: X[3]),
    (IndexError, lambda: X[-4]),
    (IndexError, lambda: X[0, 0, 0]),
    (IndexError, lambda: X[[0, 3]]),
    (RuntimeError, lambda: X[[0, -1]]),
    (RuntimeError, lambda: X[2**70]),
    (ValueError, lambda: X[2:2]),
    (ValueError, lambda: X[::-1]),
    (TypeError, lambda: X[1.0]),
    (TypeError, lambda: X[True]),
    (TypeError, lambda: X[[0, 1], 1:]),
    (IndexError, lambda: X[[[0, 1], [0, 1, 2]]]),
    (RuntimeError, lambda: X[torch.ByteTensor([1, 0, 1])]),
    (RuntimeError, lambda: X[torch.LongTensor([0, 3])]),
    (RuntimeError, lambda: torch.Tensor()[None]),
    (RuntimeError, lambda: X.gather(0, torch.LongTensor([[0, 1, 2, 3]]))),
    (RuntimeError, lambda: X.gather(0, torch.LongTensor([[0, 1]]))),
    (RuntimeError, lambda: X.index_select(0, torch.LongTensor([[0]]))),
    (RuntimeError, lambda: X.clone().scatter_(1, torch.LongTensor([[0], [1], [-1]]), 9)),
    (RuntimeError, lambda: X.clone().scatter_(1, torch.LongTensor([[0, 1]] * 3), torch.zeros(3, 1))),
    (RuntimeError, lambda: X.clone().index_copy_(0, torch.LongTensor([0, 1]), torch.zeros(1, 4))),
    (RuntimeError, lambda: X.clone().put_(torch.LongTensor([-13]), torch.zeros(1))),
    (RuntimeError, lambda: X.masked_select(torch.ByteTensor(3, 4).fill_(2))),
    (RuntimeError, lambda: X.clone().masked_scatter_(X > 3, torch.zeros(2))),
    (RuntimeError, lambda: Variable(X).gather(0, Variable(torch.IntTensor([[0, 1, 2, 0]])))),
    (RuntimeError, lambda: Variable(X).masked_select(Variable(X.long()))),
    (RuntimeError, lambda: torch.cat([])),
    (RuntimeError, lambda: torch.cat([X, torch.zeros(3)])),
    (RuntimeError, lambda: torch.cat([X, X[:, :2]])),
    (RuntimeError, lambda: torch.cat([X, X], 2)),
    (RuntimeError, lambda: X.diag(9)),
    (RuntimeError, lambda: torch.tril(torch.zeros(3))),
    (RuntimeError, lambda: torch.cross(torch.ones(2, 2), torch.ones(2, 2))),
    (RuntimeError, lambda: torch.arange(5, 5)),
    (RuntimeError, lambda: torch.range(0, float("inf"))),
    (TypeError, lambda: torch.zeros(2, 3.0)),
    (RuntimeError, lambda: torch.eye(0)),
]


@pytest.mark.parametrize("k", range(len(BAD)))
@pytest.mark.filterwarnings("ignore:torch.range")
def test_bad_input_is_refused(k):
    error, call = BAD[k]
    with pytest.raises(error):
        call()


def test_results_may_lie_where_their_operands_do():
    x, index = torch.arange(0, 6).view(3, 2), torch.LongTensor([2, 0])
    assert torch.index_select(x.clone(), 0, index, out=index.clone().float()).tolist() == [[4, 5], [0, 1]]
    y = x.clone()
    assert torch.index_select(y, 0, index, out=y).tolist() == [[4, 5], [0, 1]]
    y = x.clone()
    assert torch.cat([y, y], 1, out=y).tolist() == [[0, 1, 0, 1], [2, 3, 2, 3], [4, 5, 4, 5]]
    y = x.clone()
    assert torch.masked_select(y, y > 2, out=y).tolist() == [3, 4, 5]
    z = torch.LongTensor([[0, 3], [2, 0]])
    assert torch.nonzero(z, out=z).tolist() == [[0, 1], [1, 0]]


def test_cat_ignores_empty_tensors_and_gives_them_gradients_of_their_size():
    x, empty = Variable(torch.ones(2, 2), requires_grad=True), Variable(torch.Tensor(), requires_grad=True)
    y = torch.cat([empty, x, empty])
    y.backward(torch.ones(2, 2) * 3)
    assert y.size() == (2, 2) and x.grad.data.tolist() == [[3, 3], [3, 3]] and empty.grad.size() == ()


def test_half_elements_are_moved():
    x = torch.HalfTensor([[1, 2], [3, 4]])
    assert x[1, 0] == 3 and x[:, 1].float().tolist() == [2, 4]
    x[0, 0] = 9
    assert x.float().tolist() == [[9, 2], [3, 4]]


def test_a_range_is_an_index_as_its_list_is():
    x = tensor(np.arange(12).reshape(3, 4))
    assert torch.equal(x[range(2)], x[[0, 1]]) and torch.equal(x[:, range(2)], x[:, [0, 1]])
    assert torch.equal(x[range(3), range(3)], x[[0, 1, 2], [0, 1, 2]])
    y = Variable(x.clone())
    y[range(3), [1, 2, 3]] = -1
    assert (y.data == -1).sum() == 3 and torch.equal(y[range(3), torch.LongTensor([1, 2, 3])].data, torch.ones(3) * -1)
    with pytest.raises(IndexError):
        x[range(0)]
