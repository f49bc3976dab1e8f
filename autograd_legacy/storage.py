"""The typed storages: one-dimensional memory that tensors are views of."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from . import optable
from ._core import storages as _core
from ._core.storage import Storage, register_class
from ._core.tensor import class_of

_NAMES = [dtype.name for dtype in optable.DTYPES]


class TypedStorage(Storage):
    """Memory of one type: XStorage(), XStorage(size), XStorage(sequence).

    XStorage(storage[, offset[, size]]) is a view of another one.
    """

    is_cuda = False
    is_sparse = False
    _code = -1

    def __init__(self, *args: Any):
        _core.construct(self, self._code, args)

    def _tensor(self) -> Any:
        return class_of(self._code)(self)

    def __len__(self) -> int:
        return self.size()

    def __iter__(self) -> Iterator:
        return iter(self.tolist())

    def __getitem__(self, key: Any) -> Any:
        if isinstance(key, slice):
            start, stop, step = key.indices(self.size())
            if step != 1:
                raise RuntimeError(f"storages are sliced with a step of 1, got {step}")
            return type(self)(self, start, max(stop - start, 0))
        return _core.get(self, key)

    def __setitem__(self, key: Any, value: Any) -> None:
        if isinstance(key, slice):
            self[key].fill_(value)
        else:
            _core.put(self, key, value)

    def __delitem__(self, key: Any) -> None:
        raise TypeError("a storage's elements cannot be deleted")

    def __repr__(self) -> str:
        from . import _tensor_str

        return _tensor_str.storage_text(self)

    __str__ = __repr__

    def __copy__(self) -> TypedStorage:
        return self.clone()

    def __deepcopy__(self, memo: dict) -> TypedStorage:
        known = memo.setdefault("torch", {})
        if self.data_ptr() not in known:
            known[self.data_ptr()] = self.clone()
        return known[self.data_ptr()]

    def __reduce__(self) -> tuple:
        from . import _utils

        return _utils.reduce_storage(self)

    def tolist(self) -> list:
        """The elements as Python numbers."""
        return self._tensor().tolist() if self.size() else []

    def clone(self) -> TypedStorage:
        """A copy."""
        return type(self)(self.size()).copy_(self)

    def new(self) -> TypedStorage:
        """An empty storage of the same type."""
        return type(self)()

    @classmethod
    def from_buffer(cls, buffer: Any, byte_order: str | None = None, count: int = -1, offset: int = 0) -> TypedStorage:
        """A storage of elements copied from a buffer whose bytes lie in "native", "little" or "big" order."""
        return _core.from_buffer(cls(), buffer, byte_order, count, offset)

    @classmethod
    def from_file(cls, filename: Any, shared: bool = False, size: int = 0) -> TypedStorage:
        """The first `size` elements of a file, mapped: read where they are used.

        shared: what is written goes into the file, which is made or grown as needed; else it stays in this storage.
        size 0: all of the file. RuntimeError for a file that cannot be opened, or that is too short and not shared.
        """
        import os

        from ._core.shared import storage_on
        from .mapped import mapped

        width = cls().element_size()
        size = size or (os.path.getsize(filename) // width if os.path.exists(filename) else 0)
        return storage_on(cls._code, size, mapped(filename, shared, size * width)) if size else cls()

    def copy_(self, source: Storage, **options: Any) -> TypedStorage:
        """The elements of another storage, of any type and as many."""
        if not isinstance(source, Storage):
            raise RuntimeError(
                f"copy from {type(source).__name__} to {self.type()} isn't implemented: copy_ takes a storage"
            )
        if source.size() != self.size():
            raise RuntimeError(f"copy_ needs a storage of {self.size()} elements, got {source.size()}")
        if self.size():
            self._tensor().copy_(source._tensor())
        return self

    def fill_(self, value: Any) -> TypedStorage:
        """All elements become value."""
        if self.size():
            _core.fill_elements(self, value)
        return self

    def type(self, new_type: Any = None, **options: Any) -> Any:
        """The name of the type, or with new_type the elements in that type (the storage itself where it has it)."""
        if new_type is None:
            return f"torch.{type(self).__name__}"
        name = new_type.rpartition(".")[2] if isinstance(new_type, str) else getattr(new_type, "__name__", "")
        if not name.endswith("Storage") or name.removesuffix("Storage") not in _NAMES:
            raise TypeError(f"a storage's type is a class like torch.FloatStorage or its name, got {new_type!r}")
        return self._converted(name.removesuffix("Storage"))

    def _converted(self, name: str) -> TypedStorage:
        cls = CLASSES[_NAMES.index(name)]
        return self if cls is type(self) else cls(self.size()).copy_(self)

    def cpu(self) -> TypedStorage:
        """The storage itself."""
        return self

    def cuda(self, device: int | None = None, **options: Any) -> TypedStorage:
        """A copy in the memory of a GPU. AssertionError: there is none."""
        from .cuda.devices import refuse

        refuse("a storage in its memory")

    def share_memory_(self) -> TypedStorage:
        """Move the memory to where other processes can map it; all tensors on it follow."""
        from .multiprocessing.reductions import share

        share(self)
        return self

    def is_shared(self) -> bool:
        """Whether the memory can be mapped by other processes."""
        from .multiprocessing.reductions import is_shared

        return is_shared(self)

    @classmethod
    def _new_shared(cls, size: int) -> TypedStorage:
        return cls(size).fill_(0).share_memory_()

    def pin_memory(self) -> TypedStorage:
        """A copy in memory that a GPU reads faster. AssertionError: there is none."""
        from .cuda.devices import refuse

        refuse("pinned memory")

    def is_pinned(self) -> bool:
        """False: memory is locked in place only for a GPU."""
        return False


def _conversion(name: str) -> Any:
    def convert(self: TypedStorage) -> TypedStorage:
        return self._converted(name)

    convert.__name__ = name.lower()
    convert.__doc__ = f"The elements as a {name}Storage."
    return convert


for _name in _NAMES:
    setattr(TypedStorage, _name.lower(), _conversion(_name))

CLASSES = [
    type(
        f"{name}Storage",
        (TypedStorage,),
        {"_code": code, "__module__": __package__, "__doc__": f"Memory of type {name}."},
    )
    for code, name in enumerate(_NAMES)
]
for _code, _class in enumerate(CLASSES):
    register_class(_code, _class)
_StorageBase = TypedStorage  # its name in 0.3.1
ByteStorage, CharStorage, ShortStorage, IntStorage, LongStorage, HalfStorage, FloatStorage, DoubleStorage = CLASSES
