"""How 0.3.1 spelled its calls: overloads, tried in turn, matched against the arguments given."""

import warnings

from cpython.float cimport PyFloat_Check
from cpython.long cimport PyLong_AsDouble, PyLong_Check

from .. import optable

from .storage cimport HALF, N_DTYPES
from .tensor cimport Tensor, type_name, wrap_dim
from .graph cimport Tracked
from .operation cimport operation

cdef enum Kind:
    SELF, TENSOR, ANY_TENSOR, TYPED_TENSOR, NUMBER, REAL, INT, DIM, BOOL, STR, INTS, TENSORS, OBJECT

cdef dict _KINDS = {
    "self": SELF, "Tensor": TENSOR, "AnyTensor": ANY_TENSOR, "number": NUMBER, "real": REAL, "int": INT, "dim": DIM,
    "bool": BOOL,
    "str": STR, "ints": INTS, "tensors": TENSORS, "object": OBJECT,
}
cdef dict _WORDS = {
    SELF: "a tensor", ANY_TENSOR: "a tensor", REAL: "a number", INT: "an int", DIM: "an int", BOOL: "a bool",
    STR: "a str", INTS: "ints, or one list, tuple or torch.Size of them",
    TENSORS: "a list or tuple of tensors of one type", OBJECT: "anything",
}
cdef list _TYPES = [f"{dtype.name}Tensor" for dtype in optable.DTYPES]
cdef tuple _SELF_NAMES = ("source", "tensor")
cdef object _MISSING = object()


cdef class Parameter:
    cdef str text, name
    cdef Kind kind
    cdef int dtype                   # of a TYPED_TENSOR
    cdef bint optional, keyword_only
    cdef object default

    def __init__(self, str text, bint keyword_only):
        spec, _, default = text.partition("=")
        words = spec.split()
        kind = words[0]
        self.text = text
        self.name = words[len(words) - 1]
        self.keyword_only = keyword_only
        self.optional = kind.endswith("?")
        kind = kind.rstrip("?")
        self.dtype = _TYPES.index(kind) if kind in _TYPES else -1
        self.kind = TYPED_TENSOR if self.dtype >= 0 else _KINDS[kind]
        self.default = _constant(default) if default else _MISSING

    cdef bint takes(self, object value, Tensor owner, bint variables) except -1:
        """Whether the parameter accepts the value, for an owner of such a type."""
        cdef Kind kind = self.kind
        if value is None:
            return self.optional
        if kind == TENSOR:
            return isinstance(value, Tracked) if variables else _is_of_type(value, owner.dtype)
        if kind == NUMBER:
            return PyLong_Check(value) or (PyFloat_Check(value) and (variables or owner is None or owner.dtype >= HALF))
        if kind == DIM or kind == INT:
            return PyLong_Check(value) and not isinstance(value, bool)
        if kind == BOOL:
            return isinstance(value, bool)
        if kind == REAL:
            return PyFloat_Check(value) or PyLong_Check(value)
        if kind == TYPED_TENSOR:
            return isinstance(value, Tracked) if variables else _is_of_type(value, self.dtype)
        if kind == ANY_TENSOR or kind == SELF:
            return isinstance(value, Tracked if variables else Tensor)
        if kind == INTS:
            return isinstance(value, (tuple, list)) and _all_ints(value)
        if kind == TENSORS:
            if isinstance(value, Tensor):
                return (<Tensor>value).ndim > 1
            return isinstance(value, (tuple, list)) and _all_of_a_kind(value, variables)
        if kind == STR:
            return isinstance(value, str)
        return True

    cdef str wanted(self, Tensor owner, bint variables):
        """What the parameter accepts, in words."""
        cdef Kind kind = self.kind
        cdef str text
        if kind in (TENSOR, ANY_TENSOR, SELF, TYPED_TENSOR) and variables:
            text = "a Variable"
        elif kind == TENSOR:
            text = f"a {type_name(owner.dtype)}" if owner is not None else "a tensor"
        elif kind == TYPED_TENSOR:
            text = f"a {type_name(self.dtype)}"
        elif kind == NUMBER:
            text = "a number" if variables or owner is None or owner.dtype >= HALF else "an int"
        else:
            text = _WORDS[kind]
        return f"{text} or None" if self.optional else text


cdef bint _is_of_type(object value, int dtype) noexcept:
    return isinstance(value, Tensor) and (<Tensor>value).dtype == dtype


