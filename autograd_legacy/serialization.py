"""torch.save and torch.load: the file format of 0.3.1, which names everything as `torch` does.

A file holds pickles of a magic number, of the format's version, of the machine's properties, of the object, and of
the list of its storages' keys; then for each key the number of elements, in 8 bytes, and the elements. In the object's
pickle a storage is a persistent id: ("storage", class, key, location, elements, None or, for a part of another storage,
(key, offset, elements)).
"""

from __future__ import annotations

import contextlib
import copyreg
import pickle
import sys
import types
import warnings
from collections.abc import Callable
from typing import Any, ClassVar

from . import _pickle_names as names
from ._core import pickling
from ._core.dispatch import TorchFunction
from ._core.storage import Storage
from ._core.tensor import Size
from ._unpickler import CheckedUnpickler

DEFAULT_PROTOCOL = 2
MAGIC_NUMBER = 0x1950A86A20F9469CFC6C
PROTOCOL_VERSION = 1001
SHORT_SIZE, INT_SIZE, LONG_SIZE = 2, 4, 4
COUNT_SIZE = 8

MapLocation = Callable[[Any, str], Any] | dict[str, str] | str | None


class SourceChangeWarning(Warning):
    """The source of a network's class is not what it was when the network was saved."""


# -- locations --------------------------------------------------------------------------------------------------------

_packages: list[tuple[int, Callable, Callable]] = []


def register_package(priority: int, tagger: Callable, deserializer: Callable) -> None:
    """Teach save and load a kind of memory. The lower the priority, the earlier it is asked.

    tagger          storage -> its location's tag, or None
    deserializer    (storage, tag) -> a storage at that location, or None
    """
    _packages.append((priority, tagger, deserializer))
    _packages.sort(key=lambda package: package[0])


def location_tag(storage: Any) -> str:
    """Where a storage lies: "cpu", "cuda:0"..."""
    for _, tagger, _ in _packages:
        location = tagger(storage)
        if location is not None:
            return location
    raise RuntimeError(f"don't know how to determine data location of {_class_text(type(storage))}")


def default_restore_location(storage: Any, location: str) -> Any:
    """The storage, moved to where a tag says. RuntimeError for a tag that nobody knows."""
    for _, _, deserializer in _packages:
        result = deserializer(storage, location)
        if result is not None:
            return result
    raise RuntimeError(
        f"don't know how to restore data location of {_class_text(type(storage))} (tagged with {location})"
    )


def _to_cuda(storage: Any, location: str) -> Any:
    if not location.startswith("cuda"):
        return None
    try:
        return storage.cuda(int(location.partition(":")[2] or 0))
    except AssertionError as error:
        raise RuntimeError(
            f"the file holds tensors of {location}; map_location='cpu' brings them to the CPU"
        ) from error


register_package(10, lambda s: None if s.is_cuda else "cpu", lambda s, location: s if location == "cpu" else None)
register_package(20, lambda s: f"cuda:{s.get_device()}" if s.is_cuda else None, _to_cuda)


def _restorer(map_location: MapLocation) -> Callable[[Any, str], Any]:
    """What puts a storage where the caller of load() wants it."""
    if map_location is None:
        return default_restore_location
    if isinstance(map_location, dict):
        return lambda storage, location: default_restore_location(storage, map_location.get(location, location))
    if isinstance(map_location, str):
        return lambda storage, location: default_restore_location(storage, map_location)
    if not callable(map_location):
        raise TypeError(f"map_location is a tag, a dict of tags or a function, got {type(map_location).__name__}")

    def restore(storage: Any, location: str) -> Any:
        result = map_location(storage, location)
        return default_restore_location(storage, location) if result is None else result

    return restore


# -- save -------------------------------------------------------------------------------------------------------------


def save(obj: Any, f: Any, pickle_module: Any = pickle, pickle_protocol: int = DEFAULT_PROTOCOL) -> None:
    """Write an object with all the tensors in it to a file.

    obj                 anything that can be pickled. Tensors that share memory do so again; gradients are not kept
    f                   a path, or an object that has write()
    pickle_module       whose Pickler writes the object
    pickle_protocol     1 to 4 are known to 0.3.1
    """
    with _opened(f, "wb", "write") as file:
        _save(obj, file, pickle_module, pickle_protocol)


