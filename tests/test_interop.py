"""One memory with NumPy, with anything that knows buffers, and with libraries that know DLPack; how long it lives."""

import ctypes
import gc
import threading
from operator import add, mul, pow, sub, truediv

import numpy
import pytest

import autograd_legacy as torch
from autograd_legacy.autograd import Variable
from autograd_legacy.utils.dlpack import from_dlpack, to_dlpack

TYPES = {
    "Byte": "u1",
    "Char": "i1",
    "Short": "i2",
    "Int": "i4",
    "Long": "i8",
    "Half": "f2",
    "Float": "f4",
    "Double": "f8",
}


def some(name):
    """A 2 x 3 tensor of a type, and the same array."""
    array = numpy.arange(6).reshape(2, 3).astype(TYPES[name])
    return getattr(torch, f"{name}Tensor")([[0, 1, 2], [3, 4, 5]]), array


# Buffers


@pytest.mark.parametrize("name", TYPES)
def test_buffer_of_a_tensor(name):
    tensor, array = some(name)
    view = memoryview(tensor)
    assert (view.shape, view.strides, view.itemsize) == (array.shape, array.strides, array.itemsize)
    assert view.format == memoryview(array).format.replace("l", "q") and view.tobytes() == array.tobytes()
    assert not view.readonly
    numpy.asarray(view)[1, 2] = 9
    assert tensor[1, 2] == 9


@pytest.mark.parametrize("name", TYPES)
def test_buffer_of_a_storage(name):
    storage = getattr(torch, f"{name}Storage")([1, 2, 3])
    view = memoryview(storage)
    assert numpy.asarray(view).tolist() == [1, 2, 3]
    numpy.asarray(view)[0] = 7
    assert storage[0] == 7
    assert bytes(storage) == numpy.array([7, 2, 3], TYPES[name]).tobytes()


def test_buffer_of_a_view():
    tensor = torch.arange(0, 12).view(3, 4)
    array = numpy.arange(12, dtype="f4").reshape(3, 4)
    for part, same in ((tensor.t(), array.T), (tensor[:, 1:3], array[:, 1:3]), (tensor[1:, 2], array[1:, 2])):
        view = memoryview(part)
        assert (view.shape, view.strides) == (same.shape, same.strides) and view.tolist() == same.tolist()
        assert view.tobytes() == same.tobytes()


def test_buffer_order_is_checked():
    with pytest.raises((BufferError, TypeError)):  # plain bytes need elements without gaps
        (ctypes.c_char * 16).from_buffer(torch.ones(2, 4)[:, :2])
    assert bytes(torch.ByteTensor([1, 2])) == b"\1\2"


def test_empty_buffers():
    assert numpy.asarray(memoryview(torch.FloatTensor())).shape == (0,)
    assert bytes(torch.FloatStorage()) == b""


def test_a_buffer_keeps_its_memory():
    tensor = torch.ones(1000)
    view = memoryview(tensor)
    tensor.set_()
    with pytest.raises(RuntimeError):
        view.obj.resize_(10_000)
    del tensor
    gc.collect()
    torch.zeros(1000)
    assert view.tolist() == [1.0] * 1000


# NumPy


@pytest.mark.parametrize("name", [n for n in TYPES if n not in ("Char", "Half")])
def test_numpy_both_ways(name):
    tensor, array = some(name)
    ours = tensor.numpy()
    assert ours.dtype == array.dtype and ours.tolist() == array.tolist()
    back = torch.from_numpy(ours)
    back[0, 0] = 5
    assert tensor[0, 0] == 5 and ours[0, 0] == 5 and back.data_ptr() == tensor.data_ptr()


def test_array_takes_dtype_and_copy():
    tensor = torch.ones(3)
    assert numpy.asarray(tensor).ctypes.data == tensor.data_ptr()
    assert numpy.array(tensor).ctypes.data != tensor.data_ptr()
    assert numpy.asarray(tensor, dtype="f8").dtype == "f8"
    assert tensor.__array__(dtype="i4").dtype == "i4"
    assert tensor.__array__(copy=True).ctypes.data != tensor.data_ptr()
    with pytest.raises(ValueError, match="copy"):
        tensor.__array__(dtype="f8", copy=False)


def test_array_interface():
    tensor = torch.arange(0, 6).view(2, 3)
    interface = tensor.__array_interface__
    assert interface["shape"] == (2, 3) and interface["typestr"] == "<f4" and interface["strides"] is None
    assert interface["data"] == (tensor.data_ptr(), False)
    assert tensor.t().__array_interface__["strides"] == (4, 12)


def test_read_only_arrays():
    array = numpy.frombuffer(b"\1\2\3", dtype="u1")
    with pytest.warns(UserWarning, match="must not be written to") as warned:
        tensor = torch.from_numpy(array)
        from_dlpack(array)
    assert [warning.filename for warning in warned] == [__file__] * 2
    assert tensor.tolist() == [1, 2, 3]
    assert memoryview(tensor).readonly and not tensor.numpy().flags.writeable
    with pytest.raises(BufferError):
        tensor.__dlpack__()
    assert not numpy.from_dlpack(tensor).flags.writeable