cdef object _constant(str text):
    """A default as the table writes it."""
    text = text.strip()
    if text in ("None", "True", "False"):
        return {"None": None, "True": True, "False": False}[text]
    try:
        return int(text)
    except ValueError:
        return float(text)


cdef bint _all_ints(object values) except -1:
    for value in values:
        if type(value) is not int:
            return False
    return True


cdef bint _all_of_a_kind(object values, bint variables) except -1:
    for value in values:
        if not isinstance(value, Tracked if variables else Tensor):
            return False
        if not variables and ((<Tensor>value).dtype != (<Tensor>values[0]).dtype or (<Tensor>value).dtype >= N_DTYPES):
            return False
    return True


cdef bint _keepdim_warning = False


def set_keepdim_warning(bint enabled):
    """Whether to warn where keepdim is left to its default, which was True before PyTorch 0.2 (utils.backcompat)."""
    global _keepdim_warning
    _keepdim_warning = enabled


cdef class Call:
    def __init__(self, str row, str text, tuple where):
        self.row_name, self.text = row, text
        self.of_torch = optable.TORCH in where
        self.of_tensors = optable.TENSOR in where
        self.of_variables = optable.VARIABLE in where

    cdef int parse(self) except -1:
        self.row = operation(self.row_name)
        self.name, _, inside = self.text.rstrip(")").partition("(")
        self.parameters = []
        self.self_at = -1
        self.changes = self.row.row.inplace or self.row_name.endswith("_")
        self.on_tensors = optable.TENSOR in self.row.row.where
        self.on_variables = optable.VARIABLE in self.row.row.where
        keyword_only = False
        for part in inside.split(","):
            part = part.strip()
            if part == "*":
                keyword_only = True
            elif part:
                if part == "self":
                    self.self_at = len(self.parameters)
                self.parameters.append(Parameter(part, keyword_only))
        return 0

    cdef bint bind(self, object owner, tuple args, dict kwargs, bint variables, list values) except -1:
        """Put the operands' values in order into `values`; False where the arguments do not fit. owner is self of a
        method, or None in torch.name().
        """
        cdef Py_ssize_t at = 0, given = len(args), used = 0
        cdef Parameter p
        cdef bint method = owner is not None
        cdef bint keepdim_left_out = False
        cdef Tensor like
        if self.parameters is None:
            self.parse()
        if method:
            if self.self_at < 0 or not (self.on_variables if variables else self.on_tensors):
                return False
        else:
            owner = self._owner(args, kwargs, variables)
            if owner is None and self.self_at >= 0:
                return False
        like = (<Tracked>owner).data_ if isinstance(owner, Tracked) else owner
        for p in self.parameters:
            if p.kind == SELF and method:
                values.append(owner)
                continue
            if at < given and not p.keyword_only:
                value = args[at]
                if p.takes(value, like, variables):
                    values.append(_converted(p, value, like))
                    at += 1
                    continue
                if p.kind == INTS and _all_ints(args[at:]):
                    values.append(args[at:])
                    at = given
                    continue
            if kwargs:
                if p.kind == SELF:
                    for name in _SELF_NAMES:
                        if name in kwargs:
                            break
                else:
                    name = p.name
                if name in kwargs:
                    if at < given and not variables and not p.keyword_only:
                        return False     # Tensors, unlike Variables, take no positional argument after a keyword
                    value = kwargs[name]
                    if not p.takes(value, like, variables):
                        return False
                    values.append(_converted(p, value, like))
                    used += 1
                    continue
            if p.default is _MISSING:
                return False
            values.append(_converted(p, p.default, like))
            keepdim_left_out = _keepdim_warning and p.name == "keepdim"
        if at != given or (kwargs and used != len(kwargs)):
            return False
        if keepdim_left_out and not variables:
            warnings.warn(
                f'call to "{self.name}" uses default value for keepdim which has changed default to False.',
                stacklevel=1,
            )
        return True

    cdef str mismatch(self, object owner, tuple args, dict kwargs, bint variables):
        """Why the arguments do not fit, as bind() finds: it names the first that does not, and what is taken there."""
        cdef Py_ssize_t at = 0, given = len(args)
        cdef Parameter p, passed_over = None
        cdef Tensor like
        cdef bint method = owner is not None
        cdef set left = set(kwargs or ())
        self.parse()
        if not method:
            owner = self._owner(args, kwargs, variables)
        like = (<Tracked>owner).data_ if isinstance(owner, Tracked) else owner
        for p in self.parameters:
            if p.kind == SELF and method:
                continue
            if at < given and not p.keyword_only:
                if p.takes(args[at], like, variables):
                    at += 1
                    continue
                if p.kind == INTS and _all_ints(args[at:]):
                    at = given
                    continue
                if p.default is _MISSING:
                    return _unfit(at, p, args[at], like, variables)
                passed_over = passed_over or p
            names = [name for name in (_SELF_NAMES if p.kind == SELF else (p.name,)) if name in left]
            if names:
                if not p.takes(kwargs[names[0]], like, variables):
                    return f"{names[0]} has to be {p.wanted(like, variables)}, not {_described(kwargs[names[0]])}"
                left.remove(names[0])
            elif p.default is _MISSING:
                return f"{p.name}, {p.wanted(like, variables)}, is missing"
        if left:
            return f"there is no keyword {sorted(left)[0]}"
        if at < given and passed_over is not None:
            return _unfit(at, passed_over, args[at], like, variables)
        if at < given:
            return f"it takes {at} argument{'' if at == 1 else 's'}, not {given}"
        return "it is not done in place"

    cdef object _owner(self, tuple args, dict kwargs, bint variables):
        """The tensor whose type decides, in a call of torch.name()."""
        kind = Tracked if variables else Tensor
        for value in args:
            if isinstance(value, kind):
                return value
            if isinstance(value, (tuple, list)) and len(value) and isinstance(value[0], kind):
                return value[0]
        if kwargs:
            for name in (*_SELF_NAMES, *kwargs):
                value = kwargs.get(name)
                if isinstance(value, kind):
                    return value
        return None


