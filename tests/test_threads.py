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


REDUCTIONS = ("sum", "mean", "prod", "min", "max", "std", "var", "norm")


@pytest.mark.parametrize("name", REDUCTIONS)
def test_reductions(name):
    wide = torch.from_numpy(numpy.random.RandomState(0).randn(*SIZE).astype("f"))
    for x in (wide, wide.t(), wide.view(-1), wide.view(-1)[::3]):
        for arguments in ((), *[(2, dim) if name == "norm" else (dim,) for dim in range(x.dim())]):
            assert_equal(*with_each_number(lambda x=x, arguments=arguments: getattr(x, name)(*arguments)))


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