def test_arrays_that_do_not_fit():
    base = numpy.zeros(17, "u1")[1:].view("f4")
    for array in (base, numpy.zeros(4, ">f4"), numpy.zeros(4, "c8"), numpy.zeros(4)[::-1], numpy.zeros((2, 0))):
        with pytest.raises(RuntimeError):
            torch.from_numpy(array)


# DLPack


@pytest.mark.parametrize("name", TYPES)
def test_dlpack_with_numpy(name):
    tensor, array = some(name)
    lent = numpy.from_dlpack(tensor)
    assert lent.dtype == array.dtype and lent.tolist() == array.tolist() and lent.ctypes.data == tensor.data_ptr()
    back = from_dlpack(array)
    assert back.type() == tensor.type() and back.tolist() == array.tolist() and back.data_ptr() == array.ctypes.data


def test_dlpack_keeps_strides():
    tensor = torch.arange(0, 12).view(3, 4).t()[1:]
    for there in (from_dlpack(tensor), from_dlpack(numpy.from_dlpack(tensor)), from_dlpack(to_dlpack(tensor))):
        assert there.stride() == tensor.stride() and there.equal(tensor) and there.data_ptr() == tensor.data_ptr()


def test_dlpack_arguments():
    tensor = torch.ones(3)
    assert tensor.__dlpack_device__() == (1, 0)
    assert '"dltensor_versioned"' in repr(tensor.__dlpack__(max_version=(1, 1)))
    assert '"dltensor"' in repr(tensor.__dlpack__(max_version=(0, 8)))
    assert from_dlpack(tensor.__dlpack__(max_version=(1, 0), copy=True)).data_ptr() != tensor.data_ptr()
    assert from_dlpack(tensor.__dlpack__(copy=False, dl_device=(1, 0), stream=None)).data_ptr() == tensor.data_ptr()
    with pytest.raises(BufferError, match="device"):
        tensor.__dlpack__(dl_device=(2, 0))
    with pytest.raises(BufferError, match="stream"):
        tensor.__dlpack__(stream=1)


def test_dlpack_is_consumed_once():
    for options in ({}, {"max_version": (1, 0)}):
        capsule = torch.ones(3).__dlpack__(**options)
        from_dlpack(capsule)
        with pytest.raises(RuntimeError, match="once"):
            from_dlpack(capsule)


class Elsewhere:
    def __dlpack_device__(self):
        return 2, 0

    def __dlpack__(self, **options):
        raise AssertionError("not asked for")


def test_dlpack_refuses():
    for source in (None, 5, "dltensor", object(), [1.0]):
        with pytest.raises(RuntimeError, match="capsule"):
            from_dlpack(source)
    with pytest.raises(RuntimeError, match="device type 2"):
        from_dlpack(Elsewhere())
    for array in (numpy.zeros(3, "c16"), numpy.zeros(3, "u4"), numpy.zeros(3, bool)):
        with pytest.raises(RuntimeError, match="no tensor type holds"):
            from_dlpack(array)
    with pytest.raises(RuntimeError, match="negative"):
        from_dlpack(numpy.zeros(3)[::-1])
    with pytest.raises(RuntimeError, match="positive"):
        from_dlpack(numpy.zeros((2, 0)))
    with pytest.raises(TypeError, match=r"variable\.data"):
        to_dlpack(torch.autograd.Variable(torch.ones(2)))


def test_single_numbers_and_empty_tensors():
    assert from_dlpack(numpy.array(3.0)).tolist() == [3.0]
    assert numpy.from_dlpack(torch.FloatTensor()).shape == (0,)


class Device(ctypes.Structure):
    _fields_ = [("type", ctypes.c_int32), ("id", ctypes.c_int32)]


class Lent(ctypes.Structure):
    _fields_ = [
        ("data", ctypes.c_void_p),
        ("device", Device),
        ("ndim", ctypes.c_int32),
        ("dtype", ctypes.c_uint32),
        ("shape", ctypes.POINTER(ctypes.c_int64)),
        ("strides", ctypes.POINTER(ctypes.c_int64)),
        ("byte_offset", ctypes.c_uint64),
    ]


class Managed(ctypes.Structure):
    _fields_ = [("tensor", Lent), ("context", ctypes.c_void_p), ("deleter", ctypes.CFUNCTYPE(None, ctypes.c_void_p))]


ctypes.pythonapi.PyCapsule_New.restype = ctypes.py_object
ctypes.pythonapi.PyCapsule_New.argtypes = [ctypes.c_void_p, ctypes.c_char_p, ctypes.c_void_p]
FLOAT = 2 | 32 << 8 | 1 << 16  # code, bits and lanes


