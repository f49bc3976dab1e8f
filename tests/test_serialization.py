"""Saving and loading beyond the recorded cases: files in memory, damaged files, files that name what they may not."""

import argparse
import io
import os
import pickle
import pickletools
import struct

import numpy
import pytest

import autograd_legacy as torch
from autograd_legacy import nn
from autograd_legacy.autograd import Variable


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.layer = nn.Linear(2, 1)
        self.activation = nn.functional.tanh

    def forward(self, x):
        return self.activation(self.layer(x))


def saved(obj, **options):
    file = io.BytesIO()
    torch.save(obj, file, **options)
    return file.getvalue()


def again(obj, **options):
    return torch.load(io.BytesIO(saved(obj)), **options)


def test_memory_is_shared_again():
    base = torch.arange(0, 12)
    whole, part, storage = again([base, base.view(3, 4).t()[1:], base.storage()])
    whole.fill_(7)
    assert part.tolist() == [[7.0] * 3] * 3
    assert storage.tolist() == [7.0] * 12
    assert part.stride() == (1, 4)


def test_own_network():
    net = Net()
    other = again(net)
    x = Variable(torch.randn(3, 2))
    assert type(other) is Net
    assert other(x).data.tolist() == net(x).data.tolist()


def test_flags_of_variables():
    assert again(Variable(torch.ones(1), requires_grad=True)).requires_grad
    assert again(Variable(torch.ones(1), volatile=True)).volatile
    result = again(Variable(torch.ones(1), requires_grad=True) * 2)
    assert result.requires_grad
    assert result.is_leaf


def test_points():
    point = again(torch.tensor(3.0, requires_grad=True))
    assert str(point) == "tensor(3., requires_grad=True)"


def test_functions_of_the_table():
    assert again([torch.add, nn.functional.relu]) == [torch.add, nn.functional.relu]
    assert pickle.loads(pickle.dumps(torch.add)) is torch.add


def test_plain_containers_and_numpy():
    args = argparse.Namespace(lr=0.1, sizes=(1, 2))
    obj = {"args": args, "mean": numpy.float64(0.5), "x": numpy.arange(3), "none": None, "set": {1}, "bytes": b"\xff"}
    other = again(obj)
    assert other["args"] == args
    assert other["mean"] == 0.5
    assert other["x"].tolist() == [0, 1, 2]
    assert other["bytes"] == b"\xff"


def test_names_are_those_of_torch():
    data = saved([Variable(torch.ones(1)), torch.Size([1]), nn.Parameter(torch.ones(1)), nn.Linear(1, 1)])
    named = set()
    file = io.BytesIO(data)
    for _ in range(4):
        named |= {argument for code, argument, _ in pickletools.genops(file) if code.name == "GLOBAL"}
    assert {
        "torch._utils _rebuild_tensor",
        "torch FloatStorage",
        "torch.autograd.variable Variable",
        "torch Size",
    } < named
    assert {"torch.nn.parameter Parameter", "torch.nn.modules.linear Linear"} < named
    assert not any("autograd_legacy" in name for name in named)


def test_protocol_4():
    assert torch.load(io.BytesIO(saved({"w": torch.ones(2)}, pickle_protocol=4)))["w"].tolist() == [1, 1]
    with pytest.raises(AssertionError, match="protocol"):
        saved(1, pickle_protocol=0)


class Command:
    def __reduce__(self):
        return os.system, ("false",)


def twice(x):
    return x * 2


class Holder(torch.nn.Module):
    """Holds functions as attributes, and a method of its own in another module, as networks that replace one do."""

    def __init__(self):
        super().__init__()
        self.activation = twice
        self.inner = torch.nn.Linear(2, 2)
        self.inner.flatten_parameters = self.nothing

    def nothing(self):
        return "nothing"


def test_functions_and_methods_of_the_program():
    holder, error = again([Holder(), ValueError("x")])
    assert holder.activation is twice and str(error) == "x"
    assert holder.inner.flatten_parameters() == "nothing" and holder.inner.flatten_parameters.__self__ is holder


class Call:
    """Asks the reader to call something."""

    def __init__(self, function, *arguments):
        self.what = function, arguments

    def __reduce__(self):
        return self.what


@pytest.mark.parametrize("call", [Call(twice, 1), Call(Holder().nothing), Call(getattr, torch.ones(1), "__class__")])
def test_files_call_no_functions_of_the_program(call):
    with pytest.raises(pickle.UnpicklingError, match="pickle_module"):
        again([call])


@pytest.mark.parametrize("obj", [Command(), os.getcwd, eval, io.BytesIO])
def test_what_files_may_not_name(obj):
    with pytest.raises(pickle.UnpicklingError, match="pickle_module"):
        again([torch.ones(1), obj])


@pytest.mark.parametrize(
    "name", ["torch.serialization\npickle.loads", "torch.serialization\npickle", "torch.run.cli\nmain"]
)
def test_the_library_is_no_way_around(name):
    header = b"".join(pickle.dumps(obj, 2) for obj in (torch.serialization.MAGIC_NUMBER, 1001, {}))
    with pytest.raises((pickle.UnpicklingError, AttributeError)):
        torch.load(io.BytesIO(header + b"\x80\x02c" + name.encode() + b"\n."))


def test_trusted_files():
    assert again(os.getcwd, pickle_module=pickle) is os.getcwd


def test_python_2_strings():
    """Byte strings of Python 2 that are no ASCII come back as Latin-1 text."""
    header = b"".join(pickle.dumps(obj, 2) for obj in (torch.serialization.MAGIC_NUMBER, 1001, {}))
    text = b"\x80\x02U\x03a\xe9b."
    assert torch.load(io.BytesIO(header + text + pickle.dumps([], 2))) == "a\xe9b"


def test_damaged_files():
    data = saved([torch.ones(30), "x"])
    for end in range(0, len(data) - 1, 7):
        with pytest.raises((EOFError, RuntimeError, pickle.UnpicklingError, ValueError, struct.error)):
            torch.load(io.BytesIO(data[:end]))


def test_a_tensor_stays_inside_its_storage():
    data = saved(torch.ones(3)).replace(b"K\x03\x85", b"K\x09\x85")
    with pytest.raises(RuntimeError, match="do not fit"):
        torch.load(io.BytesIO(data))


def test_map_location():
    data = saved(torch.ones(3)).replace(b"X\x03\x00\x00\x00cpu", b"X\x06\x00\x00\x00cuda:0")
    with pytest.raises(RuntimeError, match="map_location"):
        torch.load(io.BytesIO(data))
    for location in ("cpu", {"cuda:0": "cpu"}, lambda storage, tag: storage):
        assert torch.load(io.BytesIO(data), map_location=location).tolist() == [1, 1, 1]
    with pytest.raises(TypeError, match="map_location"):
        torch.load(io.BytesIO(data), map_location=3)


def test_plain_pickle():
    for obj in (torch.ones(2, 3).t(), torch.LongTensor([1]), torch.FloatTensor()):
        other = pickle.loads(pickle.dumps(obj))
        assert other.type() == obj.type()
        assert other.tolist() == obj.tolist()
        assert other.stride() == obj.stride()
