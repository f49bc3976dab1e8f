"""Every pointwise row of the table, tested without being named: values, gradients, in place, out=, refusals."""

import ast
import math
from types import SimpleNamespace

import numpy
import pytest

import autograd_legacy as torch
from autograd_legacy import optable
from autograd_legacy._core import ops
from autograd_legacy.autograd import Variable
from autograd_legacy.autograd.gradcheck import gradcheck, gradgradcheck

ROWS = {row.name: row for row in optable.OPS}
DIFFERENTIABLE = [name for name, row in ROWS.items() if row.grads and not row.result]
SCALARS = {
    "where": numpy.where, "exp": numpy.exp, "expm1": numpy.expm1, "log": numpy.log, "log1p": numpy.log1p,
    "sin": numpy.sin, "cos": numpy.cos, "tan": numpy.tan, "asin": numpy.arcsin, "acos": numpy.arccos,
    "atan": numpy.arctan, "sinh": numpy.sinh, "cosh": numpy.cosh, "tanh": numpy.tanh, "sqrt": numpy.sqrt,
    "ceil": numpy.ceil, "floor": numpy.floor, "trunc": numpy.trunc, "abs": numpy.abs, "atan2": numpy.arctan2,
    "min": numpy.minimum, "max": numpy.maximum, "fmod": numpy.fmod,
    "sigmoid": lambda x: 1 / (1 + numpy.exp(-x)),
    "round": lambda x: numpy.trunc(x + numpy.copysign(0.5, x)),
    "erf": numpy.vectorize(math.erf, otypes=[float]),
    "lgamma": numpy.vectorize(math.lgamma, otypes=[float]),
}  # fmt: skip


def draw(row, code, size=(3, 4), seed=0):
    """Values for each operand, from the row's range, as an array of the type."""
    low, high = row.sample
    generator = numpy.random.RandomState(seed)
    arrays = []
    for _ in row.operands:
        values = generator.uniform(low, high, size)
        if code not in "fd":
            values = generator.randint(1, 6, size)
        arrays.append(values.astype(code))
    return arrays


def tensor_of(array):
    kind = getattr(torch, optable.DTYPE[array.dtype.char if array.dtype.char != "q" else "l"].name + "Tensor")
    return kind(array.tolist())


def array_of(tensor):
    return numpy.array(tensor.tolist())


def expected(row, arrays):
    """The row's own expression, computed by NumPy; None where it names what NumPy has no function for."""
    operands = dict(zip(row.operands, (a.astype("d") if a.dtype.char in "fd" else a for a in arrays), strict=True))
    names = {node.id for node in ast.walk(row.kernel.tree) if isinstance(node, ast.Name)}
    unlike = ("/", "%") if arrays[0].dtype.char not in "fd" else ()  # integers truncate, and take the sign, as C does
    if not names <= {*SCALARS, *operands} or any(sign in row.value for sign in (*unlike, "<<", ">>")):
        return None
    with numpy.errstate(all="ignore"):
        return eval(row.kernel.python, {"__builtins__": {}, "ops": SimpleNamespace(**SCALARS)}, operands)


@pytest.mark.parametrize("name", ROWS)
def test_value(name):
    row = ROWS[name]
    for code in row.dtypes:
        arrays = draw(row, code)
        want = expected(row, arrays)
        got = array_of(getattr(ops, name)(*map(tensor_of, arrays)))
        assert got.shape == (3, 4)
        if want is not None:
            want = numpy.asarray(want) if code in "fd" else numpy.asarray(want).astype(code)
            numpy.testing.assert_allclose(
                got, want, rtol=2e-5 if code == "f" else 1e-9, atol=1e-6 if code == "f" else 1e-12
            )


