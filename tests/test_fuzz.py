"""Random calls against NumPy: random types, sizes, strides and broadcasts. The seed stands in the output."""

import numpy
import pytest

import autograd_legacy as torch

SEED, CALLS = 20171205, 6000
TYPES = "Bhilfd"
BINARY = {"add": numpy.add, "sub": numpy.subtract, "mul": numpy.multiply, "max": numpy.maximum, "min": numpy.minimum}
COMPARISONS = {"eq": numpy.equal, "lt": numpy.less, "ge": numpy.greater_equal}
FLOATING = {"exp": numpy.exp, "tanh": numpy.tanh, "floor": numpy.floor, "cos": numpy.cos}


def random_view(generator, array):
    """A tensor with the array's values whose memory lies in a random way."""
    way = generator.randint(5)
    if way == 0 or array.ndim == 0:
        return torch.from_numpy(array.copy())
    if way == 1:  # steps
        wide = numpy.repeat(array, 2, axis=-1)
        return torch.from_numpy(wide)[(slice(None),) * (array.ndim - 1) + (slice(None, None, 2),)]
    if way == 2:  # an offset
        padded = numpy.concatenate([array[:1], array], 0)
        return torch.from_numpy(padded).narrow(0, 1, array.shape[0])
    if way == 3 and array.ndim > 1:  # another order of the dimensions
        i, j = generator.choice(array.ndim, 2, replace=False)
        return torch.from_numpy(numpy.ascontiguousarray(array.swapaxes(i, j))).transpose(int(i), int(j))
    return torch.from_numpy(numpy.asfortranarray(array))


def random_sizes(generator):
    return tuple(int(n) for n in generator.randint(1, 7, generator.randint(1, 5)))


def random_array(generator, sizes, code):
    if code in "fd":
        return generator.uniform(-3, 3, sizes).astype(code)
    return generator.randint(0, 100, sizes).astype(code)


def stretched(generator, sizes):
    """Sizes that broadcast to `sizes`."""
    kept = [1 if generator.rand() < 0.3 else n for n in sizes]
    return tuple(kept[generator.randint(len(kept)) :] if generator.rand() < 0.3 else kept)


@pytest.mark.parametrize("part", range(6))
def test_calls_agree_with_numpy(part):
    generator = numpy.random.RandomState(SEED + part)
    for call in range(CALLS // 6):
        sizes, code = random_sizes(generator), TYPES[generator.randint(len(TYPES))]
        a = random_array(generator, sizes, code)
        kind = generator.randint(5)
        where = f"seed {SEED + part}, call {call}: sizes {sizes}, type {code}"
        x = random_view(generator, a)
        with numpy.errstate(all="ignore"):
            if kind == 0:
                name = list(BINARY)[generator.randint(len(BINARY))]
                b = random_array(generator, stretched(generator, sizes), code)
                got, want = getattr(x, name)(random_view(generator, b)), BINARY[name](a, b)
            elif kind == 1:
                name = list(COMPARISONS)[generator.randint(len(COMPARISONS))]
                b = random_array(generator, stretched(generator, sizes), code)
                got, want = getattr(x, name)(random_view(generator, b)), COMPARISONS[name](a, b).astype("B")
            elif kind == 2 and code in "fd":
                name = list(FLOATING)[generator.randint(len(FLOATING))]
                got, want = getattr(x, name)(), FLOATING[name](a)
            elif kind == 3:
                name, dim = "sum", int(generator.randint(len(sizes)))
                got, want = (
                    x.sum(dim, True),
                    a.sum(dim, keepdims=True, dtype=code if code in "fd" else "l").astype(code),
                )
            else:
                name = "in place"
                b = random_array(generator, stretched(generator, sizes), code)
                want = a + b
                x.add_(random_view(generator, b))
                got = x
        numpy.testing.assert_allclose(
            numpy.array(got.tolist()), want, rtol=1e-5, atol=1e-5 if code == "f" else 1e-9, err_msg=f"{name}, {where}"
        )
    print(f"{CALLS // 6} calls, seed {SEED + part}")
