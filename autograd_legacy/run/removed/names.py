"""The names, by module."""

import collections.abc
import errno
import inspect
import math
from collections.abc import Callable
from typing import Any, NamedTuple

from ..children import with_install, without_program
from .numpy_1 import Numpy1, copying_if_needed, of_one_number, of_plain_numbers


class ArgSpec(NamedTuple):
    """What getargspec returned."""

    args: list[str]
    varargs: str | None
    keywords: str | None
    defaults: tuple | None


def getargspec(func: Callable) -> ArgSpec:
    """The names and defaults of a function's parameters. ValueError for a function with keyword-only ones."""
    spec = inspect.getfullargspec(func)
    if spec.kwonlyargs:
        raise ValueError("Function has keyword-only parameters, use inspect.signature() API which supports them")
    return ArgSpec(*spec[:4])


def item(array: Any) -> Any:
    """numpy.asscalar: the single element of an array."""
    return array.item()


# A text stands for the module's own attribute of that name, by which it goes today.
NAMES: dict[str, dict[str, Any]] = {
    # Python
    "base64": dict(encodestring="encodebytes", decodestring="decodebytes"),
    "collections": {name: getattr(collections.abc, name) for name in collections.abc.__all__},
    "fractions": dict(gcd=math.gcd),
    "inspect": dict(ArgSpec=ArgSpec, getargspec=getargspec),
    "os": dict(errno=errno),
    "time": dict(clock="process_time"),
    # NumPy
    "numpy": dict(
        **dict(bool=bool, int=int, float=float, complex=complex, object=object, str=str, long=int, unicode=str),
        **dict(float_="float64", complex_="complex128", string_="bytes_", unicode_="str_", Inf="inf", infty="inf"),
        **dict(PINF="inf", NaN="nan", NAN="nan", asscalar=item, product="prod", cumproduct="cumprod", alltrue="all"),
        **dict(sometrue="any", row_stack="vstack", trapz="trapezoid", in1d="isin"),
    ),
    # Pillow
    "PIL": dict(PILLOW_VERSION="__version__"),
    "PIL.Image": dict(ANTIALIAS="LANCZOS", LINEAR="BILINEAR", CUBIC="BICUBIC"),
}

# From what the name means today to what it meant, or what a program that is run needs it to do.
CHANGED: dict[str, dict[str, Callable[[Any], Any]]] = {
    "multiprocessing.forkserver": dict(set_forkserver_preload=without_program),
    "multiprocessing.spawn": dict(get_preparation_data=with_install),
    "numpy": dict(array=copying_if_needed, finfo=of_plain_numbers),
    "torchvision.transforms.functional": dict(np=lambda numpy: Numpy1("numpy")),  # adjust_hue: uint8 of -38
    "tensorboardX.x2num": dict(makenp=of_one_number),  # add_scalar: float() of what this makes
}
