"""From a call as 0.3.1 spelled it to a row, on Tensors or on Variables."""

from .. import optable

from .calls cimport Call, Overloads
from .graph cimport Tracked
from .operation cimport Operation, any_sparse, operation
from .record cimport record
from .storage cimport N_DTYPES
from .tensor cimport Tensor, type_name, wrap_dim

cdef dict _overloads = {}


cdef _collect():
    """Every public name with its overloads, in the order of the table."""
    for row in optable.ROWS:
        for text in row.calls:
            name = optable.public_name(text)
            found = _overloads.get(name)
            if found is None:
                found = _overloads[name] = Overloads(name)
            only, _, call = text.rpartition(": ")
            (<Overloads>found).add_text(row.name, call, (only,) if only else row.where)

_collect()


cdef Overloads overloads(str name):
    return _overloads[name]


cdef object _out(dict kwargs):
    return kwargs.pop("out", None) if kwargs else None


cdef int _check_out(object out, str name) except -1:
    outs = out if isinstance(out, (tuple, list)) else (out,)
    if not all([isinstance(t, Tensor) for t in outs]):
        raise TypeError(f"{name}: out must be a tensor or a tuple of tensors, got {type(out).__name__}")
    return 0


cdef object call_tensor(Overloads names, object owner, tuple args, dict kwargs):
    cdef list values = []
    cdef Call call
    cdef Operation op
    out = _out(kwargs)
    if out is not None:
        _check_out(out, names.name)
    try:
        call = names.find(owner, args, kwargs, False, values)
    except TypeError:
        if not any_sparse(args):
            raise
        return call_sparse(names.name, owner, args, kwargs, out)
    op = call.row
    if not _check_type(op, values):
        return call_sparse(names.name, owner, args, kwargs, out)
    if isinstance(out, tuple) and len(out) != len(op.row.results):
        raise TypeError(f"{names.name}: out must be {len(op.row.results)} tensors, got {len(out)}")
    return op.compute(values, out)


cdef object call_sparse(str name, object owner, tuple args, dict kwargs, object out):
    from ..sparse.core import call

    return call(name, args if owner is None else (owner, *args), owner is not None, kwargs, out)


cdef bint _check_type(Operation op, list values) except -1:
    """False where the operand that decides is sparse; TypeError where the row does not know its type."""
    cdef Tensor t
    for value in values:
        if isinstance(value, Tensor):
            t = value
            if t.dtype >= N_DTYPES:
                return False
            if not op.types >> t.dtype & 1:
                raise TypeError(f"Type {type_name(t.dtype)} doesn't implement {op.name}")
            break
    return True


cdef object call_tensor_inplace(Overloads names, object owner, tuple args, dict kwargs):
    cdef list values = []
    cdef Call call
    cdef Operation op
    try:
        call = names.find(owner, args, kwargs, False, values)
    except TypeError:
        if not any_sparse(args):
            raise
        return call_sparse(names.name.rstrip("_") + "_", owner, args, kwargs, None)
    if not call.changes:
        raise names.refusal(owner, args, kwargs, False)
    op = call.row
    _check_type(op, values)
    op.compute(values, None if op.name.endswith("_") else owner)
    return owner


cdef object call_variable(Overloads names, object owner, tuple args, dict kwargs):
    cdef list values = []
    if kwargs and kwargs.get("out", names) is None:
        del kwargs["out"]
    cdef Call call = names.find(owner, args, kwargs, True, values)
    if call.row.name.endswith("_"):          # the functional form of a row that works in place
        values[0] = record(operation("clone"), [values[0]], None)
        return record(call.row, values, values[0])
    return record(call.row, values, None)


cdef object call_variable_inplace(Overloads names, object owner, tuple args, dict kwargs):
    cdef list values = []
    cdef Call call = names.find(owner, args, kwargs, True, values)
    if not call.changes:
        raise names.refusal(owner, args, kwargs, True)
    return record(call.row, values, owner)


cdef bint _on_variables(tuple args, dict kwargs) except -1:
    for value in args:
        if isinstance(value, Tracked):
            return True
        if isinstance(value, Tensor):
            return False
        if isinstance(value, (tuple, list)) and value and isinstance(value[0], Tracked):
            return True
    if kwargs:
        for value in kwargs.values():
            if isinstance(value, Tracked):
                return True
            if isinstance(value, (tuple, list)) and value and isinstance(value[0], Tracked):
                return True
    return False


cdef class TorchFunction:
    """torch.name(...): on Tensors or on Variables, whichever it is given."""

    cdef Overloads names
    cdef readonly str __name__, __doc__

    def __init__(self, str name, str doc):
        self.names = _overloads[name]
        self.__name__, self.__doc__ = name, doc

    def __call__(self, *args, **kwargs):
        if _on_variables(args, kwargs):
            return call_variable(self.names, None, args, kwargs)
        return call_tensor(self.names, None, args, kwargs)

    def __repr__(self):
        return f"<function torch.{self.__name__}>"

    def __reduce__(self):
        from .._utils import reduce_function

        return reduce_function(self)


def torch_functions():
    """Every torch.name of the table, by name."""
    functions = {}
    for row in optable.ROWS:
        if optable.TORCH in row.where:
            for text in row.calls:
                name = optable.public_name(text)
                if not name.endswith("_") and name not in functions:
                    functions[name] = TorchFunction(name, optable.documentation(name, optable.TORCH))
    return functions


cdef int _count_from_front(list values, list dims) except -1:
    """Dimensions of the first operand, wherever they were counted from; RuntimeError outside."""
    first = values[0]
    if isinstance(first, Tracked):
        first = (<Tracked>first).data_
    if isinstance(first, Tensor):
        for k in dims:
            values[k] = wrap_dim(values[k], (<Tensor>first).ndim)
    return 0


cdef class RowFunction:
    """A row by its name, on Tensors or on Variables: what the library itself calls. In place, the first operand is
    changed.
    """

    cdef Operation op
    cdef bint inplace
    cdef list dims                   # the operands that are dimensions of the first one
    cdef readonly str __name__, __doc__

    def __init__(self, str name, bint inplace=False):
        self.op = operation(name)
        row = self.op.row
        own = row.operands[0] == "x" and not any(["int dim" in call for call in row.calls])
        own = own and not getattr(row, "impl", "").startswith("softmax.")        # which is of nothing, too
        self.dims = [k for k, operand in enumerate(row.operands) if own and operand in ("dim", "dim0", "dim1")]
        self.inplace = inplace or name.endswith("_")
        self.__name__, self.__doc__ = name, self.op.row.doc

    def __call__(self, *args):
        if len(args) != self.op.n_operands:
            raise TypeError(f"{self.op.row.signature} takes {self.op.n_operands} operands, got {len(args)}")
        values = list(args)
        if self.dims:
            _count_from_front(values, self.dims)
        if _on_variables(args, None):
            return record(self.op, values, args[0] if self.inplace else None)
        return self.op.compute(values, args[0] if self.inplace and not self.op.name.endswith("_") else None)
