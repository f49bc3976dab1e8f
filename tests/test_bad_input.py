"""Impossible requests give errors that say what was wrong; never a crash, a hang or a wrong number."""

import operator

import numpy
import pytest

import autograd_legacy as torch
from autograd_legacy.autograd import Variable

HUGE = 2**62
x = torch.ones(3, 4)
ints = torch.LongTensor([[1, 2], [3, 4]])

REFUSED = {
    "huge sizes": lambda: torch.FloatTensor(HUGE, HUGE),
    "huge vector": lambda: torch.FloatTensor(2**61),
    "huge storage": lambda: torch.DoubleStorage(HUGE),
    "huge resize": lambda: torch.FloatTensor(2).resize_(HUGE),
    "huge repeat": lambda: torch.ones(2, 2).repeat(2**40, 2**40),
    "huge zeros": lambda: torch.zeros(2**40, 2**40),
    "negative storage": lambda: torch.FloatStorage(-1),
    "text as sizes": lambda: torch.FloatTensor("abc", 2),
    "ragged": lambda: torch.FloatTensor([[1, 2], [3]]),
    "endless nesting": lambda: torch.FloatTensor(endless()),
    "text in a list": lambda: torch.FloatTensor([1, "a"]),
    "a float among ints": lambda: torch.LongTensor([1, 2.5]),
    "None": lambda: torch.FloatTensor(None),
    "mixed types": lambda: x + ints,
    "a list as operand": lambda: operator.add(x, [1, 2]),
    "no broadcast": lambda: x + torch.ones(5),
    "in place cannot grow": lambda: torch.ones(4).add_(x),
    "division by zero": lambda: ints / 0,
    "remainder by zero": lambda: ints % torch.LongTensor([[0, 1], [1, 1]]),
    "mm sizes": lambda: x.mm(x),
    "mm dims": lambda: x.mm(torch.ones(4)),
    "view sizes": lambda: x.view(5, 5),
    "view twice unknown": lambda: x.view(-1, -1),
    "view overflow": lambda: x.view(2**40, 2**40),
    "view of a transposed": lambda: x.t().view(12),
    "dim outside": lambda: x.sum(2),
    "negative dim outside": lambda: x.sum(-3),
    "transpose outside": lambda: x.transpose(0, 7),
    "narrow outside": lambda: x.narrow(0, 2, 5),
    "narrow overflow": lambda: x.narrow(0, 1, 2**63 - 1),
    "select outside": lambda: x.select(0, 3),
    "index outside": lambda: x[3],
    "index far outside": lambda: x[2**62],
    "too many indices": lambda: x[0, 0, 0],
    "negative step": lambda: x[::-1],
    "index_select outside": lambda: x.index_select(0, torch.LongTensor([5])),
    "index_select negative": lambda: x.index_select(0, torch.LongTensor([-9])),
    "gather outside": lambda: x.gather(1, torch.LongTensor([[9]] * 3)),
    "scatter outside": lambda: x.clone().scatter_(1, torch.LongTensor([[9]] * 3), 1.0),
    "take outside": lambda: x.take(torch.LongTensor([10**12])),
    "mask of another size": lambda: x[torch.ByteTensor([1, 0])],
    "unfold too large": lambda: x.unfold(0, 9, 1),
    "unfold by nothing": lambda: x.unfold(0, 1, 0),
    "expand of a large dim": lambda: x.expand(5, 4),
    "cat of other sizes": lambda: torch.cat([x, torch.ones(2, 3)]),
    "cat of nothing": lambda: torch.cat([]),
    "stride outside its storage": lambda: torch.FloatTensor().set_(torch.FloatStorage(4), -1),
    "negative strides": lambda: numpy_negative(),
    "object arrays": lambda: torch.from_numpy(numpy.array([object()])),
    "resize of borrowed memory": lambda: torch.from_numpy(numpy.zeros(4)).resize_(100),
    "inverse of a singular": lambda: torch.zeros(2, 2).inverse(),
    "randperm of nothing": lambda: torch.randperm(0),
    "bernoulli of 2": lambda: torch.bernoulli(torch.ones(2) * 2),
    "unknown method": lambda: ints.tanh(),
    "unknown keyword": lambda: x.add(1, wrong=2),
    "truth of many": lambda: bool(x),
    "a backward of constants": lambda: Variable(x).sum().backward(),
    "a backward without gradient": lambda: (Variable(x, requires_grad=True) * 2).backward(),
    "a leaf in place": lambda: Variable(x.clone(), requires_grad=True).add_(1),
    "conv of a vector": lambda: torch.nn.functional.conv2d(Variable(torch.ones(3)), Variable(torch.ones(1, 1, 2, 2))),
    "a kernel larger than its input": lambda: torch.nn.functional.max_pool2d(Variable(torch.ones(1, 1, 2, 2)), 5),
    "a class outside": lambda: torch.nn.functional.nll_loss(Variable(x), Variable(torch.LongTensor([0, 9, 1]))),
    "an embedding outside": lambda: torch.nn.Embedding(3, 2)(Variable(torch.LongTensor([[7]]))),
}


def endless():
    nested = []
    nested.append(nested)
    return nested


def numpy_negative():
    return torch.from_numpy(numpy.arange(4.0)[::-1])


@pytest.mark.parametrize("what", REFUSED)
def test_refused(what):
    with pytest.raises((RuntimeError, TypeError, ValueError, IndexError, AttributeError, MemoryError)) as caught:
        REFUSED[what]()
    assert str(caught.value)


def test_memory_outlives_its_names():
    """Views and arrays keep the memory they show."""
    part = torch.ones(1000, 10)[5]
    array = torch.ones(1000).numpy()
    borrowed = torch.from_numpy(numpy.full(1000, 7.0))
    for _ in range(50):
        torch.zeros(1000, 10)
        numpy.zeros(1000)
    assert part.sum() == 10 and array.sum() == 1000 and borrowed.sum() == 7000


def test_a_storage_that_moves_under_its_views():
    base = torch.ones(4)
    view = base[1:3]
    base.resize_(100_000).fill_(2)
    assert view.tolist() == [2, 2]


def test_overlapping_assignment_runs_forward():
    t = torch.arange(0, 5)
    t[1:] = t[:-1]
    assert t.tolist() == [0, 0, 0, 0, 0]
