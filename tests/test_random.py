"""Random numbers beyond their streams (test_streams.py): views, generators, states, and what is refused."""

import pytest

import autograd_legacy as torch

from .reference_stream import Stream, single


def test_every_single_normal_is_that_of_the_c_library():
    """The short series of single precision give way to the library's functions where a rounding is not certain."""
    torch.manual_seed(42)
    stream = Stream(42)
    assert torch.randn(100_000).tolist() == [single(stream.normal(0.0, 1.0)) for _ in range(100_000)]


def test_views_are_filled_in_their_own_order():
    torch.manual_seed(1)
    expected = torch.rand(3, 4)
    for tensor in (torch.FloatTensor(4, 3).t(), torch.FloatTensor(3, 8)[:, ::2]):
        torch.manual_seed(1)
        assert tensor.uniform_().tolist() == expected.tolist()
    torch.manual_seed(1)
    shared = torch.FloatTensor(1).expand(12)
    assert shared.uniform_()[0] == expected[2][3]


def test_a_bad_chance_stops_the_filling():
    tensor = torch.zeros(4)
    with pytest.raises(RuntimeError, match="must be >= 0 and <= 1"):
        tensor.bernoulli_(torch.FloatTensor([1, 1, 7, 1]))
    assert tensor.tolist() == [1, 1, 0, 0]


def test_generators_are_apart():
    own = torch.Generator().manual_seed(5)
    torch.manual_seed(5)
    expected = torch.rand(3).tolist()
    torch.manual_seed(6)
    assert torch.zeros(3).uniform_(generator=own).tolist() == expected
    other = torch.rand(1).tolist()
    torch.manual_seed(6)
    assert torch.rand(1).tolist() == other


def test_state_is_restored():
    torch.manual_seed(5)
    torch.randn(1)
    with torch.random.fork_rng():
        inside = [torch.randn(3).tolist(), torch.rand(800).sum()]
    assert [torch.randn(3).tolist(), torch.rand(800).sum()] == inside


@pytest.mark.parametrize(
    "call, error, text",
    [
        (lambda: torch.manual_seed(1.0), RuntimeError, "float"),
        (lambda: torch.manual_seed(2**64), RuntimeError, "2\\*\\*63"),
        (lambda: torch.set_rng_state([1, 2]), RuntimeError, "ByteTensor"),
        (lambda: torch.set_rng_state(torch.get_rng_state()[:9]), RuntimeError, "wrong size"),
        (lambda: torch.set_rng_state(torch.get_rng_state().zero_()), RuntimeError, "Invalid"),
        (lambda: torch.zeros(2).normal_(0, -1), RuntimeError, "strictly positive"),
        (lambda: torch.zeros(2).random_(5, 5), RuntimeError, "max"),
        (lambda: torch.zeros(2).geometric_(1), RuntimeError, "> 0 and < 1"),
        (lambda: torch.zeros(2).bernoulli_(torch.zeros(3)), RuntimeError, "inconsistent"),
        (lambda: torch.multinomial(torch.zeros(2), 1), RuntimeError, "sum of probabilities"),
        (lambda: torch.multinomial(torch.ones(2), 3), RuntimeError, "without replacement"),
        (lambda: torch.randperm(0), RuntimeError, "positive"),
        (lambda: torch.rand("3"), TypeError, "invalid"),
        (lambda: torch.zeros(2).uniform_(generator=3), TypeError, "Generator"),
    ],
)
def test_refusals(call, error, text):
    with pytest.raises(error, match=text):
        call()
