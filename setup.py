"""Build the Cython core: pyx/*.pyx and pyx/*.pyx.tp -> autograd_legacy/_core/*.so."""

import os
import platform
import re
import sys
from pathlib import Path

import numpy
from Cython import Tempita
from Cython.Build import cythonize
from setuptools import Extension, setup
from setuptools.command.build_ext import build_ext

ROOT = Path(__file__).resolve().parent
os.chdir(ROOT)
sys.path.insert(0, str(ROOT / "autograd_legacy"))
import optable  # noqa: E402  (the table is read without importing the package, which is not built yet)

sys.path.pop(0)  # our multiprocessing lies there: Cython and setuptools want Python's, to work in parallel

PACKAGE = "autograd_legacy._core"
PYX = Path("pyx")
OPTABLE = Path("autograd_legacy/optable")
STAGE = Path("build/pyx")  # what Cython sees: a root holding the import tree
HEADERS = STAGE.joinpath(*PACKAGE.split("."))

# Instruction sets that the inner loops are built for; the one to use is chosen when the library is imported.
ISAS = {"base": []}
if platform.machine() in ("x86_64", "AMD64"):
    ISAS["avx2"] = ["-mavx2", "-mf16c", "-mfma"]
    ISAS["avx512"] = [*ISAS["avx2"], "-mavx512f", "-mavx512vl", "-mavx512bw", "-mavx512dq"]

# Most loops wait for memory, and gain nothing from the widest registers; products in registers do, and exponentials.
PER_ISA = {"loops.pyx.tp": tuple(ISAS), "folds.pyx.tp": ("base", "avx2"), "tiles.pyx.tp": tuple(ISAS)}

# No contraction: a * b + c rounds twice, as the recorded numbers do, whatever the instruction set.
# -fwrapv: whole numbers wrap when they overflow, also where Python itself was built otherwise.
# -fopenmp-simd: a sum may be kept in several lanes where its loop says so.
FLAGS = [
    "-O3",
    "-g0",
    "-std=c++17",
    "-fno-math-errno",
    "-ffp-contract=off",
    "-fno-trapping-math",
    "-fwrapv",
    "-fopenmp-simd",
    "-Wno-unused-function",
]

# AUTOGRAD_LEGACY_SANITIZE=1: a build that watches each access to memory (docs/testing.md says how to run it).
SANITIZERS = ["-fsanitize=address,undefined"] if os.environ.get("AUTOGRAD_LEGACY_SANITIZE") else []
if SANITIZERS:
    FLAGS += [*SANITIZERS, "-O1", "-g1", "-fno-omit-frame-pointer"]


# A loop whose course depends on a number alone, an exponent of 2, is made one loop for each course, however long.
if sys.platform == "linux":
    FLAGS.append("--param=max-unswitch-insns=1000")


def stage(name, text):
    """Put a file where its import path says, leaving it alone when nothing changed."""
    out = HEADERS / name
    out.parent.mkdir(parents=True, exist_ok=True)
    if not out.exists() or out.read_text() != text:
        out.write_text(text)
    return out


def render(template, name=None, **names):
    text = Tempita.Template(template.read_text(), name=str(template))
    return stage(name or template.stem, text.substitute(table=optable, dtypes=optable.DTYPES, **names))


def headers(text):
    """The C++ headers that a source names, and those that they name in turn."""
    found = set()
    for name in re.findall(r'(?:from|#include) "(\w+\.h)"', text):
        for folder in (PYX, OPTABLE, HEADERS):
            if (folder / name).exists():
                found |= {str(folder / name)} | headers((folder / name).read_text())
    return found


def extension(source, flags=()):
    return Extension(
        f"{PACKAGE}.{source.stem}",
        [str(source)],
        language="c++",
        include_dirs=[str(HEADERS), str(PYX), str(OPTABLE), numpy.get_include()],
        define_macros=[("NPY_NO_DEPRECATED_API", "NPY_2_0_API_VERSION")],
        extra_compile_args=FLAGS + list(flags),
        extra_link_args=SANITIZERS,
        depends=sorted(headers(source.read_text())),
    )


def extensions():
    stage("ops.h", optable.header())
    for header in sorted(PYX.glob("*.pxd")):  # so that `from .tensor cimport Tensor` resolves
        stage(header.name, header.read_text())
    for header in sorted(PYX.glob("*.pxd.tp")):
        render(header)
    for template in sorted(PYX.glob("*.pyx.tp")):  # first, as they take the compiler longest
        if template.name in PER_ISA:
            for isa in [isa for isa in PER_ISA[template.name] if isa in ISAS]:
                source = render(template, template.name.replace(".", f"_{isa}.", 1).removesuffix(".tp"), isa=isa)
                yield extension(source, ISAS[isa])
        else:
            yield extension(render(template))
    for source in sorted(PYX.glob("*.pyx")):
        yield extension(source)


class Build(build_ext):
    """Runs Cython where something is built, not whenever metadata or an sdist are asked for."""

    def finalize_options(self):
        super().finalize_options()
        self.parallel = self.parallel or os.cpu_count()

    def build_extensions(self):
        translated = cythonize(
            self.extensions,
            include_path=[str(STAGE)],
            build_dir="build/cxx",
            nthreads=os.cpu_count(),
            compiler_directives={
                "language_level": 3,
                "boundscheck": True,  # of Python's lists and tuples; pointers have no bounds to check
                "wraparound": False,
                "cdivision": True,
                "initializedcheck": False,
            },
        )
        for extension, result in zip(self.extensions, translated, strict=True):
            extension.sources, extension.depends = result.sources, result.depends
        super().build_extensions()


setup(ext_modules=list(extensions()), cmdclass={"build_ext": Build})
