"""Kernels compiled for the test: by g++ against the emulation, by NVRTC or nvcc for a GPU."""

from __future__ import annotations

import ctypes
import ctypes.util
import shutil
import subprocess
from importlib.util import find_spec
from pathlib import Path

HERE = Path(__file__).parent
PYX = HERE.parent.parent / "pyx"  # half.h
GRID, BLOCK = 3, 32  # fewer threads than elements: the kernels' loops are tested too
NUMBERS = {
    "float": ctypes.c_float,
    "double": ctypes.c_double,
    "short": ctypes.c_short,
    "int": ctypes.c_int,
    "long long": ctypes.c_longlong,
}
NUMBERS |= {"unsigned char": ctypes.c_ubyte, "signed char": ctypes.c_byte}


def together(sources) -> str:
    """The text of several kernels of one type."""
    sources = list(sources)
    return sources[0].prelude + "".join(source.kernel for source in sources)


def emulated(sources, folder: Path) -> ctypes.CDLL:
    """A library in which run_NAME(...) runs each kernel on the CPU."""
    sources = list(sources)
    runs = []
    for source in sources:
        declared = ", ".join(f"{kind} {name}" for name, kind in source.parameters.items())
        barriers = str("__syncthreads" in source.kernel).lower()
        call = f"emulate({source.name}, {GRID}, {BLOCK}, {barriers}, {', '.join(source.parameters)});"
        runs.append(f'extern "C" void run_{source.name}({declared}) {{ {call} }}\n')
    text, library = folder / "kernels.cpp", folder / "kernels.so"
    text.write_text('#include "cuda.h"\n' + together(sources) + "".join(runs))
    flags = ["-std=c++20", "-O0", "-w", "-ffp-contract=off", "-shared", "-fPIC", "-pthread", f"-I{HERE}", f"-I{PYX}"]
    subprocess.run(["g++", *flags, str(text), "-o", str(library)], check=True)
    return ctypes.CDLL(str(library))


def run(library: ctypes.CDLL, source, values: dict) -> None:
    """Run a kernel on arrays (by their address) and numbers."""
    arguments = []
    for name, kind in source.parameters.items():
        value = values[name]
        arguments.append(ctypes.c_void_p(value.ctypes.data) if kind.endswith("*") else NUMBERS[kind](value))
    getattr(library, f"run_{source.name}")(*arguments)


def nvrtc() -> ctypes.CDLL | None:
    """NVRTC, which CuPy compiles with: from a CUDA installation or from NVIDIA's package; it needs no GPU."""
    name = ctypes.util.find_library("nvrtc")
    if name is None and (spec := find_spec("nvidia")) is not None:
        found = [file for folder in spec.submodule_search_locations for file in Path(folder).glob("*/lib/libnvrtc.so*")]
        name = str(found[0]) if found else None
    return None if name is None else ctypes.CDLL(name)


def compiled_by_nvrtc(library: ctypes.CDLL, text: str, includes: list[str]) -> None:
    """Compile for a GPU; AssertionError with NVRTC's log where that fails."""
    program = ctypes.c_void_p()
    assert library.nvrtcCreateProgram(ctypes.byref(program), text.encode(), b"kernels.cu", 0, None, None) == 0
    options = [b"-std=c++17", *(f"-I{folder}".encode() for folder in includes)]
    status = library.nvrtcCompileProgram(program, len(options), (ctypes.c_char_p * len(options))(*options))
    size = ctypes.c_size_t()
    library.nvrtcGetProgramLogSize(program, ctypes.byref(size))
    log = ctypes.create_string_buffer(size.value)
    library.nvrtcGetProgramLog(program, log)
    library.nvrtcDestroyProgram(ctypes.byref(program))
    assert status == 0, log.value.decode()


def compiled_by_nvcc(text: str, folder: Path) -> None:
    """Compile for a GPU; CalledProcessError where that fails."""
    source = folder / "kernels.cu"
    source.write_text(text)
    subprocess.run(["nvcc", "-ptx", "-std=c++17", str(source), "-o", str(folder / "kernels.ptx")], check=True)


def cuda_headers() -> list[str]:
    """Where cuda_fp16.h lies, if it does."""
    nvcc = shutil.which("nvcc")
    folders = [Path("/usr/local/cuda/include"), *([Path(nvcc).resolve().parent.parent / "include"] if nvcc else [])]
    folders += sorted(Path("/usr/local").glob("cuda-*/include"))
    return [str(folder) for folder in folders if (folder / "cuda_fp16.h").exists()][:1]