class Lender:
    """A library that counts how often its memory is given back."""

    def __init__(self, dtype=FLOAT, sizes=(4,), strides=None, device=1):
        self.deleted = 0
        self.data = (ctypes.c_float * 64)(*range(64))
        shape = (ctypes.c_int64 * len(sizes))(*sizes)
        steps = (ctypes.c_int64 * len(sizes))(*strides) if strides else None
        address = ctypes.addressof(self.data)
        tensor = Lent(address, Device(device, 0), len(sizes), dtype, shape, steps, 8)
        self.managed = Managed(tensor, None, ctypes.CFUNCTYPE(None, ctypes.c_void_p)(self.delete))
        self.kept = shape, steps

    def delete(self, _managed):
        self.deleted += 1

    def capsule(self):
        return ctypes.pythonapi.PyCapsule_New(ctypes.addressof(self.managed), b"dltensor", None)


def test_borrowed_memory_is_given_back_once():
    lender = Lender(sizes=(2, 2))  # without strides: row-major; the first two elements are passed over
    tensor = from_dlpack(lender.capsule())
    assert tensor.tolist() == [[2, 3], [4, 5]]
    view, array, storage = tensor[1], tensor.numpy(), tensor.storage()
    for held in ("tensor", "view", "array", "storage"):
        assert lender.deleted == 0, held
        if held == "tensor":
            del tensor
        elif held == "view":
            del view
        elif held == "array":
            del array
        else:
            del storage
        gc.collect()
    assert lender.deleted == 1


def test_refused_memory_stays_with_the_lender():
    for bad in (
        Lender(dtype=FLOAT | 1 << 17),
        Lender(sizes=(3, -1)),
        Lender(sizes=(1 << 62, 8)),
        Lender(device=2),
        Lender(strides=(-1,)),
        Lender(sizes=(1,) * 65),
    ):
        with pytest.raises(RuntimeError):
            from_dlpack(bad.capsule())
        assert bad.deleted == 0


def test_memory_handed_on_in_cycles_and_threads():
    """Lender to tensor to array to tensor, dropped by the collector and by threads: each memory is given back once."""
    lenders = []

    def use():
        for _ in range(100):
            lender = Lender()
            lenders.append(lender)
            array = numpy.from_dlpack(from_dlpack(lender.capsule()))
            holder = [array]
            holder.append(holder)
            again = from_dlpack(array)
            del array, holder
            assert again.tolist() == [2, 3, 4, 5] and lender.deleted == 0

    threads = [threading.Thread(target=use) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    gc.collect()
    assert [lender.deleted for lender in lenders] == [1] * 400


def test_unused_capsules_give_back():
    lender = Lender()
    tensor = from_dlpack(lender.capsule())
    capsules = [tensor.__dlpack__(), tensor.__dlpack__(max_version=(1, 0)), tensor.__dlpack__(copy=True)]
    del tensor
    assert lender.deleted == 0
    del capsules
    assert lender.deleted == 1


# Current PyTorch, where it is installed


@pytest.fixture
def pytorch():
    return pytest.importorskip("torch", reason="PyTorch is not installed")


@pytest.mark.parametrize("name", TYPES)
def test_pytorch_both_ways(pytorch, name):
    tensor, array = some(name)
    theirs = pytorch.from_dlpack(tensor)
    assert theirs.tolist() == array.tolist() and theirs.data_ptr() == tensor.data_ptr()
    back = from_dlpack(theirs)
    assert back.type() == tensor.type() and back.data_ptr() == tensor.data_ptr() and back.tolist() == array.tolist()
    assert from_dlpack(pytorch.utils.dlpack.to_dlpack(theirs)).tolist() == back.tolist()
    assert pytorch.utils.dlpack.from_dlpack(to_dlpack(tensor)).tolist() == array.tolist()
    del tensor, back
    gc.collect()
    assert theirs.tolist() == array.tolist()


def test_jax_both_ways():
    numbers = pytest.importorskip("jax.numpy", reason="JAX is not installed")
    tensor = torch.arange(0, 6).view(2, 3)
    assert numbers.from_dlpack(tensor).tolist() == tensor.tolist()
    assert from_dlpack(numbers.arange(3.0)).tolist() == [0, 1, 2]


NUMBERS = [numpy.float64(0.5), numpy.float32(0.5), numpy.int64(2), numpy.bool_(True)]


@pytest.mark.parametrize("number", NUMBERS, ids=repr)
def test_a_numpy_number_on_the_left_gives_a_tensor(number):
    """As NumPy of 2017 did: the number takes on the tensor's type, but a fraction makes whole numbers doubles."""
    for t in (torch.FloatTensor([1, 4]), torch.DoubleTensor([1, 4]), torch.LongTensor([1, 4])):
        for operator in (add, sub, mul, truediv, pow):
            got, wanted = operator(number, t), operator(number.item(), t.numpy())
            assert got.type() == torch.from_numpy(wanted).type() and got.tolist() == wanted.tolist()
    v = Variable(torch.FloatTensor([1, 4]), requires_grad=True)
    (number + number * v).sum().backward()
    assert v.grad.data.tolist() == [number.item()] * 2
    assert (number - v).data.tolist() == [number.item() - 1, number.item() - 4]
    assert isinstance(numpy.ones(2) * torch.ones(2), torch.DoubleTensor)
