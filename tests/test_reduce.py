"""Reductions, running folds and orders against NumPy: every type, sizes around the block lengths, any strides."""

import math

import numpy as np
import pytest

import autograd_legacy as torch
from autograd_legacy.autograd import Variable
from autograd_legacy.autograd.gradcheck import gradcheck, gradgradcheck

CODES = {"Byte": "B", "Char": "b", "Short": "h", "Int": "i", "Long": "q", "Float": "f", "Double": "d"}
REAL = ("Float", "Double")
SIZES = [(1,), (7,), (3000,), (1, 6), (6, 1), (70, 333), (2049, 3), (3, 2500), (4, 5, 6), (2, 1, 300, 3)]


def draw(size, kind, seed=0):
    """Numbers of a type; the integers are few, so that many are equal."""
    random = np.random.RandomState(seed)
    if kind in REAL:
        return (random.randn(*size) * 3).astype(CODES[kind])
    return random.randint(0 if kind == "Byte" else -9, 10, size).astype(CODES[kind])


def tensor_of(array):
    """from_numpy, which knows no Char."""
    return torch.from_numpy(array.astype("q")).char() if array.dtype == "b" else torch.from_numpy(array)


def layouts(array):
    """The same numbers in several layouts: contiguous, transposed, every second one of a larger tensor."""
    plain = tensor_of(array)
    yield plain, array
    yield plain.permute(*reversed(range(array.ndim))), array.transpose()
    spread = np.zeros([2 * n for n in array.shape], array.dtype)
    every_second = (slice(None, None, 2),) * array.ndim
    spread[every_second] = array
    yield tensor_of(spread)[every_second], array


def cases(kind):
    for size in SIZES:
        yield from layouts(draw(size, kind))


def same(tensor, array, tolerance=1e-5):
    array = array if array.ndim else array.reshape(1)
    assert tuple(tensor.size()) == array.shape
    np.testing.assert_allclose(tensor.double().numpy(), array.astype("d"), rtol=tolerance, atol=tolerance)


def wide(array):
    """In the type that sums are kept in."""
    return array.astype("d" if array.dtype.kind == "f" else "q")


