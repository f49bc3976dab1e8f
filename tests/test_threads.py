"""Threads: the same numbers with one and with several, after fork, and beside the threads of Python."""

import os
import threading

import numpy
import pytest

import autograd_legacy as torch
from autograd_legacy._core import ops

from .test_ops import ROWS, draw

SIZE = (3, 23_001)  # above what a thread takes at least


@pytest.fixture(autouse=True)
def threads_as_before():
    before = torch.get_num_threads()
    yield
    torch.set_num_threads(before)


def tensor(array):
    return torch.from_numpy(array.astype("h")).char() if array.dtype == "b" else torch.from_numpy(array)


def with_each_number(compute):
    """What compute gives with one thread, and with three."""
    results = []
    for threads in (1, 3):
        torch.set_num_threads(threads)
        results.append(compute())
    return results


def assert_equal(one, three):
    for a, b in zip(*[x if isinstance(x, tuple) else (x,) for x in (one, three)], strict=True):
        numpy.testing.assert_array_equal(*[x.double().numpy() if torch.is_tensor(x) else x for x in (a, b)])


@pytest.mark.parametrize("name", ROWS)
def test_each_pointwise_row(name):
    row = ROWS[name]
    for code in row.dtypes:
        wide = [tensor(array) for array in draw(row, code, SIZE)]
        assert_equal(*with_each_number(lambda wide=wide: getattr(ops, name)(*wide)))
        assert_equal(*with_each_number(lambda wide=wide: getattr(ops, name)(*[x.t() for x in wide])))
        mixed = [wide[0], *[x[:1] for x in wide[1:]]]
        assert_equal(*with_each_number(lambda mixed=mixed: getattr(ops, name)(*mixed)))


@pytest.mark.parametrize(("m", "n", "k"), [(100, 300, 64), (64, 100, 1000), (400, 90, 1100)])
def test_products(m, n, k):
    x, y = [torch.from_numpy(numpy.random.RandomState(0).randn(*size).astype("f")) for size in ((m, k), (k, n))]
    for a in (x, x.t().contiguous().t()):
        for b in (y, y.t().contiguous().t()):
            assert_equal(*with_each_number(lambda a=a, b=b: a.mm(b)))


REDUCTIONS = ("sum", "mean", "prod", "min", "max", "std", "var", "norm")


@pytest.mark.parametrize("name", REDUCTIONS)
def test_reductions(name):
    wide = torch.from_numpy(numpy.random.RandomState(0).randn(*SIZE).astype("f"))
    for x in (wide, wide.t(), wide.view(-1), wide.view(-1)[::3]):
        for arguments in ((), *[(2, dim) if name == "norm" else (dim,) for dim in range(x.dim())]):
            assert_equal(*with_each_number(lambda x=x, arguments=arguments: getattr(x, name)(*arguments)))


def numbers(*size):
    return torch.from_numpy(numpy.random.RandomState(1).randn(*size).astype("f"))


WIDE, LONG_LINE, CUBE = numbers(300, 1001), numbers(300_007), numbers(70, 30, 60)
PLACES = torch.from_numpy(numpy.random.RandomState(2).randint(0, 300, (300, 1001)))
OTHERS = {
    "cumsum of a line": lambda: LONG_LINE.cumsum(0),
    "cumsum of rows": lambda: WIDE.cumsum(1),
    "cumprod of columns": lambda: WIDE.cumprod(0),
    "cat": lambda: torch.cat([WIDE, WIDE, WIDE], 1),
    "cat of lines": lambda: torch.cat([LONG_LINE, LONG_LINE]),
    "sort": lambda: WIDE.sort(1),
    "sort of columns": lambda: WIDE.sort(0, True),
    "topk": lambda: WIDE.topk(7, 1),
    "median": lambda: WIDE.median(0),
    "index_select": lambda: WIDE.index_select(0, PLACES.view(-1)[:5000]),
    "index_select of columns": lambda: WIDE.index_select(1, PLACES.view(-1)[:5000]),
    "gather": lambda: WIDE.gather(0, PLACES),
    "scatter": lambda: torch.zeros(300, 1001).scatter_(0, PLACES, WIDE),
    "scatter_add": lambda: torch.zeros(300, 1001).scatter_add_(0, PLACES, WIDE),
    "masked_fill": lambda: WIDE.clone().masked_fill_(WIDE > 0, 2),
    "masked_select": lambda: WIDE.masked_select(WIDE > 0),
    "transposed": lambda: WIDE.t().contiguous(),
    "permuted": lambda: CUBE.permute(2, 0, 1).contiguous(),
    "permuted doubles": lambda: CUBE.double().permute(2, 1, 0).contiguous(),
    "transposed bytes": lambda: WIDE.byte().t().contiguous(),
    "windows": lambda: LONG_LINE.unfold(0, 3, 2).contiguous(),
    "added to its transpose": lambda: WIDE[:, :300] + WIDE[:, :300].t(),
    "conversion": lambda: WIDE.t().double(),
    "zeros": lambda: WIDE.clone().zero_(),
    "bmm": lambda: CUBE.bmm(CUBE.transpose(1, 2)),
    "baddbmm": lambda: torch.addbmm(torch.zeros(30, 30), CUBE, CUBE.transpose(1, 2)),
}


