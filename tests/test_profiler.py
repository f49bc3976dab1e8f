"""The profiler: what it counts and how its times add up."""

import json
import threading

import pytest

import autograd_legacy as torch
from autograd_legacy import nn
from autograd_legacy.autograd import Function, Variable
from autograd_legacy.autograd.profiler import emit_nvtx, profile


class Doubled(Function):
    @staticmethod
    def forward(ctx, a):
        return a * 2

    @staticmethod
    def backward(ctx, grad):
        return grad * 2


def leaf(*sizes):
    return Variable(torch.ones(*sizes), requires_grad=True)


def counts(p):
    return {average.key: average.count for average in p.key_averages()}


def test_forward_and_backward_are_counted():
    x = leaf(3)
    with profile() as p:
        (Doubled.apply(x) * x + x.exp()).sum().backward()
    found = counts(p)
    assert [found[name] for name in ("Doubled", "exp", "add", "sum")] == [1] * 4
    assert found["mul"] == 2  # one of them in Doubled's backward
    assert [found[name] for name in ("SumBackward0", "AddBackward1", "DoubledBackward", "AccumulateGrad")] == [1] * 4


def test_nothing_is_counted_outside():
    x = leaf(3)
    with profile() as p:
        x.exp()
    x.sum()
    assert counts(p) == {"exp": 1}


def test_averages_add_up():
    x = leaf(50)
    with profile() as p:
        for _ in range(5):
            nn.Linear(50, 50)(x.view(1, 50)).tanh()
    total = p.total_average()
    assert total.count == len(p.function_events) == sum(a.count for a in p.key_averages())
    assert total.cpu_time_total == sum(e.cpu_time_total for e in p.function_events) > 0
    starts = [e.cpu_interval.start for e in p.function_events]
    assert starts[0] == 0
    assert starts == sorted(starts)


def test_table_is_sorted():
    x = leaf(3)
    with profile() as p:
        x.exp(), x.exp(), x.tanh()
    lines = p.key_averages().table(sort_by="count").splitlines()
    assert [line.split()[0] for line in lines[2:]] == ["exp", "tanh"]


def test_threads_are_told_apart(tmp_path):
    x = leaf(3)
    with profile() as p:
        x.exp()
        other = threading.Thread(target=x.tanh)
        other.start()
        other.join()
    assert [(e.name, e.thread) for e in p.function_events] == [("exp", 0), ("tanh", 1)]
    p.export_chrome_trace(tmp_path / "trace.json")
    assert [e["tid"] for e in json.loads((tmp_path / "trace.json").read_text())] == [0, 1]


def test_refusals():
    with pytest.raises(RuntimeError, match="GPU"):
        profile(use_cuda=True)
    with pytest.raises(RuntimeError, match="GPU"), emit_nvtx():
        pass
    with profile() as p:
        pass
    with pytest.raises(RuntimeError, match="reentrant"), p:
        pass
