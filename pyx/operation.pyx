"""The rows of the table at run time."""

from importlib import import_module

from cpython.object cimport PyObject

import numpy

from .. import optable

from .pointwise cimport compute_pointwise
from .storage cimport N_DTYPES
from .strided cimport inner_loop

cdef extern from "cpu.h" namespace "al" nogil:
    bint cpu_has_avx2()
    bint cpu_has_avx512()

cdef extern from "numpy/ndarraytypes.h":
    pass

cdef extern from "numpy/ufuncobject.h":
    ctypedef struct PyUFuncObject:
        int ntypes
        int nargs
        char* types
        void** data
        inner_loop* functions

cdef object _loops = import_module(f".loops_{'avx2' if cpu_has_avx2() else 'base'}", __package__)
cdef dict _addresses = _loops.loops()
if cpu_has_avx512():
    _addresses |= import_module(".loops_avx512", __package__).loops()      # of the kernels that compute long
cdef dict _uses = _loops.uses()
cdef dict _rows = {row.name: row for row in optable.ROWS if not isinstance(row, optable.Composite)}
cdef dict _operations = {}
cdef str _codes = "".join([d.code for d in optable.DTYPES])


cdef Operation operation(str name):
    op = _operations.get(name)
    if op is None:
        op = _operations[name] = Operation(_rows[name])
    return op


def find(name):
    """The row of that name; KeyError where there is none."""
    return operation(name)


cdef int _find_loops(str use, str dtypes, inner_loop* loops, void** extras, str ufunc) except -1:
    """The loops of one use of a kernel, by type; Float and Double borrow NumPy's where the row says so."""
    kernel = _uses[use][0]
    for code, address in _addresses[kernel].items():
        if code in dtypes:                           # a loop may serve other rows of more types
            loops[_codes.index(code)] = <inner_loop><size_t>address
    if ufunc:
        _borrow(ufunc, loops, extras)
    return 0


cdef int _borrow(str name, inner_loop* loops, void** extras) except -1:
    """NumPy's own inner loops: SIMD, chosen for the processor at run time, right on nan and infinities."""
    ufunc = getattr(numpy, name)
    cdef PyUFuncObject* u = <PyUFuncObject*><PyObject*>ufunc
    cdef int i, k
    for code in "fd":
        wanted = [numpy.dtype(code).num] * u.nargs
        for i in range(u.ntypes):
            if [u.types[i * u.nargs + k] for k in range(u.nargs)] == wanted:
                loops[_codes.index(code)] = u.functions[i]
                extras[_codes.index(code)] = u.data[i] if u.data != NULL else NULL
                break
    return 0


cdef bint any_sparse(object values) except -1:
    for value in values:
        if isinstance(value, Tensor):
            if (<Tensor>value).dtype >= N_DTYPES:
                return True
        elif isinstance(value, (tuple, list)):
            for item in value:
                if isinstance(item, Tensor) and (<Tensor>item).dtype >= N_DTYPES:
                    return True
    return False


cdef class Gradient:
    def __init__(self, str use, str text, str dtypes, tuple operands, int n_operands):
        names = _uses[use][1]
        self.n = len(names)
        self.zero = self.n == 0
        self.identity = text == "grad"
        for k, name in enumerate(names):
            self.slots[k] = -1 if name == "grad" else operands.index(name) if name in operands else n_operands
        _find_loops(use, dtypes, self.loops, self.extras, "")


cdef class Operation:
    def __init__(self, row):
        self.row, self.name = row, row.name
        self.n_operands = len(row.operands)
        self.pointwise = isinstance(row, optable.Op)
        self.is_view = isinstance(row, optable.View)
        self.divisor = -1
        self.constant = row.constants == row.results
        self.types = sum([1 << k for k, code in enumerate(_codes) if code in row.dtypes])
        self.leaves_node = row.leaves_node
        self.gives_another = row.gives_another
        self.changes_first = row.name.endswith("_")
        self.n_results = len(row.results)
        self.constants = sum([1 << k for k, result in enumerate(row.results) if result in row.constants])
        self.constant_operands = sum([1 << k for k, name in enumerate(row.operands) if name not in row.differentiable])
        self.copies = row.operands.index(row.copies) if row.copies else -1
        for name in optable.indices(row):
            self.indices |= 1ul << <int>row.operands.index(name)
        self.by_dims = isinstance(row.node, tuple)
        self.zero_second = row.operands.index(row.zero_second[0]) if row.zero_second else -1
        self.zero_second_constant = optable.CONSTANT in row.zero_second
        if self.pointwise:
            self._find_kernels()

    def _find_kernels(self):
        row = self.row
        self.resolved = True
        self.compares = bool(row.result)
        _find_loops(self.name, row.dtypes, self.loops, self.extras, row.ufunc)
        if self.compares:
            _find_loops(f"{self.name}.to_{row.result.lower()}", row.dtypes, self.byte_loops, self.extras, "")
        if row.divisor:
            self.divisor = row.operands.index(row.divisor)
        self.gradients = [
            Gradient(f"{self.name}.{operand}", row.grads[operand], row.dtypes, row.operands, self.n_operands)
            if operand in row.grads else None
            for operand in row.operands
        ]

    cdef object resolve(self):
        """The function that computes a kernel, found when it is first needed."""
        module, _, function = self.row.impl.partition(".")
        self.impl = getattr(import_module(f".{module}", __package__), function)
        self.resolved = True
        return self.impl

    cdef object compute(self, list values, object out):
        """The result on Tensors and numbers: a Tensor, a Python number or a tuple."""
        cdef PyObject* slots[16]
        cdef int k
        if self.pointwise:
            for k in range(self.n_operands):
                slots[k] = <PyObject*>values[k]
            return compute_pointwise(self, self.n_operands, slots, out)
        if any_sparse(values):
            from ..sparse.core import computed

            return computed(self.name, values, out)
        impl = self.impl if self.resolved else self.resolve()
        return impl(*values) if out is None else impl(*values, out=out)

    cdef bint differentiable(self, Py_ssize_t result) noexcept:
        return not self.constants >> (result if result < self.n_results else self.n_results - 1) & 1

    def __repr__(self):
        return f"<row {self.row.signature}>"
