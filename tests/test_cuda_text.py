"""The rows' CUDA kernels, without a GPU: they compile for one, and emulated they give what the CPU's loops give."""

import shutil
from types import SimpleNamespace

import numpy as np
import pytest

import autograd_legacy as torch
from autograd_legacy import optable
from autograd_legacy._core import ops
from autograd_legacy.autograd import Variable
from autograd_legacy.cuda.kernels import CONTIGUOUS, Layout, backward, forward

from .emulation.build import compiled_by_nvcc, compiled_by_nvrtc, cuda_headers, emulated, nvrtc, run, together

SIZES = (23, 11)
SPREAD = Layout(ndim=2)  # the first operand transposed, the others broadcast along the first dimension
TYPES = {
    "B": "uint8",
    "b": "int8",
    "h": "int16",
    "i": "int32",
    "l": "int64",
    "e": "float16",
    "f": "float32",
    "d": "float64",
}
CASES = [(op, code) for op in optable.OPS for code in dict.fromkeys((*op.dtypes, *("e" if "f" in op.dtypes else "")))]
GRADIENTS = [(op, code) for op, code in CASES if op.grads and code in "efd"]


def layouts(op, code):
    yield CONTIGUOUS
    if code == "f":  # a layout means the same for every type
        yield SPREAD
        if len(op.operands) > 1:
            yield Layout(numbers=op.operands[1:])


def sources(code):
    for op, own in CASES:
        for layout in layouts(op, code) if own == code else ():
            yield forward(op, code, layout)
            if (op, code) in GRADIENTS:
                yield backward(op, code, layout=layout)


@pytest.fixture(scope="module")
def libraries(tmp_path_factory):
    """The emulated kernels of a type, built when they are first wanted."""
    if shutil.which("g++") is None:
        pytest.skip("no g++ to build the emulation with")
    built = {}

    def library(code):
        if code not in built:
            built[code] = emulated(sources(code), tmp_path_factory.mktemp(f"kernels_{TYPES[code]}"))
        return built[code]

    return library


def drawn(op, code, layout, special):
    """Values for the operands: arrays of SIZES, rows of them where the layout broadcasts, or numbers."""
    random = np.random.RandomState(len(op.name))
    values = {}
    for k, operand in enumerate(op.operands):
        size = SIZES[1:] if layout.ndim and k else SIZES
        if code in "efd":
            array = random.uniform(*op.sample, size=size)
            if special:
                array.flat[:6] = np.nan, np.inf, -np.inf, 0, op.sample[0], op.sample[1]
        else:
            low, high = (0, 9) if code == "B" else (-9, 9)
            array = random.randint(low, high, size=size)
            if operand == op.divisor:
                array[array == 0] = 3
        array = array.astype(TYPES[code])
        if operand in layout.numbers:
            array = array.flat[-1].item()
        elif layout.ndim and not k:
            array = np.asfortranarray(array)
        values[operand] = array
    return values


