"""CUDA kernels of the pointwise rows: one that computes the op, one that computes the gradients of all operands.

A kernel's text depends on the row, the type and the layout, and stands alone: the scalar functions of the table, the
row's own expressions, the kernel. So a changed row leaves the compiled kernels of the others in CuPy's cache.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

from .. import optable
from ..optable import Expression, Op

# How values of a type lie in memory, and the type they are computed in: NVRTC knows no int64_t, and Half is computed in
# single precision.
MEMORY = {
    "B": "unsigned char",
    "b": "signed char",
    "h": "short",
    "i": "int",
    "l": "long long",
    "e": "__half",
    "f": "float",
    "d": "double",
}
COMPUTED = {**MEMORY, "e": "float"}


@dataclass(frozen=True)
class Layout:
    """How the operands lie.

    numbers   the operands that are numbers, passed by value
    ndim      0: all tensors are contiguous and of one size; else the number of dimensions, whose sizes and steps are
              passed: a step of 0 broadcasts
    """

    numbers: tuple[str, ...] = ()
    ndim: int = 0

    @property
    def tag(self) -> str:
        """What distinguishes the kernel's name."""
        return "".join(f"_{name}" for name in self.numbers) + (f"_{self.ndim}d" if self.ndim else "")


CONTIGUOUS = Layout()


@dataclass(frozen=True)
class Source:
    """A kernel: its name, the text it needs before it, its own text, and its parameters in order, name -> C type.

    The parameters are the operands (pointers, or numbers), the results (pointers), `n`, the number of elements, and for
    a layout with dimensions their sizes n0, n1, ... and for each tensor in turn its steps in elements, x_0, x_1, ...
    """

    name: str
    prelude: str
    kernel: str
    parameters: dict[str, str]

    @property
    def text(self) -> str:
        """What NVRTC compiles."""
        return self.prelude + self.kernel


def forward(op: Op, code: str, layout: Layout = CONTIGUOUS) -> Source:
    """The kernel that computes `op` for the type of a NumPy code; the result of a comparison is of bytes."""
    return _kernel(f"al_{op.name}", code, layout, {"out": op.kernel}, "B" if op.result else code)


def backward(op: Op, code: str, wanted: tuple[str, ...] = (), layout: Layout = CONTIGUOUS) -> Source:
    """The kernel that computes the gradients of the operands `wanted` (all that have one, if none is named), before any
    broadcasting is undone. Its operands are what the rules mention: grad, the op's, out; its results are grad_x, ...
    """
    wanted = wanted or tuple(op.grads)
    names = ("grad", *op.operands, *op.results)
    results = {f"grad_{operand}": Expression(op.grads[operand], names) for operand in wanted}
    return _kernel(f"al_{op.name}_backward_{'_'.join(wanted)}", code, layout, results, code)


@cache
def _scalar_functions() -> str:
    return (Path(optable.__file__).parent / "scalar.h").read_text().replace("#pragma once\n", "")


def _kernel(name: str, code: str, layout: Layout, results: dict[str, Expression], result_code: str) -> Source:
    """A kernel over all elements that computes some expressions of the same operands."""
    name = f"{name}_{optable.DTYPE[code].name.lower()}{layout.tag}"
    operands = list(dict.fromkeys(operand for expression in results.values() for operand in expression.names))
    numbers = [operand for operand in operands if operand in layout.numbers]
    tensors = [operand for operand in operands if operand not in numbers]
    dims = range(layout.ndim)
    steps = [f"{tensor}_{d}" for tensor in (*tensors, *results) for d in dims]
    sizes = [f"n{d}" for d in dims]
    computed = COMPUTED[code]

    parameters = {operand: computed if operand in numbers else f"const {MEMORY[code]}*" for operand in operands}
    parameters |= dict.fromkeys(results, f"{MEMORY[result_code]}*")
    parameters |= dict.fromkeys(("n", *sizes, *steps), "long long")
    body = _positions(tensors, list(results), layout.ndim)
    body += [f"const {computed} {tensor}_i = {_loaded(f'{tensor}[{tensor}_at]', code)};" for tensor in tensors]
    for result, expression in results.items():
        values = ", ".join(operand if operand in numbers else f"{operand}_i" for operand in expression.names)
        value = f"{_function(name, result)}<{computed}>({values})"
        body.append(f"{result}[{result}_at] = {_stored(value, result_code)};")

    declared = ", ".join(f"{kind} {parameter}" for parameter, kind in parameters.items())
    lines = [
        *(expression.function(_function(name, result)) for result, expression in results.items()),
        f'extern "C" __global__ void {name}({declared}) {{',
        # A fixed grid strides over the elements, however many there are.
        "    const long long stride = (long long)gridDim.x * blockDim.x;",
        "    for (long long i = (long long)blockIdx.x * blockDim.x + threadIdx.x; i < n; i += stride) {",
        *(f"        {line}" for line in body),
        "    }",
        "}",
        "",
    ]
    prelude = ("#include <cuda_fp16.h>\n" if code == "e" else "") + _scalar_functions()
    return Source(name, prelude, "\n".join(lines), parameters)


def _function(kernel: str, result: str) -> str:
    """The name of the function for one result: never one that CUDA has."""
    return f"{kernel}_{result}_of"


def _positions(tensors: list[str], results: list[str], ndim: int) -> list[str]:
    """Where element i of each tensor lies, as statements."""
    if not ndim:
        return [f"const long long {tensor}_at = i;" for tensor in (*tensors, *results)]
    lines = ["long long rest = i;"]
    for d in range(ndim - 1, 0, -1):
        lines += [f"const long long i{d} = rest % n{d};", f"rest /= n{d};"]
    lines.append("const long long i0 = rest;")
    for tensor in (*tensors, *results):
        lines.append(f"const long long {tensor}_at = {' + '.join(f'i{d} * {tensor}_{d}' for d in range(ndim))};")
    return lines


def _loaded(element: str, code: str) -> str:
    return f"__half2float({element})" if code == "e" else element


def _stored(value: str, code: str) -> str:
    return f"__float2half({value})" if code == "e" else value
