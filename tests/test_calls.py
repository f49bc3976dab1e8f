"""Calls as 0.3.1 spelled them: keywords, overloads, and errors that say which argument does not fit."""

import warnings

import pytest

import autograd_legacy as torch
from autograd_legacy.autograd import Variable

x, longs = torch.ones(2, 3), torch.LongTensor([1, 2])
v = Variable(torch.ones(2, 3), requires_grad=True)

# call -> the error's type, and what its text says
WRONG = {
    "x.add(x.double())": (TypeError, "argument 1, other, has to be a torch.FloatTensor, not torch.DoubleTensor"),
    "x.add('a')": (TypeError, "got (str)"),
    "longs.add(1.5)": (TypeError, "argument 1, value, has to be an int, not float"),
    "x.sum(0, 1)": (TypeError, "argument 2, keepdim, has to be a bool, not int"),
    "x.addmm(1, 2)": (TypeError, "mat1, a torch.FloatTensor, is missing"),
    "x.gather(0, x)": (TypeError, "index, has to be a torch.LongTensor, not torch.FloatTensor"),
    "x.max(0, wrong=1)": (TypeError, "there is no keyword wrong"),
    "x.t(1)": (TypeError, "it takes 0 arguments, not 1"),
    "x.pow_(base=2)": (TypeError, "it is not done in place"),
    "torch.add()": (TypeError, "got ()"),
    "torch.cat([x, longs])": (TypeError, "a list or tuple of tensors of one type, not list"),
    "torch.mm(x, longs)": (TypeError, "has to be a torch.FloatTensor, not torch.LongTensor"),
    "torch.tanh(longs)": (TypeError, "torch.LongTensor"),
    "longs.tanh()": (AttributeError, "tanh"),
    "v.add('a')": (RuntimeError, "other, has to be a Variable, not str"),
    "v.clamp()": (ValueError, "at least one of min and max"),
    "(v > 0).any(1)": (TypeError, "it takes 0 arguments, not 1"),
    "v.multinomial(1.5)": (TypeError, "num_samples, has to be an int, not float"),
    "2 ** longs": (TypeError, "doesn't implement pow"),
    "-torch.ByteTensor([1])": (AttributeError, "neg"),
    "x + torch.ones(4)": (RuntimeError, "6 and 4 elements"),
    "longs + 2 ** 63": (OverflowError, "-2**63"),
    "torch.LongTensor([2 ** 63])": (OverflowError, "-2**63"),
    "x.split('a')": (TypeError, "an int as split_size, got str"),
    "x.view('a')": (TypeError, "sizes, has to be ints, or one list, tuple or torch.Size of them, not str"),
    "torch.randn('a')": (TypeError, "argument 1, sizes, has to be ints"),
    "torch.FloatStorage('abc')": (RuntimeError, "got the str 'abc'"),
    "torch.FloatStorage(2).type('a')": (TypeError, "got 'a'"),
    "x.select(dim=0, index=1)": (TypeError, "select"),
    "x.copy_(torch.ones(3), broadcast=False)": (RuntimeError, "as many elements"),
}


@pytest.mark.parametrize("call", WRONG)
def test_wrong_calls(call):
    kind, text = WRONG[call]
    with pytest.raises(kind) as caught:
        eval(call)
    assert text in str(caught.value)


def test_a_wrong_call_lists_the_accepted_ones():
    with pytest.raises(TypeError) as caught:
        x.add("a", 3)
    lines = str(caught.value).splitlines()
    assert lines[0].endswith("got (str, int), but expected one of:")
    assert [line for line in lines if line.startswith(" * ")] == [
        " * add(self, number value)",
        " * add(self, Tensor other)",
        " * add(self, number value, Tensor other)",
    ]


def test_orders_of_three_arguments():
    """Tensors take (dim, unbiased, keepdim), Variables (dim, keepdim, unbiased)."""
    data = torch.FloatTensor([[1, 2, 4], [3, 5, 9]])
    variable = Variable(data)
    assert torch.std(data, 0, False, True).size() == (1, 3)
    assert torch.std(data, 0, False, True).equal(data.std(0, keepdim=True, unbiased=False))
    for result in (torch.std(variable, 0, False, True), variable.std(0, False, True)):
        assert result.size() == (3,) and result.data.equal(data.std(0))
    assert variable.var(0, True, False).data.equal(data.var(0, False, True))


def test_older_names():
    assert x.__div__(2).equal(x / 2) and x.__rdiv__(2).equal(2 / x)
    assert (v.__div__(2).data == 0.5).all() and (v.__rdiv__(2).data == 2).all()
    y = x.clone()
    assert y.__idiv__(2) is y and y[0, 0] == 0.5
    assert x.index(1).tolist() == [1, 1, 1]
    assert torch.FloatTensor.storage_type() is torch.FloatStorage and longs.storage_type() is torch.LongStorage
    assert v.cat([v, v], 1).size() == (2, 6)
    with pytest.warns(UserWarning, match="renamed to masked_scatter_"):
        torch.zeros(2).masked_copy_(torch.ByteTensor([1, 0]), torch.ones(1))
    with pytest.warns(UserWarning, match="renamed to masked_scatter"):
        Variable(torch.zeros(2)).masked_copy(Variable(torch.ByteTensor([1, 0])), Variable(torch.ones(1)))


def test_keywords():
    assert x.chunk(n_chunks=2, dim=0)[0].size() == (1, 3) and torch.chunk(x, chunks=2)[0].size() == (1, 3)
    assert x.type_as(tensor=longs).type() == "torch.LongTensor" and v.type_as(t=v) is v
    assert v.type(t="torch.DoubleTensor").data.type() == "torch.DoubleTensor"
    assert torch.typename(o=x) == "torch.FloatTensor"
    assert Variable(torch.ones(3)).multinomial().size() == (1,)


def test_torch_tensor_is_a_module_and_a_function():
    assert isinstance(x, torch.tensor._TensorBase) and isinstance(torch.FloatStorage(1), torch.storage._StorageBase)
    assert torch.tensor([1.0, 2.0], requires_grad=True).requires_grad
    assert not hasattr(x, "item") and not hasattr(x, "requires_grad")


def test_same_number_of_elements_is_pointwise_with_a_warning():
    with pytest.warns(UserWarning, match="pointwise"):
        assert (torch.ones(2, 3) + torch.ones(3, 2)).size() == (2, 3)
    backcompat = torch.utils.backcompat
    backcompat.broadcast_warning.enabled = True
    try:
        with pytest.warns(UserWarning, match="broadcast"):
            torch.ones(4, 1) + torch.ones(4)
    finally:
        backcompat.broadcast_warning.enabled = False
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        torch.ones(4, 1) + torch.ones(4)
