"""The public names of PyTorch 0.3.1 with their signatures, and whether the library has them.

python -m tests.conformance.api          what the library lacks or takes otherwise
python -m tests.conformance.api --write  brings gaps/api.txt up to date, keeping its reasons

A name is given by where it is found: "torch.nn.Linear", "torch.FloatTensor.add". What is recorded of it is its kind and
one of

    signature   Python's own, "(self, dim=None)", for functions in Python
                or the one its documentation gives, "doc: cross(input, other, dim=-1, out=None) -> Tensor"
    init        that of a class's __init__

Names in a documented signature are its author's choice ("input" where the keyword was `source`), so of those only the
number of parameters and the defaults count; the keywords themselves are among the recorded answers.
"""

import ast
import gzip
import importlib
import inspect
import json
import operator
import re
import sys
import warnings
from collections.abc import Callable, Iterator
from fnmatch import fnmatchcase as fnmatch
from functools import cache

from autograd_legacy import optable

from . import gaps
from .cases import HERE

LIBRARY = "autograd_legacy"
PLAIN = "(self, /, *args, **kwargs)"  # what Python says of a class without a signature of its own
ANY = object()  # a default that has no literal: <object object at 0x...>

# A parameter: its name, and its default as a value, ANY, or EMPTY where it has none.
EMPTY = inspect.Parameter.empty
Parameters = list[tuple[str, object]]


@cache
def recorded() -> dict[str, dict]:
    return json.loads(gzip.decompress((HERE / "api-0.3.1.json.gz").read_bytes()))


def modules() -> dict[str, dict]:
    """The modules by name, each with its names."""
    return {("torch" if m == "torch" else f"torch.{m}"): names for m, names in recorded().items() if m != "classes"}


@cache
def entries() -> dict[str, dict]:
    """What is recorded of each name. A module's own `import torch` is no name of its own."""
    classes = {name.replace("torch._C.", "torch."): members for name, members in recorded()["classes"].items()}
    owners = modules() | classes
    return {
        f"{owner}.{name}": entry
        for owner, names in owners.items()
        for name, entry in names.items()
        if isinstance(entry, dict) and name != "torch"
    }


def found(path: str) -> object:
    """The object of that name in the library. ImportError or AttributeError where there is none."""
    owner, _, name = path.rpartition(".")
    inside = owner.removeprefix("torch").lstrip(".")
    if owner in modules():  # some have the name of a function of their package: autograd.gradcheck
        here = importlib.import_module(f"{LIBRARY}.{inside}".rstrip("."))
    else:
        here = operator.attrgetter(inside)(importlib.import_module(LIBRARY))
    return getattr(here, name)


def why(path: str) -> str | None:
    """None where the library has the name and takes what 0.3.1 took; else one line saying what is not so."""
    entry = entries()[path]
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            has = found(path)
    except (ImportError, AttributeError) as error:
        return f"{type(error).__name__}: {error}"
    except RuntimeError:  # a property that refuses, as `data` of a tensor does
        return None
    signature = entry.get("signature") or entry.get("init") or ""
    names = path.split(".")
    if signature in ("", PLAIN) or names[-1].startswith("__"):  # operators are called by position
        return None
    documented = signature.startswith("doc: ")
    wanted = list(written(signature, names[-1])) if documented else [parsed(signature)]
    method = names[-2][0].isupper()
    where = optable.TORCH if not method else optable.TENSOR if names[-2].endswith("Tensor") else optable.VARIABLE
    taken = list(accepted(has.__init__ if entry["kind"] == "class" else has, names[-1], where))
    fits = takes_count if documented else takes
    if documented and method:  # some were written with self, some without
        taken += [[p for p in parameters if p[0] != "self"] for parameters in taken]
    missing = [want for want in wanted if not all(any(fits(p, some) for p in taken) for some in prefixes(want))]
    return f"takes {'; '.join(map(told, taken))} instead of {told(missing[0])}" if missing else None


def prefixes(parameters: Parameters) -> Iterator[Parameters]:
    """The parameters of calls that give none, one, ... all of those with a default."""
    needed = sum(default is EMPTY for _, default in parameters)
    for count in range(needed, len(parameters) + 1):
        yield [p for k, p in enumerate(parameters) if p[1] is EMPTY or k < count]


def parsed(signature: str) -> Parameters:
    """The parameters of "(self, dim=None, *args)". `async`, a name until Python 3.6, is kept."""
    text = re.sub(r"<[^<>]*(<[^<>]*>)?[^<>]*>", "...", signature).replace("async", "async_")
    arguments = ast.parse(f"def f{text}: pass").body[0].args
    named = [(a.arg.replace("async_", "async"), EMPTY) for a in arguments.posonlyargs + arguments.args]
    for k, default in enumerate(reversed(arguments.defaults), 1):
        named[-k] = (named[-k][0], literal(default))
    named += [("*", EMPTY)] if arguments.vararg else []
    named += [
        (a.arg, literal(d) if d else EMPTY) for a, d in zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True)
    ]
    return named


def literal(node: ast.expr) -> object:
    """A default's value, or ANY where it is no literal."""
    try:
        found = ast.literal_eval(node)
    except ValueError:
        return ANY
    return ANY if found is ... else found


def value(text: str) -> object:
    return literal(ast.parse(text, mode="eval").body)


