"""What the errors of the graph say beyond 0.3.1's sentence: which lines of the program are at odds, and what to do.

The core gives what it knows. Files are read here, when an error is raised, and never before.
"""

from __future__ import annotations

import linecache
import zlib
from dataclasses import dataclass, field
from types import CodeType
from typing import Any

import numpy

from . import owners

CHANGED = "one of the variables needed for gradient computation has been modified by an inplace operation"
FREED = (
    "Trying to backward through the graph a second time, but the buffers have already been freed. Specify "
    "retain_graph=True when calling backward the first time."
)
UNSEEN = "past its version counter: through .data, as optimizers do, or through memory shared with NumPy"
OPERATORS = ("add", "sub", "mul", "div", "__and__", "__or__", "__xor__")
ASSIGNMENTS = ("set_part_", "set_number_")


# -- a line of the program ---------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Place:
    """A line of the program; `through` is the code of the library's function that it called."""

    file: str
    line: int
    function: str
    through: CodeType | None = None

    def __str__(self) -> str:
        within = "" if self.function == "<module>" else f" in {self.function}"
        return f"{self.file}:{self.line}{within}"

    @property
    def text(self) -> str:
        """The line itself; empty where its file is not to be read."""
        linecache.checkcache(self.file)
        return linecache.getline(self.file, self.line).strip()

    @property
    def callee(self) -> str:
        """The library's function, as SGD.step; empty where the line called the core."""
        return "" if self.through is None else getattr(self.through, "co_qualname", self.through.co_name)


# -- the parts of a message --------------------------------------------------------------------------------------------


def _lines(label: str, what: str, place: Place | None = None) -> list[str]:
    """A labelled part of a message: what happened, and where, with the line's text."""
    lines = [f"  {label + ':':<9} {what}"]
    if place is not None:
        lines.append(f"            at {place}")
        if place.text:
            lines.append(f"               {place.text}")
    return lines


def sized(value: Any) -> str:
    """The type and size of a tensor or a Variable, in words."""
    from .autograd import Variable

    kind = value.data.type() if isinstance(value, Variable) else value.type()
    return f"{kind} of size {'x'.join(map(str, value.size()))}"


def _called(variable: Any) -> str:
    """The same after what the program calls it, where that is found."""
    name = owners.name_of(variable)
    return f"{name}, a {sized(variable)}" if name else f"a {sized(variable)}"


# -- values that were changed in place ---------------------------------------------------------------------------------


def _inplace(name: str) -> str:
    """What an in-place operation is called in a program."""
    if name in ASSIGNMENTS:
        return "an assignment to a part"
    return name if name.endswith("_") or name[0].isupper() else f"{name}_"


def _remedy(name: str, place: Place | None) -> str:
    """What to write instead of an in-place operation."""
    if place is not None and place.through is not None and "inplace" in place.through.co_varnames:
        return f"call {place.through.co_name} without inplace=True"
    if name in ASSIGNMENTS:
        return "assign to a part of a copy, y = y.clone()"
    if name in OPERATORS and (place is None or f"{name}_(" not in place.text):
        return "compute a new Variable, y = y * 2 for y *= 2"
    if name[0].isupper():
        return "have forward change a copy, x.clone()"
    return f"call {name.rstrip('_')} for {_inplace(name)}, or let it change a copy, y.clone()"


def role(row: Any, slot: int) -> str:
    """What a row saved in a slot: one of its operands, or after these of its results."""
    k = slot - len(row.operands)
    if k >= 0:
        return f"its result {row.results[k]}" if len(row.results) > 1 else "its result"
    name = row.operands[slot]
    if len(row.operands) == 1:
        return "its operand"
    return f"its {name}" if len(name) > 1 else f"its operand {slot + 1} of {len(row.operands)}"


def changed(op: str, role: str, tensor: Any, at: int, now: int, changes: list, made_at: Place | None) -> str:
    """The message where `role` (as: its result) of an operation was saved at version `at` and has moved to `now`.

    changes: (version, operation, Place or None) for the lines that moved it, as far as they are known.
    """
    saved = f"{op} saved {role}, a {sized(tensor)}, at version {at}"
    lines = [CHANGED, *_lines("saved", saved, made_at)]
    for version, name, place in changes:
        how = f"by {_inplace(name)}, which made version {version}"
        lines += _lines("changed", f"{how}, in {place.callee}()" if place and place.callee else how, place)
    if now == at:
        lines += _lines("changed", UNSEEN)
    if now - at > 1:
        lines += _lines("changes", f"it was changed {now - at} times since, and is now at version {now}")
    remedies = dict.fromkeys(_remedy(name, place) for _, name, place in changes)
    lines += _lines("to do", "; ".join(remedies) or "change it after the last backward that needs it, or change a copy")
    return "\n".join(lines)


# -- graphs that were freed --------------------------------------------------------------------------------------------


def freed(op: str, by: Place | None, made_at: Place | None) -> str:
    """The message where the values that an operation saved have been freed by an earlier backward."""
    lines = [FREED, *_lines("needed", f"what {op} saved", made_at)]
    if by is not None:
        lines += _lines("freed", "by an earlier backward", by)
    remedy = "give that backward retain_graph=True, or compute the result anew for each backward"
    return "\n".join(lines + _lines("to do", remedy))


# -- refusals ----------------------------------------------------------------------------------------------------------