cdef str _unfit(Py_ssize_t at, Parameter p, object value, Tensor like, bint variables):
    name = "sizes" if p.name == "..." else p.name
    return f"argument {at + 1}, {name}, has to be {p.wanted(like, variables)}, not {_described(value)}"


cdef object _converted(Parameter p, object value, Tensor like):
    if p.kind == DIM and value is not None and like is not None:
        return wrap_dim(value, like.ndim)
    if p.kind == NUMBER and like is not None and like.dtype < HALF and PyFloat_Check(value):
        return int(value)                # only Variables get here: their numbers take the Variable's type
    if p.kind == REAL and PyLong_Check(value):       # not by __float__, which may be anybody's code
        return PyLong_AsDouble(value)
    if p.kind == INTS:
        return tuple(value)
    if p.kind == TENSORS and isinstance(value, Tensor):
        return list(value)
    return value


cdef inline bint _is_open(Call call, object owner, bint variables) noexcept:
    """Whether the call is one of Tensors' methods, of Variables' or of torch.name, whichever is asked for."""
    if variables:
        return call.of_variables or owner is None and call.of_torch
    return call.of_torch if owner is None else call.of_tensors


cdef class Overloads:
    def __init__(self, str name):
        self.name = name
        self.calls = []

    cdef int add_text(self, str row, str text, tuple where) except -1:
        self.calls.append(Call(row, text, where))
        return 0

    cdef Call find(self, object owner, tuple args, dict kwargs, bint variables, list bound):
        """The first call that fits; its operands are put into bound. Where none fits, the refusal is raised."""
        cdef Call call
        for call in self.calls:
            if not _is_open(call, owner, variables):
                continue
            if call.bind(owner, args, kwargs, variables, bound):
                return call
            bound.clear()
        raise self.refusal(owner, args, kwargs, variables)

    def refusal(self, owner, tuple args, dict kwargs, bint variables):
        """The error that says what was given and what is accepted."""
        cdef Call call
        given = [_described(value) for value in args] + [f"{name}={_described(kwargs[name])}" for name in kwargs or ()]
        lines = [
            f"\n * {call.text.rpartition(': ')[2]}\n      {call.mismatch(owner, args, kwargs, variables)}"
            for call in self.calls if _is_open(call, owner, variables)
        ]
        text = (
            f"{self.name} received an invalid combination of arguments - got ({', '.join(given)}), but expected one of:"
            f"{''.join(lines)}"
        )
        in_python = any([operation(call.row_name).row.leaves_node for call in self.calls])
        alone = owner is not None and all([call.text == f"{self.name}(self)" for call in self.calls])
        return (RuntimeError if variables and not in_python and not alone else TypeError)(text)


cdef str _described(object value):
    if isinstance(value, Tensor):
        return type_name((<Tensor>value).dtype)
    if isinstance(value, Tracked):
        return f"Variable[{type_name((<Tracked>value).data_.dtype)}]"
    return type(value).__name__
