"""The op table: every op, said once.

setup.py reads it to write the loops, the backward nodes and the methods; the library, its GPU side, the docs and the tests read it at
run time. Plain standard-library Python, so that all of them can. One file per family; `row.py` says what a row can hold.
"""

from __future__ import annotations

from importlib import import_module

from .expression import Expression
from .row import ALL, DTYPES, EVERY, FLOATING, INTEGRAL, SIGNED, DType, Kernel, Op, Row, View

# A public name's overloads are tried in this order.
FAMILIES = ("pointwise", "comparison", "selection", "view", "conversion", "random")

ROWS: tuple = tuple(row for family in FAMILIES for row in import_module(f".{family}", __name__).ROWS)
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

    def layout(self, code: str, number: int | None = None) -> str:
        """The condition that all operands lie contiguous, but for the one that is a number (a step of 0)."""
        operand, result = self.c_types(code)
        n = len(self.kernel.names)
        steps = [f"s[{k}] == " + ("0" if k == number else f"sizeof({operand})") for k in range(n)]
        return " and ".join([*steps, f"s[{n}] == sizeof({result})"])

    def call(self, code: str, form: str, number: int | None = None) -> str:
        """The scalar function called on `form`, filled in with k for each operand; the number stands in a variable."""
        operand, _ = self.c_types(code)
        values = [f"w{k}" if k == number else form.format(k=k, T=operand) for k in range(len(self.kernel.names))]
        return f"{self.name}[{operand}]({', '.join(values)})"


def loops() -> tuple[dict, dict]:
    """All loops that the table needs, by name, and for each use ("mul", "mul.x" for its gradient) the loop's name and the operands' names.

    Two expressions that compute the same share a loop: the gradient of `mul` is `mul`.
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
    return {loop.name: loop for loop in by_key.values()}, uses


def header() -> str:
    """The loops' scalar functions, for g++ and NVRTC alike."""
    lines = ['#pragma once\n#include "scalar.h"\nnamespace ops {']
    for loop in loops()[0].values():
        arguments = ", ".join(f"T {name}" for name in loop.kernel.names)
        lines.append(f"template <typename T> AL_FN T {loop.name}({arguments}) {{ return T({loop.kernel.cpp}); }}")
    return "\n".join([*lines, "}", ""])