def _save(obj: Any, file: Any, pickle_module: Any, protocol: int) -> None:
    if protocol < 1:
        raise AssertionError("pickle_protocol must be at least 1: protocol 0 cannot write persistent ids")
    storages: dict[str, Any] = {}
    machine = {
        "protocol_version": PROTOCOL_VERSION,
        "little_endian": sys.byteorder == "little",
        "type_sizes": {"short": SHORT_SIZE, "int": INT_SIZE, "long": LONG_SIZE},
    }
    for header in (MAGIC_NUMBER, PROTOCOL_VERSION, machine):
        pickle_module.dump(header, file, protocol=protocol)
    # The plain Python Pickler lets the names of classes be chosen; objects are small where the numbers lie in tensors.
    base = pickle._Pickler if pickle_module is pickle else pickle_module.Pickler
    _writer_class(base)(file, protocol, storages).dump(obj)
    keys = sorted(storages)
    pickle_module.dump(keys, file, protocol=protocol)
    for key in keys:
        file.write(len(storages[key]).to_bytes(COUNT_SIZE, "little"))
        file.write(pickling.storage_bytes(storages[key]))


def _writer_class(base: type) -> type:
    class Writer(base):
        """Writes storages and networks' classes as persistent ids, and this library's names as torch's."""

        dispatch: ClassVar[dict] = dict(getattr(base, "dispatch", {}))

        def __init__(self, file: Any, protocol: int, storages: dict[str, Any]):
            super().__init__(file, protocol)
            self.storages = storages
            self.classes: set[type] = set()
            self.dispatch_table = copyreg.dispatch_table.copy()
            self.dispatch_table[Size] = lambda size: (Size, (tuple(size),))
            self.dispatch_table[TorchFunction] = lambda function: function.__name__

        def persistent_id(self, obj: Any) -> tuple | None:
            if isinstance(obj, Storage):
                return _storage_id(obj, self.storages)
            if isinstance(obj, type) and obj not in self.classes and _is_module_class(obj):
                self.classes.add(obj)  # inside the id it is written by its name
                return "module", obj, *_source_of(obj)
            return None

        def save_global(self, obj: Any, name: str | None = None) -> None:
            known = names.torch_name(obj, name)
            if known is None:
                super().save_global(obj, name)
            elif self.proto >= 4:
                for text in known:
                    self.save(text)
                self.write(pickle.STACK_GLOBAL)
                self.memoize(obj)
            else:
                self.write(pickle.GLOBAL + "".join(f"{text}\n" for text in known).encode())
                self.memoize(obj)

        dispatch[types.FunctionType] = save_global

    return Writer


def _storage_id(storage: Any, storages: dict[str, Any]) -> tuple:
    root, offset = pickling.storage_root(storage)
    key = str(pickling.storage_key(root))
    storages[key] = root
    part = None
    if root is not storage:
        part = (str(pickling.storage_key(storage)), offset, len(storage))
    return "storage", type(storage), key, location_tag(root), len(root), part


def _is_module_class(cls: type) -> bool:
    from .nn import Module

    return issubclass(cls, Module)


def _source_of(cls: type) -> tuple[str | None, str | None]:
    """The file and text of a program's class. Those of this library's own classes say nothing about a saved network."""
    import inspect

    if names.torch_name(cls) is not None:
        return None, None
    try:
        return inspect.getsourcefile(cls), inspect.getsource(cls)
    except (OSError, TypeError):
        warnings.warn(
            f"the source of {cls.__name__} is not to be found: changes to it will not be noticed on loading",
            stacklevel=2,
        )
        return None, None


# -- load -------------------------------------------------------------------------------------------------------------


def load(f: Any, map_location: MapLocation = None, pickle_module: Any = None) -> Any:
    """Read what save() wrote, here or in PyTorch 0.3.1.

    f               a path, or a binary file that can be read
    map_location    where tensors go: a tag ("cpu"), a dict from the file's tags to others, or a function
                    (storage, tag) -> storage or None for the default
    pickle_module   whose Unpickler reads the object, whatever the file names. By default files may name only parts of
                    networks and the program's own classes and functions, and call none of the functions

    RuntimeError for what is no such file, pickle.UnpicklingError for a damaged one or one that names something else.
    """
    with _opened(f, "rb", "read") as file:
        return _load(file, _restorer(map_location), pickle_module)


