"""The random streams of 0.3.1, bit for bit: every law against its recipe, and the generator's state after it."""

import itertools

import pytest

import autograd_legacy as torch

from .reference_stream import Stream, single

SEEDS = (0, 42, 2**32 + 5, -7)
SIZES = (1, 2, 17, 700)
FLOATING = ("Float", "Double")
ALL = ("Byte", "Char", "Short", "Int", "Long", *FLOATING)
LAWS = [  # name, types, the arguments to try, the recipe
    ("uniform_", FLOATING, [(0, 1), (0.1, 0.7), (5, 2), (-1e6, 3e7)], lambda s, kind, *a: s.uniform(kind, *a)),
    ("normal_", FLOATING, [(0, 1), (-3, 2.5)], lambda s, kind, *a: s.normal(*a)),
    ("cauchy_", FLOATING, [(0, 1), (0.1, 0.7)], lambda s, kind, *a: s.cauchy(*a)),
    ("log_normal_", FLOATING, [(0, 1), (0.1, 0.7)], lambda s, kind, *a: s.log_normal(*a)),
    ("exponential_", FLOATING, [(1,), (0.3,)], lambda s, kind, *a: s.exponential(*a)),
    ("bernoulli_", ALL, [(0.1,), (0.5,)], lambda s, kind, *a: s.bernoulli(*a)),
    ("geometric_", ALL, [(0.1,), (0.9,)], lambda s, kind, *a: s.geometric(*a)),
    ("random_", ALL, [()], lambda s, kind: s.random(kind)),
    ("random_", ALL, [(1,), (100,)], lambda s, kind, top: s.random(kind, 0, top)),
    ("random_", ALL, [(-5, 5), (0, 2**32 - 1), (0, 2**32), (-(2**40), 2**40)], lambda s, kind, *a: s.random(kind, *a)),
]
CASES = [(name, kind, args, law) for name, kinds, choices, law in LAWS for kind in kinds for args in choices]


def state():
    return bytes(torch.get_rng_state().tolist())


@pytest.mark.parametrize(("name", "kind", "args", "law"), CASES, ids=[f"{c[0]}{c[1]}{c[2]}" for c in CASES])
def test_law(name, kind, args, law):
    element = {"Float": single, "Double": float}.get(kind, int)
    for seed, size in itertools.product(SEEDS, SIZES):
        torch.manual_seed(seed)
        recipe = Stream(seed)
        drawn = getattr(getattr(torch, f"{kind}Tensor")(size), name)(*args).tolist()
        assert drawn == [element(law(recipe, kind, *args)) for _ in range(size)]
        assert state() == recipe.state()


@pytest.mark.parametrize("seed", SEEDS)
def test_randperm(seed):
    for size in SIZES:
        torch.manual_seed(seed)
        assert torch.randperm(size).tolist() == Stream(seed).permutation(size)


@pytest.mark.parametrize(("kind", "replacement"), list(itertools.product(FLOATING, (True, False))))
def test_multinomial(kind, replacement):
    for seed, size in itertools.product(SEEDS, (1, 5, 33)):
        torch.manual_seed(seed)
        rows = getattr(torch, f"{kind}Tensor")(3, size).uniform_()
        if size > 4:
            rows[:, 1:3] = 0  # what cannot be drawn, until nothing else is left
        for count in sorted({1, (size + 1) // 2, size}):
            torch.manual_seed(seed)
            recipe = Stream(seed)
            drawn = torch.multinomial(rows, count, replacement).tolist()
            assert drawn == [recipe.multinomial(row, count, replacement) for row in rows.tolist()]
            assert state() == recipe.state()
