"""The op table: every op, said once.

setup.py reads it to write the loops, the backward nodes and the methods; the library, its GPU side, the docs and the
tests read it at run time. Plain standard-library Python, so that all of them can. One file per family; `row.py` says
what a row can hold.
"""

from __future__ import annotations

from importlib import import_module

from .expression import Expression
from .row import (
    ALL,
    CONSTANT,
    DTYPES,
    EVERY,
    FLOATING,
    INTEGRAL,
    SIGNED,
    TENSOR,
    TORCH,
    VARIABLE,
    Composite,
    DType,
    Kernel,
    Op,
    Row,
    View,
)

# A public name's overloads are tried in this order.
FAMILIES = (
    "pointwise",
    "comparison",
    "selection",
    "view",
    "conversion",
    "structure",
    "index",
    "join",
    "creation",
    "matrix",
    "linalg",
    "random",
    "activation",
    "loss",
    "convolution",
    "pooling",
    "normalization",
    "softmax",
    "nll",
    "recurrent",
    "embedding",
    "resampling",
    "padding",
    "reduction",
    "scan",
    "sorting",
)


def joined(families: dict[str, tuple[Row, ...]]) -> tuple[Row, ...]:
    """The rows of all families, in order.

    ValueError where two have one name, by which all else finds them. A composite may stand beside another row: one for
    Tensors, the other for Variables.
    """
    named: dict[str, list] = {}
    for family, rows in families.items():
        for row in rows:
            for other, place in named.setdefault(row.name, []):
                shared = [where for where in row.where if where in other.where]
                if shared or not (isinstance(row, Composite) or isinstance(other, Composite)):
                    raise ValueError(
                        f"two rows are named {row.name!r}: {other.signature} in optable/{place}.py, for "
                        f"{', '.join(other.where) or 'the library'}, and {row.signature} in optable/{family}.py, for "
                        f"{', '.join(row.where) or 'the library'}; one needs another name"
                    )
            named[row.name].append((row, family))
    return tuple(row for rows in families.values() for row in rows)


ROWS: tuple = joined({family: import_module(f".{family}", __name__).ROWS for family in FAMILIES})
OPS: tuple = tuple(row for row in ROWS if isinstance(row, Op))
DTYPE = {dtype.code: dtype for dtype in DTYPES}


class Loop:
    """An inner loop: `kernel` over values of one type, giving that type or, for a comparison, 0 and 1 in a byte."""

    def __init__(self, name: str, kernel: Expression, result: str = ""):
        self.name, self.kernel, self.result = name, kernel, result
        self.dtypes = ""

    def add(self, dtypes: str) -> None:
        self.dtypes = "".join(d.code for d in DTYPES if d.code in self.dtypes + dtypes)

    def c_types(self, code: str) -> tuple[str, str]:
        """The C types of the operands and of the result."""
        return DTYPE[code].c, DTYPE[self.result[0]].c if self.result else DTYPE[code].c

    @property
    def long(self) -> bool:
        """Whether it computes so long that memory need not be waited for: registers that are wider still pay."""
        return any(f"al::{name}<" in self.kernel.cpp for name in ("exp", "log", "log1p", "sigmoid"))

    @property
    def layouts(self) -> list[tuple[int, ...]]:
        """The sets of operands that may be numbers in a loop of its own: none, any one, all but any one."""
        n = len(self.kernel.names)
        ones = [(k,) for k in range(n)] if n > 1 else []
        others = [tuple(i for i in range(n) if i != k) for k in range(n)] if n > 2 else []
        return ([()] if n else []) + ones + others

    def layout(self, code: str, numbers: tuple[int, ...]) -> str:
        """The condition that all operands lie contiguous, but for those that are numbers (a step of 0)."""
        operand, result = self.c_types(code)
        n = len(self.kernel.names)
        steps = [f"s[{k}] == " + ("0" if k in numbers else f"sizeof({operand})") for k in range(n)]
        return " and ".join([*steps, f"s[{n}] == sizeof({result})"])

    def call(self, code: str, form: str, numbers: tuple[int, ...] = ()) -> str:
        """The scalar function called on `form`, filled in with k for each operand; numbers stand in variables."""
        operand, _ = self.c_types(code)
        values = [f"w{k}" if k in numbers else form.format(k=k, T=operand) for k in range(len(self.kernel.names))]
        return f"{self.name}[{operand}]({', '.join(values)})"


def loops(only_long: bool = False) -> tuple[dict, dict]:
    """All loops that the table needs, or those that compute long, by name, and all uses of loops.

    A use ("mul", or "mul.x" for the gradient) maps to the loop's name and the operands' names. Two expressions that
    compute the same share a loop: the gradient of `mul` is `mul`.
    """
    by_key, by_name, uses = {}, {}, {}

    def use(name, expression, dtypes, result=""):
        key = (expression.key, result)
        if key not in by_key:
            by_key[key] = by_name[name] = Loop(name.replace(".", "__"), expression, result)
        by_key[key].add(dtypes)
        uses[name] = (by_key[key].name, expression.names)

    for op in OPS:
        use(op.name, op.kernel, op.dtypes)
        if op.result:
            use(f"{op.name}.to_{op.result.lower()}", op.kernel, op.dtypes, op.result)
    for op in OPS:
        for operand, text in op.grads.items():
            use(f"{op.name}.{operand}", Expression(text, ("grad", *op.operands, *op.results)), op.dtypes)
    return {loop.name: loop for loop in by_key.values() if loop.long or not only_long}, uses