def launch(library, source, values, results):
    """Run a kernel over SIZES."""
    n0, n1 = SIZES
    given = {**values, **results, "n": n0 * n1, "n0": n0, "n1": n1}
    for name, array in (*values.items(), *results.items()):
        if isinstance(array, np.ndarray):
            steps = [step // array.itemsize for step in array.strides]
            given[f"{name}_0"], given[f"{name}_1"] = steps if array.ndim == 2 else (0, *steps)
    run(library, source, given)


def on_cpu(value, code):
    """An array as a Tensor; Half is computed in single precision, and Char comes from no array."""
    if not isinstance(value, np.ndarray):
        return value
    tensor = torch.from_numpy(value.astype({"e": "float32", "b": "int16"}.get(code, TYPES[code]), copy=False))
    return tensor.char() if code == "b" else tensor


def check(found, expected, code):
    bounds = {"e": (2e-3, 2e-3), "f": (2e-5, 2e-6), "d": (1e-12, 1e-13)}
    if code in bounds and found.dtype.kind == "f":
        with np.errstate(over="ignore"):
            expected = expected.astype(found.dtype)
        rtol, atol = bounds[code]
        np.testing.assert_allclose(found.astype("float64"), expected.astype("float64"), rtol=rtol, atol=atol)
    else:
        np.testing.assert_array_equal(found, expected)


@pytest.mark.parametrize(("op", "code"), CASES, ids=[f"{op.name}-{TYPES[code]}" for op, code in CASES])
def test_forward(op, code, libraries):
    for layout in layouts(op, code):
        values = drawn(op, code, layout, special=True)
        out = np.empty(SIZES, "uint8" if op.result else TYPES[code])
        launch(libraries(code), forward(op, code, layout), values, {"out": out})
        expected = getattr(ops, op.name)(*[on_cpu(value, code) for value in values.values()])
        check(out, np.broadcast_to((expected.short() if code == "b" else expected).numpy(), SIZES), code)


@pytest.mark.parametrize(("op", "code"), GRADIENTS, ids=[f"{op.name}-{TYPES[code]}" for op, code in GRADIENTS])
def test_backward(op, code, libraries):
    for layout in layouts(op, code):
        values = drawn(op, code, layout, special=False)
        grad = np.random.RandomState(1).uniform(-1, 1, SIZES).astype(TYPES[code])
        leaves = {
            operand: Variable(on_cpu(value, code), requires_grad=operand in op.grads)
            if isinstance(value, np.ndarray)
            else value
            for operand, value in values.items()
        }
        out = getattr(ops, op.name)(*leaves.values())
        if not out.requires_grad:  # all operands that have a gradient are numbers here
            continue
        out.backward(on_cpu(grad, code))
        values |= {"grad": grad, "out": out.data.numpy().astype(TYPES[code])}
        results = {f"grad_{operand}": np.empty(SIZES, TYPES[code]) for operand in op.grads}
        launch(libraries(code), backward(op, code, layout=layout), values, results)
        for operand in op.grads:
            if isinstance(values[operand], np.ndarray):
                found = results[f"grad_{operand}"]
                if values[operand].ndim == 1:  # broadcasting is undone after the kernel, in another
                    found = found.sum(0, dtype="float64").astype(TYPES[code])
                check(found, leaves[operand].grad.data.numpy(), code)


@pytest.mark.parametrize("code", TYPES)
def test_compiles_for_a_gpu(code, tmp_path):
    headers = cuda_headers()
    library = nvrtc()
    if library is None and shutil.which("nvcc") is None:
        pytest.skip("neither NVRTC nor nvcc is here")
    if code == "e" and not headers:
        pytest.skip("cuda_fp16.h is not here")
    if library is not None:
        compiled_by_nvrtc(library, together(sources(code)), headers)
    else:
        compiled_by_nvcc(together(sources(code)), tmp_path)


SUM = """
extern "C" __global__ void block_sums(const float* x, float* out, int* blocks, int n) {
    __shared__ float part[32];
    float sum = 0;
    for (int i = blockIdx.x * blockDim.x + threadIdx.x; i < n; i += gridDim.x * blockDim.x) sum += x[i];
    part[threadIdx.x] = sum;
    for (int half = blockDim.x / 2; half > 0; half /= 2) {
        __syncthreads();
        if (threadIdx.x < half) part[threadIdx.x] += part[threadIdx.x + half];
    }
    if (threadIdx.x == 0) {
        atomicAdd(out, part[0]);
        atomicMax(blocks, (int)blockIdx.x + 1);
    }
}
"""


@pytest.mark.skipif(shutil.which("g++") is None, reason="no g++ to build the emulation with")
def test_emulation(tmp_path):
    """Shared memory, barriers and atomics, which kernels that are not pointwise use."""
    parameters = {"x": "const float*", "out": "float*", "blocks": "int*", "n": "int"}
    kernel = SimpleNamespace(name="block_sums", prelude="", kernel=SUM, parameters=parameters)
    x = np.arange(1000, dtype="float32")
    out, blocks = np.zeros(1, "float32"), np.zeros(1, "int32")
    run(emulated([kernel], tmp_path), kernel, {"x": x, "out": out, "blocks": blocks, "n": 1000})
    assert out[0] == x.sum() and blocks[0] == 3
