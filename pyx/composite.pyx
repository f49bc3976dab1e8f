"""Methods in plain Python, found when they are first called."""

from importlib import import_module

from .. import optable

cdef dict _found = {}
cdef dict _impls = {
    f"{where}.{row.name}": row.impl for row in optable.ROWS if isinstance(row, optable.Composite) for where in row.where
}


def composite(str name):
    """The function of a Composite row: "tensor.repeat" is that behind the method of Tensors."""
    function = _found.get(name)
    if function is None:
        module, _, attribute = _impls[name].rpartition(".")
        package = __package__.rpartition(".")[0]
        function = _found[name] = getattr(import_module(f".{module}", package), attribute)
    return function