def _load(file: Any, restore: Callable[[Any, str], Any], pickle_module: Any) -> Any:
    read_header = pickle_module.load if pickle_module else lambda file: CheckedUnpickler(file).load()
    if read_header(file) != MAGIC_NUMBER:
        raise RuntimeError("Invalid magic number; corrupt file? It does not begin as torch.save's files do")
    version = read_header(file)
    if version != PROTOCOL_VERSION:
        raise RuntimeError(f"Invalid protocol version: {version}, expected {PROTOCOL_VERSION}")
    read_header(file)  # the machine's properties: elements are little-endian on all that 0.3.1 ran on
    storages: dict[str, Any] = {}
    reader = _reader_class(pickle_module.Unpickler if pickle_module else CheckedUnpickler)
    start = file.tell() if hasattr(file, "seekable") and file.seekable() else None
    try:
        result = reader(file, "ASCII", storages, restore).load()
    except UnicodeDecodeError:
        if start is None:
            raise
        # Python 2 wrote byte strings that are no text, NumPy's numbers for one.
        file.seek(start)
        storages.clear()
        result = reader(file, "latin1", storages, restore).load()
    for key in read_header(file):
        if key not in storages:
            raise pickle.UnpicklingError(
                f"the file is damaged: it holds elements of {key!r}, which its object does not name"
            )
        _read_storage(file, storages[key])
    return result


def _reader_class(base: type) -> type:
    class Reader(base):
        """Makes storages of persistent ids. Their elements come later in the file."""

        def __init__(self, file: Any, encoding: str, storages: dict[str, Any], restore: Callable[[Any, str], Any]):
            super().__init__(file, encoding=encoding)
            self.storages, self.restore = storages, restore
            self.parts: dict[str, Any] = {}

        def find_class(self, module: str, name: str) -> Any:
            own = None if base is CheckedUnpickler else names.find_any(module, name)
            return super().find_class(module, name) if own is None else own

        def persistent_load(self, saved: tuple) -> Any:
            kind, *data = saved
            if kind == "module":
                _check_source(*data)
                return data[0]
            if kind != "storage":
                raise pickle.UnpicklingError(f"the file holds a persistent object of an unknown kind: {kind!r}")
            cls, key, location, size, part = data
            if key not in self.storages:
                self.storages[key] = self.restore(cls(size), location)
            if part is None:
                return self.storages[key]
            part_key, offset, length = part
            if part_key not in self.parts:
                self.parts[part_key] = self.storages[key][offset : offset + length]
            return self.parts[part_key]

    return Reader


def _check_source(cls: type, _file: str | None, source: str | None) -> None:
    """SourceChangeWarning where a program's class reads differently from when the network was saved."""
    if source is None or names.torch_name(cls) is not None:
        return
    _, current = _source_of(cls)
    if current is not None and current != source:
        warnings.warn(
            f"the source of class {_class_text(cls)} has changed since the network was saved",
            SourceChangeWarning,
            stacklevel=2,
        )


def _read_storage(file: Any, storage: Any) -> None:
    count = int.from_bytes(_exactly(file, bytearray(COUNT_SIZE)), "little")
    if count != len(storage):
        raise RuntimeError(f"storage has wrong size: expected {count} got {len(storage)}")
    _exactly(file, pickling.storage_bytes(storage))


def _exactly(file: Any, buffer: Any) -> Any:
    """Fill a buffer from a file."""
    view, done = memoryview(buffer), 0
    while done < len(view):
        if hasattr(file, "readinto"):
            n = file.readinto(view[done:])
        else:
            data = file.read(len(view) - done)
            n = len(data)
            view[done : done + n] = data
        if not n:
            raise RuntimeError("unexpected EOF. The file might be corrupted: its last storages are cut off")
        done += n
    return buffer


# -- names and files --------------------------------------------------------------------------------------------------


def storage_to_tensor_type(storage: Any) -> type:
    """The class of the tensors over such a storage."""
    return normalize_storage_type(type(storage), "Tensor")


def normalize_storage_type(storage_type: type, suffix: str = "Storage") -> type:
    """The storage class of that name in this library."""
    package = sys.modules[__package__]
    return getattr(package, storage_type.__name__.removesuffix("Storage") + suffix)


def _class_text(cls: type) -> str:
    return ".".join(names.torch_name(cls) or (cls.__module__, cls.__qualname__))


def _opened(f: Any, mode: str, method: str) -> contextlib.AbstractContextManager:
    """A path as an open file, which is closed afterwards; a file as it is, which is left open."""
    if isinstance(f, str) or hasattr(f, "__fspath__"):
        return open(f, mode)
    if not hasattr(f, method):
        raise TypeError(f"a file is a path or an object with {method}(), got {type(f).__name__}")
    return contextlib.nullcontext(f)
