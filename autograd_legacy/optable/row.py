"""The forms that a row of the table can take.

Plain standard-library Python: setup.py reads it to write the core; the library, its GPU side, the docs and the tests
read it at run time.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property

from .expression import Expression


@dataclass(frozen=True)
class DType:
    code: str  # NumPy's character
    name: str  # "Float", as in FloatTensor
    c: str  # the C type
    size: int


DTYPES = (
    DType("B", "Byte", "uint8_t", 1),
    DType("b", "Char", "int8_t", 1),
    DType("h", "Short", "int16_t", 2),
    DType("i", "Int", "int32_t", 4),
    DType("l", "Long", "int64_t", 8),
    DType("e", "Half", "uint16_t", 2),  # storage and conversion only; arithmetic is the GPU's
    DType("f", "Float", "float", 4),
    DType("d", "Double", "double", 8),
)
EVERY, ALL, SIGNED, FLOATING, INTEGRAL = "Bbhilefd", "Bbhilfd", "hilfd", "fd", "Bbhil"

# Where an op can be called: torch.op(x), tensor.op(), variable.op(). The library itself calls every row as ops.op.
TORCH, TENSOR, VARIABLE = "torch", "tensor", "variable"
EVERYWHERE = (TORCH, TENSOR, VARIABLE)
VOLATILE, CONSTANT = "volatile", "constant"


@dataclass(frozen=True, kw_only=True)
class Row:
    """What all rows have.

    signature   "gather(x, dim, index)": the names of the row and of its operands, in the implementation's order
    doc         one sentence and, where there is one, the formula
    calls       how 0.3.1 spelled it: one string for each overload, "add(self, number value, Tensor other)". Its
                arguments bind, in this order, to the operands; `self` may stand later, as in "addmm(number beta=1,
                self, number alpha=1, Tensor mat1, Tensor mat2)". "type name=default"; "type? name" takes None too;
                "*" makes the rest keyword-only. Types: Tensor (of self's type), AnyTensor, LongTensor, IntTensor,
                ByteTensor, FloatTensor..., number (of self's type: no float for an integer tensor), real, int, dim,
                bool, str, ints (a Size, a list or trailing ints), tensors (a list or tuple of Tensors of one type),
                object. "variable: name(...)" is for Variables alone (or tensor: or torch:). Rows may share a public
                name: their overloads are tried in the order of the table. A row without calls is the library's own.
    dtypes      the types of self that have it
    grads       operand -> expression in grad, the operands and out. An operand's sizes alone are `x_size`. A tuple of
                operands as the key: the expression gives a tuple, and may use `needs`, a tuple of bools in the order
                of the key.
    outputs     names of the results where there are several ("values, indices"); their gradients are grad_values...
                Where their number varies, one name for all; their gradients are the list `grads`, with None for those
                without.
    constant    the results that carry no gradient ("indices")
    where       see EVERYWHERE
    inplace     whether x.name_() exists
    out         whether torch.name(..., out=) exists
    """

    signature: str
    doc: str
    calls: tuple = ()
    dtypes: str = ALL
    grads: dict = field(default_factory=dict)
    outputs: str = "out"
    constant: str = ""
    where: tuple = EVERYWHERE
    inplace: bool = False
    out: bool = True
    # The name of the backward node, where it is not the row's name. A tuple of names is chosen from by the number of
    # spatial dimensions, which is the length of the second operand.
    node: str | tuple = ""
    # 0.3.1 computed it in Python: on Variables, the result has a node, and is no leaf, even where nothing requires
    # gradients, and wrong arguments are TypeErrors.
    leaves_node: bool = False
    # In place, 0.3.1 gave the changed values as another Variable; x kept its history, which knows nothing of it.
    gives_another: bool = False
    copies: str = ""  # an operand that is saved as a copy, so that it may be changed in place afterwards
    # 0.3.1's gradient of an operand asked for the operand where the rule here does not: its second derivative was
    # zeros, and not missing. (operand, whether these were VOLATILE or CONSTANT Variables in a pass without graph)
    zero_second: tuple = ()
    sample: tuple = (-2.0, 2.0)  # where the tests draw from

    @cached_property
    def name(self) -> str:
        return self.signature.partition("(")[0]

    @cached_property
    def operands(self) -> tuple:
        inside = self.signature.partition("(")[2].rstrip(")")
        return tuple(a.strip() for a in inside.split(",")) if inside else ()

    @cached_property
    def differentiable(self) -> frozenset:
        """The operands that have a gradient."""
        return frozenset(name for names in self.grads for name in ([names] if isinstance(names, str) else names))

    @cached_property
    def results(self) -> tuple:
        return tuple(o.strip() for o in self.outputs.split(","))

    @cached_property
    def constants(self) -> tuple:
        return tuple(o.strip() for o in self.constant.split(",") if o)


@dataclass(frozen=True, kw_only=True)
class Op(Row):
    """A pointwise op: `value` and `grads` are expressions that C++, CUDA and Python read alike (see expression.py)."""

    value: str
    ufunc: str = ""  # the NumPy ufunc whose SIMD loop serves Float and Double
    result: str = ""  # "Byte": a comparison, whose result is a ByteTensor
    divisor: str = ""  # the operand that must not be 0 where the type is an integer

    @cached_property
    def kernel(self) -> Expression:
        return Expression(self.value, self.operands)


@dataclass(frozen=True, kw_only=True)
class Kernel(Row):
    """A hand-written op: `impl` names the function, "index.gather" being `gather` in pyx/index.pyx.

    It is called with the operands in order, on Tensors, and `out=` where the caller gave one or the op is done in
    place; it returns a Tensor, a Python number (a full reduction: Variables wrap it in a tensor of one element) or a
    tuple. `grads` are Python, evaluated on Tensors in a plain backward and on Variables where a graph of the gradients
    is asked for; the names they call are methods and rows. A row whose name ends in "_" changes its first operand in
    place and returns it; with `functional`, Variables also have the form without underscore, which works on a clone.
    """

    impl: str
    functional: bool = False


@dataclass(frozen=True, kw_only=True)
class View(Kernel):
    """A view of its first operand: the result shares memory and version counter.

    With `inplace`, x.name_() changes x's own sizes.
    """

    out: bool = False


@dataclass(frozen=True, kw_only=True)
class Composite(Row):
    """A function in plain Python, on Tensors and Variables alike.

    `impl` is "module.function" in autograd_legacy; self is its first argument. It parses its own arguments and has no
    node: gradients follow from what it calls.
    """

    impl: str