def written(documented: str, name: str) -> Iterator[Parameters]:
    """The parameters of each line "name(a, b=1) -> Tensor" of a docstring, without out=; examples are passed over."""
    for line in documented.removeprefix("doc: ").split(" | "):
        if match := re.fullmatch(re.escape(name) + r"\(([^()]*)\)( ->.*)?", line):
            parts = [part.strip() for part in match[1].split(",") if part.strip() not in ("", "*")]
            pairs = [part.partition("=")[::2] for part in parts]
            yield [(n, value(d) if d else EMPTY) for n, d in pairs if n not in ("out", "generator")]


def accepted(function: Callable, name: str, where: str) -> Iterator[Parameters]:
    """The parameters that a function of the library takes, for each overload; `where` is the table's word."""
    method = where != optable.TORCH
    rows = overloads(name, where) or overloads(name.rstrip("_"), where)
    signature = python_signature(function)
    if signature is not None and not opaque(signature):
        yield of_signature(signature)
    elif rows:
        for row, call in rows:
            if call:
                yield of_call(call, method)
            else:
                module, _, attribute = row.impl.rpartition(".")
                behind = getattr(importlib.import_module(f"{LIBRARY}.{module}"), attribute)
                first, *others = of_signature(inspect.signature(behind))
                yield [("self", EMPTY), *others] if method else [first, *others]
    elif signature is not None:
        yield of_signature(signature)


@cache
def overloads(name: str, where: str) -> list[tuple[optable.Row, str]]:
    """The rows of the table behind a public name, each with one of its calls, or "" where Python parses them."""
    rows = [row for row in optable.ROWS if where in row.where]
    return [(row, call) for row in rows for call in row.calls if optable.public_name(call) == name] + [
        (row, "") for row in rows if isinstance(row, optable.Composite) and row.name == name
    ]


def python_signature(function: Callable) -> inspect.Signature | None:
    try:
        return inspect.signature(function)
    except (TypeError, ValueError):
        return None


def opaque(signature: inspect.Signature) -> bool:
    """Whether the signature says nothing: (*args, **kwargs)."""
    kinds = {p.kind for name, p in signature.parameters.items() if name != "self"}
    return kinds == {inspect.Parameter.VAR_POSITIONAL, inspect.Parameter.VAR_KEYWORD}


def of_signature(signature: inspect.Signature) -> Parameters:
    """The parameters; "*" and "**" stand for any number of further ones."""
    marks = {inspect.Parameter.VAR_POSITIONAL: "*", inspect.Parameter.VAR_KEYWORD: "**"}
    return [(marks.get(p.kind, p.name), p.default) for p in signature.parameters.values()]


def of_call(call: str, method: bool) -> Parameters:
    """The parameters of a call as the table spells it, "add(self, number value, Tensor other)"."""
    inside = call.rpartition(": ")[2].partition("(")[2].rpartition(")")[0]
    parameters = []
    for part in [part.strip() for part in inside.split(",")]:
        spec, _, default = part.partition("=")
        name = spec.split()[-1] if spec else "*"
        if name == "..." or spec.startswith("ints"):
            parameters.append(("*", EMPTY))
        elif name != "*" and not (method and name == "self"):
            parameters.append((name, value(default) if default else EMPTY))
    return [("self", EMPTY), *parameters] if method else parameters


def takes(ours: Parameters, theirs: Parameters) -> bool:
    """Whether a call that gives theirs, by place or by name, fits ours."""
    names = {name for name, _ in ours}
    for place, (name, default) in enumerate(theirs):
        if ("*" in names and (default is EMPTY or name == "*")) or ("**" in names and default is not EMPTY):
            continue
        if place >= len(ours) or (ours[place][0] != name and name != "self"):
            return False
        if name == "*":
            return False
        if EMPTY not in (default, ours[place][1]) and default is not ANY and ours[place][1] != default:
            return False
    return all(default is not EMPTY or name in ("*", "**") for name, default in ours[len(theirs) :])


def takes_count(ours: Parameters, theirs: Parameters) -> bool:
    """Whether ours takes as many arguments, with the same defaults where both have one of that name."""
    names = [name for name, _ in ours]
    counted = [default for name, default in ours if name not in ("out", "generator", "*", "**")]
    given = [name for name, _ in theirs if not name.startswith("*")]
    defaults = {name: default for name, default in ours if type(default) in (bool, int, float, str)}
    agree = all(default in (EMPTY, ANY, None) or defaults.get(name, default) == default for name, default in theirs)
    few = "*" in names or sum(default is EMPTY for default in counted) <= len(given)
    return agree and few and ("*" in names or "**" in names or len(given) <= len(counted))


def told(parameters: Parameters) -> str:
    return "(" + ", ".join(name if d is EMPTY else f"{name}={d!r}" for name, d in parameters) + ")"


def failures() -> dict[str, str]:
    """The names that the library lacks or takes otherwise, each with why."""
    return {path: reason for path in entries() if (reason := why(path))}


if __name__ == "__main__":
    failed = failures()
    for name, reason in failed.items():
        print(f"{name} :: {reason}")
    print(f"{len(entries()) - len(failed)} of {len(entries())}")
    if "--write" in sys.argv:
        known = gaps.read("api")
        listed = {name: next((known[p] for p in known if fnmatch(name, p)), "missing as yet") for name in failed}
        patterns = {p: reason for p, reason in known.items() if "*" in p and any(fnmatch(name, p) for name in failed)}
        alone = {name: why for name, why in listed.items() if not any(fnmatch(name, p) for p in patterns)}
        gaps.write("api", patterns | alone)