@pytest.mark.parametrize("size", [(3, 4), (2, 300)], ids=["short", "long"])
@pytest.mark.parametrize("name", ROWS)
def test_layouts_agree(name, size):
    """Contiguous, transposed, stepped and broadcast operands, and numbers, give what contiguous ones give."""
    row = ROWS[name]
    for code in row.dtypes:
        arrays = draw(row, code, size)
        whole = [tensor_of(a) for a in arrays]
        want = getattr(ops, name)(*whole).tolist()
        turned = [tensor_of(a.T.copy()).t() for a in arrays]
        assert getattr(ops, name)(*turned).tolist() == want
        stepped = [tensor_of(numpy.repeat(a, 2, 1))[:, ::2] for a in arrays]
        assert getattr(ops, name)(*stepped).tolist() == want
        if len(arrays) > 1:
            rows = [arrays[0], *(a[:1] for a in arrays[1:])]
            full = [arrays[0], *(numpy.broadcast_to(a[:1], a.shape) for a in arrays[1:])]
            spread = getattr(ops, name)(*map(tensor_of, rows))
            assert spread.tolist() == getattr(ops, name)(*map(tensor_of, full)).tolist()
            number = arrays[1].flat[0].item()
            constant = numpy.full_like(arrays[1], number)
            got = getattr(ops, name)(whole[0], number, *whole[2:]).tolist()
            assert got == getattr(ops, name)(whole[0], tensor_of(constant), *whole[2:]).tolist()
            firsts = [numpy.full_like(a, a.flat[0].item()) for a in arrays]
            numbers = [tensor_of(a[:1, :1]).expand(*size) for a in arrays]  # as a gradient of a sum
            for k, a in enumerate(arrays):
                got = getattr(ops, name)(*numbers[:k], whole[k], *numbers[k + 1 :]).tolist()
                others = [*map(tensor_of, firsts[:k]), tensor_of(a), *map(tensor_of, firsts[k + 1 :])]
                assert got == getattr(ops, name)(*others).tolist()


def test_a_result_of_one_place_takes_all_in_turn():
    for size in (5, 700):
        x = torch.zeros(1)
        x.expand(size).add_(1).clamp_(max=600)
        assert x[0] == min(size, 600)


@pytest.mark.parametrize("name", [name for name, row in ROWS.items() if row.inplace and row.calls])
def test_in_place_and_out(name):
    """x.name_() changes x and gives it back; out= gives the tensor that was passed."""
    row = ROWS[name]
    public = optable.public_name(row.calls[0])
    if any("*" in call for call in row.calls) or "number" in row.calls[0].split("self")[0]:
        pytest.skip("called by keywords alone: the recorded answers have those")
    for code in row.dtypes:
        x, *others = map(tensor_of, draw(row, code))
        arguments = [
            o if "Tensor" in spec else o.view(-1)[0]
            for o, spec in zip(others, row.calls[-1].split(", ")[1:], strict=True)
        ]
        want = getattr(x, public)(*arguments)
        if optable.TORCH in row.where:
            result = type(want)(1)
            assert getattr(torch, public)(x, *arguments, out=result) is result
            assert result.tolist() == want.tolist()
        same = x.clone()
        assert getattr(same, public + "_")(*arguments) is same
        numpy.testing.assert_allclose(array_of(same), array_of(want))


def leaves(row, seed=0, sizes=((2, 3),)):
    low, high = row.sample
    generator = numpy.random.RandomState(seed)
    made = []
    for k, _ in enumerate(row.operands):
        values = generator.uniform(low, high, sizes[k % len(sizes)])
        made.append(Variable(torch.from_numpy(values), requires_grad=True))
    return made


@pytest.mark.parametrize("name", DIFFERENTIABLE)
def test_gradients(name):
    """First and second derivatives agree with differences, also where operands broadcast."""
    row = ROWS[name]
    function = getattr(ops, name)
    for sizes in (((2, 3),), ((2, 3), (3,), (1, 3), (2, 1))):
        inputs = leaves(row, sizes=sizes)
        for operand, variable in zip(row.operands, inputs, strict=True):
            variable.requires_grad = operand in row.grads
        assert gradcheck(function, inputs, eps=1e-6, atol=1e-5)
        if any(text not in ("0", "grad", "-grad") for text in row.grads.values()):
            assert gradgradcheck(function, list(inputs), eps=1e-6, atol=1e-4)


@pytest.mark.parametrize("name", [name for name, row in ROWS.items() if row.dtypes != optable.ALL])
def test_refused_types(name):
    """A type that the row does not have is refused."""
    row = ROWS[name]
    for dtype in optable.DTYPES:
        if dtype.code not in row.dtypes:
            operands = [getattr(torch, dtype.name + "Tensor")(2)] * len(row.operands)
            with pytest.raises((RuntimeError, TypeError)):
                getattr(ops, name)(*operands)


def test_rows_have_names_of_their_own():
    kernel = optable.Kernel(signature="thing(x)", doc="A thing.", impl="thing.thing")
    composites = {
        where: optable.Composite(signature="thing(x, n)", doc="A thing.", impl="thing.thing", where=(where,))
        for where in (optable.TENSOR, optable.VARIABLE)
    }
    assert optable.joined({"pointwise": tuple(composites.values())}) == tuple(composites.values())
    for other in (kernel, *composites.values()):
        with pytest.raises(ValueError, match=r"'thing': thing\(x\) in optable/view.py.* in optable/linalg.py"):
            optable.joined({"view": (kernel,), "linalg": (other,)})
    with pytest.raises(ValueError, match="one needs another name"):
        optable.joined({"view": (composites[optable.TENSOR],) * 2})
