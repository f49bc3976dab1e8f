"""The generator that random numbers come from: the Mersenne twister of 0.3.1, word for word."""

import os

from libc.stdint cimport int64_t, uint64_t

from .copy cimport contiguous
from .storage cimport BYTE
from .tensor cimport Tensor, data_of, new_tensor, type_name


cdef class Generator:
    """A stream of random numbers. A new one starts at a seed that the system chose."""

    __module__ = "torch._C"

    def __cinit__(self):
        self.twister = new Twister(_any_seed())

    def __dealloc__(self):
        del self.twister

    def manual_seed(self, seed):
        """Start again at `seed`, an int in [-2**63, 2**63) whose low 32 bits choose the stream; gives the generator."""
        if type(seed) is not int:
            raise RuntimeError(f"manual_seed expected an int, but got {type(seed).__name__}")
        if not -2**63 <= seed < 2**63:
            raise RuntimeError(f"manual_seed expected an int in [-2**63, 2**63), but got {seed}")
        self.twister.restart(<uint64_t><int64_t>seed)
        return self

    def seed(self):
        """Start again at a seed that the system chooses, and return it."""
        self.twister.restart(_any_seed())
        return self.twister.seed

    def initial_seed(self):
        """The seed that the stream started at, as an unsigned 64-bit number."""
        return self.twister.seed

    def get_state(self):
        """All that the numbers to come depend on, as a ByteTensor of 5048 elements."""
        cdef Py_ssize_t size = sizeof(Saved)
        cdef Tensor state = new_tensor(BYTE, 1, &size)
        save(self.twister[0], <Saved*>data_of(state))
        return state

    def set_state(self, state):
        """Go on from what get_state() gave; RuntimeError for anything else, and the stream goes on untouched."""
        if not isinstance(state, Tensor) or (<Tensor>state).dtype != BYTE:
            got = type_name((<Tensor>state).dtype) if isinstance(state, Tensor) else type(state).__name__
            raise RuntimeError(f"set_state expects a torch.ByteTensor, but got {got}")
        cdef Tensor saved = contiguous(state)
        if saved.numel != sizeof(Saved):
            raise RuntimeError(f"RNG state is wrong size: {sizeof(Saved)} bytes are expected, got {saved.numel}")
        if not restore(self.twister[0], <Saved*>data_of(saved)):
            raise RuntimeError("Invalid RNG state: get_state() gives no such bytes")


cdef uint64_t _any_seed() except? 0:
    return int.from_bytes(os.urandom(8), "little")


cdef Generator _default = Generator()
default_generator = _default


cdef Twister* twister_of(Generator generator) except NULL:
    return _default.twister if generator is None else generator.twister