def leaf_changed(leaf: Any, op: str) -> str:
    """The message where an operation would change in place a leaf that requires gradients."""
    lines = ["a leaf Variable that requires grad has been used in an in-place operation."]
    lines += _lines("leaf", _called(leaf))
    lines += _lines("changed", f"by {_inplace(op)}")
    lines += _lines("to do", "change its .data, which is not recorded, or compute a new Variable from it")
    return "\n".join(lines)


def shared(variable: Any, op: str, count: int, others: list) -> str:
    """The message where an operation would change in place what other Variables share.

    others: of these the ones that were found, each with the line that made it, a Place or None.
    """
    lines = [
        "in-place operations can be only used on variables that don't share storage with any other variables, but "
        f"detected that there are {count} objects sharing it"
    ]
    lines += _lines("changed", f"{_called(variable)}, by {_inplace(op)}")
    for other, made_at in others:
        origin = "a leaf" if other.grad_fn is None else f"made by {type(other.grad_fn).__name__}"
        lines += _lines("sharing", f"{_called(other)}, {origin}", made_at)
    lines += _lines(
        "to do", "change a copy, y.clone(), or make the view anew after the change and let go of the old one"
    )
    return "\n".join(lines)


def unlike(text: str, leaf: Any, grad: Any, old: Any) -> str:
    """The message `text` of the sum of a new gradient with the one that a leaf has already."""
    lines = [text, *_lines("leaf", _called(leaf)), *_lines("has", f"a gradient, a {sized(old)}")]
    lines += _lines("got", f"another one, a {sized(grad)}")
    remedy = "give gradients of the leaf's type and size: to backward, from hooks, from the backward of a Function"
    return "\n".join(lines + _lines("to do", remedy))


def explain_roots(error: RuntimeError, variables: list, gradients: list) -> None:
    """Add to an error of backward which gradients it was given are of another type or size than their Variables."""
    lines = []
    for variable, gradient in zip(variables, gradients, strict=False):
        if sized(gradient) != sized(variable):
            lines += _lines("given", f"as the gradient of a {sized(variable)}: a {sized(gradient)}")
    if lines and type(error) is RuntimeError:
        error.args = ("\n".join([str(error), *lines, *_lines("to do", "give a gradient of its type and size")]),)


def no_scalar(variable: Any) -> str:
    """The message where a gradient must be given and is not."""
    lines = ["grad can be implicitly created only for scalar outputs", *_lines("given", f"a {sized(variable)}")]
    remedy = "make one number of it, y.sum().backward(), or give the gradient, y.backward(torch.ones(y.size()))"
    return "\n".join(lines + _lines("to do", remedy))


def no_graph(k: int, variable: Any) -> str:
    """The message where backward is called on a Variable that no gradient flows through."""
    if variable.volatile:
        lines = [f"element {k} of variables is volatile", *_lines("given", _called(variable))]
        remedy = "leave volatile=True to inference; what is computed from a volatile Variable is volatile, too"
    else:
        lines = [f"element {k} of variables does not require grad and does not have a grad_fn"]
        lines += _lines("given", _called(variable))
        remedy = "compute it from a Variable made with requires_grad=True; detach() and .data cut what leads to one"
    return "\n".join(lines + _lines("to do", remedy))


# -- what detect_anomaly() sees ----------------------------------------------------------------------------------------


@dataclass
class Watch:
    """What detect_anomaly() knows of a node: what its saved values held."""

    digests: dict[int, int] = field(default_factory=dict)

    def note(self, slot: int, value: Any) -> None:
        """What is saved in a slot now."""
        self.digests[slot] = _digest(value)

    def differs(self, slot: int, value: Any) -> bool:
        """Whether the elements of what was saved in a slot have changed since."""
        return slot in self.digests and self.digests[slot] != _digest(value)


def _digest(tensor: Any) -> int:
    return zlib.crc32(numpy.ascontiguousarray(_array(tensor)))


def _array(tensor: Any) -> numpy.ndarray:
    return numpy.asarray((tensor._values() if tensor.is_sparse else tensor).cpu())


def check_finite(tensor: Any, node: str, k: int, made_at: Place | None) -> None:
    """RuntimeError where gradient k that a node gave, or that the caller of backward did, is not finite."""
    values = _array(tensor)
    odd = ~numpy.isfinite(values)
    if not odd.any():
        return
    first = tuple(int(i) for i in numpy.argwhere(odd)[0])
    kind = "nan" if numpy.isnan(values[first]) else "an infinity"
    giver = f"{node} gave" if node else "backward was given"
    count = f"{int(odd.sum())} of {values.size} elements are not finite, the first at {list(first)}"
    lines = [f"{giver} {kind} as gradient {k}", *_lines("gradient", f"a {sized(tensor)}: {count}")]
    if node:
        lines += _lines("node", f"{node} was made", made_at)
        lines += _lines("to do", "look there at what the operation was given: the gradients that came to it are finite")
    raise RuntimeError("\n".join(lines))


def note_origin(error: BaseException, node: str, made_at: Place | None) -> None:
    """Add to an error that a node raised which line made the node; from Python 3.11 on, which has notes for that."""
    if made_at is not None and str(made_at) not in str(error) and hasattr(error, "add_note"):
        error.add_note("\n".join(_lines("raised", f"by {node}, which was made", made_at)))
