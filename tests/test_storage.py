"""Storages: what they are made from, mapped files, shared memory, pickles; halves on the CPU."""

import copy
import pickle
import struct

import pytest

import autograd_legacy as torch

TYPES = ("Byte", "Char", "Short", "Int", "Long", "Half", "Float", "Double")
FORMATS = dict(zip(TYPES, "Bbhiqefd", strict=True))


def storage(name, *args):
    return getattr(torch, f"{name}Storage")(*args)


@pytest.mark.parametrize("name", TYPES)
def test_from_buffer_in_both_orders(name):
    cls = getattr(torch, f"{name}Storage")
    for order, mark in (("little", "<"), ("big", ">"), ("native", "=")):
        data = struct.pack(f"{mark}3{FORMATS[name]}", 1, 2, 3)
        assert cls.from_buffer(data, order).tolist() == [1, 2, 3]
        size = len(data) // 3
        assert cls.from_buffer(data, order, 1, size).tolist() == [2]
        assert cls.from_buffer(bytearray(data), byte_order=order, offset=size).tolist() == [2, 3]


def test_from_buffer_refuses():
    make = torch.IntStorage.from_buffer
    for args, error in (
        ((b"1234",), ValueError),
        ((b"1234", "middle"), ValueError),
        ((b"1234", 5), TypeError),
        ((b"12345", "native"), ValueError),
        ((b"1234", "native", 2), ValueError),
        ((b"1234", "native", -1, 5), ValueError),
        ((b"1234", "native", -1, -1), ValueError),
        ((7, "native"), TypeError),
    ):
        with pytest.raises(error):
            make(*args)


@pytest.mark.parametrize("name", TYPES)
def test_from_file(name, tmp_path):
    path = tmp_path / "numbers"
    path.write_bytes(struct.pack(f"=3{FORMATS[name]}", 1, 2, 3))
    cls = getattr(torch, f"{name}Storage")
    own = cls.from_file(str(path))
    own[0] = 7
    assert own.tolist() == [7, 2, 3] and cls.from_file(str(path), shared=False, size=2).tolist() == [1, 2]
    shared = cls.from_file(str(path), shared=True, size=4)
    shared[3] = 9
    del shared
    assert cls.from_file(str(path)).tolist() == [1, 2, 3, 9]


def test_a_mapped_file_is_read_where_it_is_used(tmp_path):
    path = tmp_path / "hole"
    with open(path, "wb") as file:
        file.truncate(1 << 40)  # no memory holds this
    mapped = torch.DoubleStorage.from_file(str(path), shared=True, size=1 << 37)
    mapped[(1 << 37) - 1] = 5
    assert len(mapped) == 1 << 37 and mapped[-1] == 5 and mapped[0] == 0
    with pytest.raises(RuntimeError, match="resize"):
        mapped.resize_(3)


def test_from_file_refuses(tmp_path):
    with pytest.raises(RuntimeError, match="unable to open"):
        torch.FloatStorage.from_file(str(tmp_path / "none"), size=2)
    (tmp_path / "short").write_bytes(b"1234")
    with pytest.raises(RuntimeError, match="smaller"):
        torch.FloatStorage.from_file(str(tmp_path / "short"), size=2)


@pytest.mark.parametrize("name", TYPES)
def test_slices_copies_and_pickles(name):
    whole = storage(name, [1, 2, 3, 4])
    part = whole[1:3]
    part.fill_(9)
    assert whole.tolist() == [1, 9, 9, 4]
    assert pickle.loads(pickle.dumps(part)).tolist() == [9, 9]
    copied = copy.copy(whole)
    whole[0] = 0
    assert copied.tolist() == [1, 9, 9, 4] and copy.deepcopy(whole).tolist() == [0, 9, 9, 4]
    for other in TYPES:
        made = getattr(whole, other.lower())()
        assert made.tolist() == [0, 9, 9, 4] and (made is whole) == (other == name)
        assert made.type() == f"torch.{other}Storage" and whole.type(made.type()).tolist() == made.tolist()


@pytest.mark.parametrize("name", TYPES)
def test_shared_memory(name):
    shared = storage(name, [1, 2]).share_memory_()
    assert shared.is_shared() and shared.tolist() == [1, 2]
    assert type(shared)._new_shared(3).is_shared()
    with pytest.raises(RuntimeError):
        shared.resize_(1000)


def test_pinned_memory_needs_a_gpu():
    for thing in (torch.ones(2), torch.FloatStorage(2)):
        assert not thing.is_pinned()
        with pytest.raises(AssertionError, match="CUDA"):
            thing.pin_memory()
        with pytest.raises(AssertionError, match="CUDA"):
            thing.cuda()


def test_hostile_storages():
    for make in (
        lambda: torch.FloatStorage(-1),
        lambda: torch.FloatStorage(2**62),
        lambda: torch.FloatStorage("ab"),
        lambda: torch.FloatStorage([1, [2]]),
        lambda: torch.FloatStorage(torch.FloatStorage(3), 2, 2),
        lambda: torch.FloatStorage(torch.FloatStorage(3), -1),
        lambda: torch.FloatStorage(torch.LongStorage(3)),
        lambda: torch.FloatStorage(1, 2, 3),
        lambda: torch.FloatStorage(3)[::2],
        lambda: torch.FloatStorage(3)["a"],
        lambda: torch.FloatStorage(3).copy_([1, 2, 3]),
        lambda: torch.LongStorage(3).fill_(1.5),
        lambda: torch.FloatStorage(3).resize_(-2),
    ):
        with pytest.raises((RuntimeError, TypeError, IndexError, MemoryError)):
            make()


# Halves on the CPU: stored, converted, printed, indexed, copied


def test_halves_are_stored_and_converted():
    half = torch.FloatTensor([[1.5, 2.0009765625], [-70000, 1e-8]]).half()
    assert half.type() == "torch.HalfTensor" and half.float().tolist() == [[1.5, 2.0], [-float("inf"), 0.0]]
    assert half.long().tolist()[0] == [1, 2] and half.element_size() == 2
    assert half[0, 1] == 2.0 and half[1:].size() == (1, 2)
    half[0, 0] = 0.1
    assert half[0, 0] == 0.0999755859375
    assert half.narrow(1, 0, 1).squeeze(1).tolist() == [0.0999755859375, -float("inf")]
    other = torch.HalfTensor(2, 2).copy_(half)
    assert other.tolist() == half.tolist() and pickle.loads(pickle.dumps(half)).tolist() == half.tolist()
    assert "HalfTensor of size 2x2" in repr(half)


@pytest.mark.parametrize(
    "operation", ["x + 1", "1 + x", "x * x", "x / 2", "2 ** x", "x % 2", "x @ x", "-x", "x.add(1)"]
)
def test_halves_do_not_compute(operation):
    with pytest.raises((AttributeError, TypeError)) as caught:
        eval(operation, {"x": torch.HalfTensor([1, 2])})
    assert "Half" in str(caught.value)


@pytest.mark.parametrize("operation", ["x += 1", "x -= x", "x *= 2", "x /= 2"])
def test_halves_do_not_compute_in_place(operation):
    with pytest.raises(AttributeError, match="Half"):
        exec(operation, {"x": torch.HalfTensor([1, 2])})