class Rule:
    """A gradient rule: `keys` are the operands whose gradients it gives, `names` what it mentions."""

    def __init__(self, row: Row, keys: tuple, text: str):
        sizes = tuple(f"{operand}_size" for operand in row.operands)
        gradients = ("grad",) if len(row.results) == 1 else tuple(f"grad_{result}" for result in row.results)
        expression = Expression(text, (*gradients, "grads", "needs", *row.operands, *row.results, *sizes))
        self.keys, self.names, self.python = keys, expression.names, expression.python
        self.name = f"{row.name}__{'_'.join(keys)}"


def rules(row: Row) -> tuple[Rule, ...]:
    return tuple(Rule(row, key if isinstance(key, tuple) else (key,), text) for key, text in row.grads.items())


def without_rule(row: Row) -> tuple[str, ...]:
    """The operands that no gradient is known for, but for indices and masks, which have none."""
    known = {key for rule in rules(row) for key in rule.keys} | set(indices(row))
    return tuple(operand for operand in row.operands if operand not in known)


def indices(row: Row) -> tuple[str, ...]:
    """The operands that are indices or masks: no edge of the graph, no flag of theirs reaches the result."""
    found = set()
    for call in row.calls:
        arguments = [a for a in call.partition("(")[2].rstrip(")").split(",") if a.strip() != "*"]
        pairs = zip(row.operands, arguments, strict=False)
        found |= {
            operand for operand, a in pairs if a.split()[0].rstrip("?") in ("ByteTensor", "IntTensor", "LongTensor")
        }
    return tuple(operand for operand in row.operands if operand in found)


def node_names(row: Row) -> tuple[str, ...]:
    """The names of a row's backward nodes: with numbers for operands and with tensors, where it takes both."""
    if isinstance(row.node, tuple):
        return row.node
    base = row.node or "".join(part.title() for part in row.name.strip("_").split("_")) + "Backward"
    kinds = {word.split()[0] for call in row.calls for word in call.partition("(")[2].rstrip(")").split(",")}
    both = isinstance(row, Op) and len(row.operands) == 2 and "Tensor" in kinds and "number" in kinds
    return (f"{base}0", f"{base}1") if both else (base,)


def header() -> str:
    """The loops' scalar functions, for g++ and NVRTC alike."""
    lines = ['#pragma once\n#include "scalar.h"\nnamespace ops {']
    lines += [loop.kernel.function(loop.name) for loop in loops()[0].values()]
    return "\n".join([*lines, "}", ""])


# The chain of tensor classes: a method stands in the first class all of whose types have it.
CLASSES = (("Tensor", EVERY), ("NumericTensor", ALL), ("SignedTensor", SIGNED), ("FloatingTensor", FLOATING))


class Method:
    """A method of Tensors or Variables: the overloads of a public name, out of place or in place."""

    def __init__(self, name: str, public: str, row: Row, inplace: bool):
        self.name, self.public, self.row, self.inplace = name, public, row, inplace
        self.dtypes = ""
        self.composite = isinstance(row, Composite)


def public_name(call: str) -> str:
    """The name that a call has: "add" of "add(self, number value)", "clamp" of "variable: clamp(self, number min)"."""
    return call.partition("(")[0].rpartition(": ")[2]


def documentation(name: str, where: str) -> str:
    """The docstring of a public name: how it is called, a line for each overload, and below them what they compute."""
    lines = []
    for row in ROWS:
        calls = [call.rpartition(": ") for call in row.calls if public_name(call) == name]
        own = [text for only, _, text in calls if only in ("", where)]
        if where in row.where and (own or (isinstance(row, Composite) and row.name == name)):
            lines += [*own, f"    {row.doc}" if own else row.doc]
    return "\n".join(lines)


def methods(where: str) -> dict[str, Method]:
    """All methods of Tensors (TENSOR) or of Variables (VARIABLE), by name, with the types of all their overloads."""
    found: dict[str, Method] = {}

    def add(name, public, row, inplace):
        method = found.setdefault(name, Method(name, public, row, inplace))
        method.dtypes += row.dtypes

    for row in ROWS:
        if where not in row.where:
            continue
        if isinstance(row, Composite):
            add(row.name, row.name, row, False)
        for call in row.calls:
            if call.startswith(("torch: ", "tensor: ", "variable: ")) and not call.startswith(f"{where}: "):
                continue
            public, arguments = public_name(call), call.partition("(")[2]
            if "self" not in [word.strip(" )") for word in arguments.split(",")]:
                continue
            changes = public.endswith("_")
            add(public, public, row, changes)
            if row.inplace:
                add(f"{public}_", public, row, True)
            if where == VARIABLE and getattr(row, "functional", False):
                add(public.rstrip("_"), public, row, False)
    return found


def class_of(dtypes: str) -> str | None:
    """The class of CLASSES whose types are these; None: each type of its own."""
    for name, types in CLASSES:
        if set(types) == set(dtypes):
            return name
    return None


def base_of(code: str) -> str:
    """The last class of CLASSES that a type belongs to."""
    return [name for name, types in CLASSES if code in types][-1]


def class_before(name: str) -> str:
    """The class that one of CLASSES derives from."""
    names = [n for n, _ in CLASSES]
    return names[names.index(name) - 1]