@pytest.mark.parametrize("name", OTHERS)
def test_other_operations(name):
    assert_equal(*with_each_number(OTHERS[name]))


def test_copies_between_layouts():
    wide, cube = WIDE.numpy(), CUBE.numpy()
    numpy.testing.assert_array_equal(OTHERS["transposed"]().numpy(), wide.T)
    numpy.testing.assert_array_equal(OTHERS["permuted"]().numpy(), cube.transpose(2, 0, 1))
    numpy.testing.assert_array_equal(OTHERS["permuted doubles"]().numpy(), cube.transpose(2, 1, 0))
    line = LONG_LINE.numpy()
    windows = numpy.stack([line[k : k + 300_005 : 2] for k in range(3)], 1)
    numpy.testing.assert_array_equal(OTHERS["windows"]().numpy(), windows)
    numpy.testing.assert_array_equal(OTHERS["added to its transpose"]().numpy(), wide[:, :300] + wide[:, :300].T)


def test_running_sums_are_those_of_doubles():
    wanted = LONG_LINE.numpy().astype("d").cumsum()
    numpy.testing.assert_allclose(LONG_LINE.cumsum(0).numpy(), wanted, rtol=1e-6, atol=1e-6)
    numpy.testing.assert_array_equal(torch.ones(300_007).long().cumsum(0).numpy(), numpy.arange(1, 300_008))


@pytest.mark.parametrize("law", ("normal_", "uniform_", "exponential_", "bernoulli_", "geometric_", "log_normal_"))
def test_random_numbers_are_one_stream(law):
    def drawn():
        torch.manual_seed(5)
        x = getattr(torch.zeros(200_003), law)(*([0.3] if law in ("bernoulli_", "geometric_") else []))
        return x, torch.randn(3)

    assert_equal(*with_each_number(drawn))


def test_results_that_feed_on_each_other_keep_their_order():
    def shifted():
        x = torch.arange(0, 200_000)
        x[1:] = x[:-1]
        return x

    def added():
        x = torch.ones(200_000)
        x[1:].add_(x[:-1])
        return x

    for compute in (shifted, added):
        assert_equal(*with_each_number(compute))


def test_an_expanded_result_is_one_place():
    def summed():
        x = torch.zeros(1).expand(200_000)
        x.add_(1)
        return x[:1].clone()

    assert_equal(*with_each_number(summed))


def test_a_child_has_threads_of_its_own():
    torch.set_num_threads(2)
    x = torch.ones(1_000_000)
    assert (x + 1).sum() == 2_000_000
    for _ in range(3):
        child = os.fork()
        if not child:
            status = 1
            try:
                status = (
                    0 if (x + 1).sum() == 2_000_000 and x.view(1000, 1000).mm(x.view(1000, 1000))[0, 0] == 1000 else 2
                )
            finally:
                os._exit(status)
        assert (x + 2).sum() == 3_000_000
        assert os.waitpid(child, 0)[1] == 0


def test_threads_of_python_beside_each_other():
    torch.set_num_threads(2)
    x = torch.ones(300_000)
    wrong = []

    def work(k):
        for _ in range(50):
            total = (x * k + 1).sum()
            if total != 300_000 * (k + 1):
                wrong.append((k, total))

    workers = [threading.Thread(target=work, args=(k,)) for k in range(6)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert not wrong


def test_a_failure_leaves_the_threads_in_order():
    torch.set_num_threads(2)
    x, zero = torch.ones(200_000).long(), torch.zeros(200_000).long()
    with pytest.raises(RuntimeError, match="zero"):
        x / zero
    assert (x + 1).sum() == 400_000


def test_number_of_threads():
    torch.set_num_threads(3)
    assert torch.get_num_threads() == 3
    for wrong in (0, -1, 1.5, "2"):
        with pytest.raises(RuntimeError, match="set_num_threads expects"):
            torch.set_num_threads(wrong)
    assert torch.get_num_threads() == 3