@pytest.mark.parametrize("kind", CODES)
def test_to_a_number(kind):
    for tensor, array in cases(kind):
        number = float if kind in REAL else int
        assert type(tensor.sum()) is number and type(tensor.max()) is number
        assert math.isclose(tensor.sum(), wide(array).sum(), rel_tol=1e-9, abs_tol=1e-9)
        assert tensor.max() == array.max() and tensor.min() == array.min()
        assert tensor.median() == np.sort(array, None)[(array.size - 1) // 2]
        if kind in REAL:
            assert math.isclose(tensor.mean(), wide(array).mean(), rel_tol=1e-9, abs_tol=1e-9)
            assert math.isclose(tensor.var(False), wide(array).var(), rel_tol=1e-9, abs_tol=1e-12)
            assert math.isclose(tensor.std(False), wide(array).std(), rel_tol=1e-9, abs_tol=1e-12)
            for p in (0, 1, 2, 3, 1.5):
                assert math.isclose(tensor.norm(p), np.linalg.norm(wide(array).ravel(), p), rel_tol=1e-6)


@pytest.mark.parametrize("kind", CODES)
@pytest.mark.parametrize("keepdim", [False, True])
def test_along_a_dimension(kind, keepdim):
    for tensor, array in cases(kind):
        for dim in range(array.ndim):
            how = dict(axis=dim, keepdims=keepdim)
            same(tensor.sum(dim, keepdim), wide(array).sum(**how).astype(array.dtype), 1e-4)
            if array.shape[dim] < 9:
                same(tensor.prod(dim, keepdim), wide(array).prod(**how).astype(array.dtype), 1e-4)
            for name in ("max", "min"):
                values, indices = getattr(tensor, name)(dim, keepdim)
                same(values, getattr(array, name)(**how))
                same(indices, getattr(array, f"arg{name}")(**how))
            if kind in REAL:
                same(tensor.mean(dim, keepdim), array.mean(dtype="d", **how), 1e-4)
                same(tensor.var(dim, False, keepdim), array.var(dtype="d", **how), 1e-4)
                same(tensor.norm(2, dim, keepdim), np.linalg.norm(wide(array), 2, dim, keepdim), 1e-4)


@pytest.mark.parametrize("kind", CODES)
def test_orders(kind):
    for tensor, array in cases(kind):
        for dim in range(array.ndim):
            ordered = np.sort(array, dim)
            values, indices = tensor.sort(dim)
            same(values, ordered)
            same(indices, np.argsort(array, dim, kind="stable"))
            values, indices = tensor.sort(dim, True)
            same(values, np.flip(ordered, dim))
            same(values, np.take_along_axis(array, indices.numpy(), dim))
            k = (array.shape[dim] + 1) // 2
            values, indices = tensor.topk(k, dim)
            same(values, np.flip(ordered, dim).take(range(k), dim))
            same(values, np.take_along_axis(array, indices.numpy(), dim))
            values, indices = tensor.kthvalue(k, dim, True)
            same(values, ordered.take([k - 1], dim))
            same(values, np.take_along_axis(array, indices.numpy(), dim))


@pytest.mark.parametrize("kind", CODES)
def test_running_folds(kind):
    for tensor, array in cases(kind):
        for dim in range(array.ndim):
            same(tensor.cumsum(dim), wide(array).cumsum(dim).astype(array.dtype), 1e-3)
            if array.shape[dim] < 9:
                same(tensor.cumprod(dim), wide(array).cumprod(dim).astype(array.dtype), 1e-3)


def test_mode_is_the_smallest_of_the_most_frequent():
    values, indices = torch.LongTensor([[7, 5, 6], [3, 3, 3], [2, 9, 9]]).mode(1)
    assert values.tolist() == [5, 3, 9] and indices.tolist() == [1, 0, 1]


def test_a_nan_counts_as_the_largest_in_an_order_and_as_the_extreme():
    nan = float("nan")
    x = torch.FloatTensor([2, nan, -1, float("inf"), nan])
    assert x.sort(0)[1].tolist() == [2, 0, 3, 1, 4]
    assert x.sort(0, True)[1].tolist() == [1, 4, 3, 0, 2]
    assert x.max(0)[1].tolist() == [1] and x.min(0)[1].tolist() == [1]
    assert math.isnan(x.max()) and math.isnan(x.min()) and math.isnan(x.topk(1)[0][0])


def test_zeros_of_both_signs_are_equal_and_keep_their_signs():
    values, indices = torch.FloatTensor([0.0, -0.0, 0.0, -1.0]).sort(0)
    assert indices.tolist() == [3, 0, 1, 2] and [math.copysign(1, v) for v in values.tolist()] == [-1, 1, -1, 1]


def test_a_sum_keeps_more_digits_than_its_type():
    x = torch.FloatTensor([1e8, 1, -1e8] * 100)
    assert x.sum() == 100 and x.view(100, 3).sum(1).tolist() == [1] * 100 and x.view(3, 100).t().sum(1).sum() == 100
    assert torch.FloatTensor([10000001, 10000002, 10000003] * 1000).var(False) == pytest.approx(2 / 3)


def test_out_keeps_its_strides_and_its_memory():
    x, out = torch.from_numpy(draw((3, 4), "Float")), torch.FloatTensor(4, 2).zero_()
    torch.sum(x, 0, out=out[:, 1])
    assert out[:, 0].tolist() == [0] * 4 and out[:, 1].tolist() == x.sum(0).tolist()
    values, indices = torch.FloatTensor(4, 2).zero_(), torch.LongTensor(4, 2).zero_()
    torch.max(x, 0, out=(values[:, 1], indices[:, 1]))
    assert values[:, 1].tolist() == x.max(0)[0].tolist() and indices[:, 1].tolist() == x.max(0)[1].tolist()


def test_out_may_be_the_operand():
    x = torch.FloatTensor([[3, 1, 2], [6, 5, 4]])
    y = x.clone()
    assert torch.sum(y, 0, out=y) is y and y.tolist() == [9, 6, 6]
    y = x.clone()
    assert torch.sort(y, 1, out=(y, torch.LongTensor()))[0] is y and y.tolist() == [[1, 2, 3], [4, 5, 6]]
    y, places = x.clone(), torch.LongTensor()
    torch.max(y, 1, out=(y, places))
    assert y.tolist() == [3, 6] and places.tolist() == [0, 0]
    y = x.clone()
    assert torch.cumsum(y, 1, out=y).tolist() == [[3, 4, 6], [6, 11, 15]]


@pytest.mark.parametrize(
    "call, error, words",
    [
        (lambda: torch.FloatTensor().max(), RuntimeError, "empty"),
        (lambda: torch.FloatTensor().mean(), RuntimeError, "empty"),
        (lambda: torch.FloatTensor().sum(0), RuntimeError, "no dimension"),
        (lambda: torch.FloatTensor(2, 3).sum(2), RuntimeError, "[-2, 1]"),
        (lambda: torch.FloatTensor(2, 3).topk(4), RuntimeError, "k not in range"),
        (lambda: torch.FloatTensor(2, 3).kthvalue(0), RuntimeError, "k not in range"),
        (lambda: torch.FloatTensor(3).trace(), RuntimeError, "matrix"),
        (lambda: torch.FloatTensor(3).histc(0), RuntimeError, "bin"),
        (lambda: torch.FloatTensor(3).renorm(2, 0, 1), RuntimeError, "two dimensions"),
        (lambda: torch.FloatTensor(2, 3).renorm(0, 0, 1), RuntimeError, "p > 0"),
        (lambda: torch.sum(torch.FloatTensor(2, 3), 0, out=torch.DoubleTensor()), TypeError, "DoubleTensor"),
    ],
)
def test_refusals_say_what_was_given(call, error, words):
    with pytest.raises(error) as caught:
        call()
    assert words in str(caught.value)


def variable(*size, seed=0):
    return Variable(torch.from_numpy(draw(size, "Double", seed)), requires_grad=True)


DIFFERENTIABLE = {
    "sum": lambda x: x.sum(),
    "sum_dim": lambda x: x.sum(1),
    "prod": lambda x: x.prod(),
    "prod_dim": lambda x: x.prod(0, True),
    "mean": lambda x: x.mean(),
    "mean_dim": lambda x: x.mean(1),
    "var": lambda x: x.var(),
    "var_dim": lambda x: x.var(0),
    "std": lambda x: x.std(unbiased=False),
    "std_dim": lambda x: x.std(1, keepdim=True),
    "norm": lambda x: x.norm(),
    "norm_3_dim": lambda x: x.norm(3, 1),
    "cumsum": lambda x: x.cumsum(1),
    "cumprod": lambda x: x.cumprod(0),
    "renorm": lambda x: x.renorm(2, 0, 3),
    "trace": lambda x: x.trace(),
    "sort": lambda x: x.sort(0)[0],
    "topk": lambda x: x.topk(2, 1)[0],
    "kthvalue": lambda x: x.kthvalue(2)[0],
    "median_dim": lambda x: x.median(1)[0],
    "max_dim": lambda x: x.max(1)[0],
}


@pytest.mark.parametrize("name", DIFFERENTIABLE)
def test_gradients_of_both_orders(name):
    x = variable(3, 4)
    assert gradcheck(DIFFERENTIABLE[name], [x])
    assert gradgradcheck(
        DIFFERENTIABLE[name], [x], [Variable(DIFFERENTIABLE[name](x).data.clone(), requires_grad=True)]
    )


@pytest.mark.parametrize("zeros", [0, 1, 2])
@pytest.mark.parametrize("name", ["prod", "prod_dim", "cumprod"])
def test_gradients_of_products_with_zeros(name, zeros):
    x = variable(3, 4)
    for k in range(zeros):
        x.data.view(-1)[k] = 0
    f = DIFFERENTIABLE[name]
    assert gradcheck(f, [x]) and gradgradcheck(f, [x], [Variable(f(x).data + 1, requires_grad=True)])


def test_a_distance_broadcasts_and_so_does_its_gradient():
    x, y = variable(3, 4), variable(4, seed=1)
    assert gradcheck(lambda x, y: x.dist(y, 3), [x, y])


def test_the_gradient_of_an_extreme_goes_to_all_that_attain_it():
    x = Variable(torch.FloatTensor([3, 1, 3]), requires_grad=True)
    x.max().backward()
    assert x.grad.data.tolist() == [1, 0, 1]


def test_what_a_reduction_of_a_variable_is():
    x = variable(2, 3)
    assert x.sum().size() == torch.Size([1]) and type(x.sum(0).grad_fn).__name__ == "SumBackward1"
    assert (x > 0).any() in (True, False) and x.equal(x) is True
    assert x.max(1)[1].requires_grad is False
    # Tensors take unbiased before keepdim, Variables behind it.
    assert x.data.var(0, False, True).tolist() == x.var(0, True, False).data.tolist()
