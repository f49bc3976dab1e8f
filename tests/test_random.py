"""The streams of the default generator against a one-by-one reference, bit for bit."""

import math
import struct

import pytest

import autograd_legacy as torch

N, M = 624, 397
SIZES = (1, 2, 3, 17, 700)
KINDS = {"Byte": 8, "Char": 7, "Short": 15, "Int": 31, "Long": 63}


class Stream:
    """The generator as the notes on 0.3.1's streams describe it: a Mersenne twister and a waiting normal."""

    def __init__(self, seed):
        self.seed = seed & (2**64 - 1)
        self.state = [self.seed & 0xFFFFFFFF]
        for k in range(1, N):
            self.state.append((1812433253 * (self.state[-1] ^ (self.state[-1] >> 30)) + k) & 0xFFFFFFFF)
        self.left, self.next = 1, 0
        self.x = self.y = self.rho = 0.0
        self.waiting = False

    def word(self):
        self.left -= 1
        if self.left == 0:
            for k in range(N):
                after = self.state[(k + 1) % N]
                mixed = (self.state[k] & 0x80000000) | (after & 0x7FFFFFFF)
                self.state[k] = self.state[(k + M) % N] ^ (mixed >> 1) ^ (0x9908B0DF if after & 1 else 0)
            self.left, self.next = N, 0
        y = self.state[self.next]
        self.next += 1
        y ^= y >> 11
        y ^= (y << 7) & 0x9D2C5680
        y ^= (y << 15) & 0xEFC60000
        return y ^ (y >> 18)

    def word64(self):
        high = self.word()
        return high << 32 | self.word()

    def unit(self):
        return (self.word64() & (2**53 - 1)) * 2.0**-53

    def normal(self, mean, std):
        self.waiting = not self.waiting
        if not self.waiting:
            return self.rho * math.sin(2.0 * math.pi * self.x) * std + mean
        self.x, self.y = self.unit(), self.unit()
        self.rho = math.sqrt(-2.0 * math.log(1.0 - self.y))
        return self.rho * math.cos(2.0 * math.pi * self.x) * std + mean

    def saved(self):
        head = struct.pack("<QiiQ", self.seed, self.left, 1, self.next)
        return head + struct.pack("<624Q3d2i", *self.state, self.x, self.y, self.rho, self.waiting, 0)


def single(x):
    return struct.unpack("<f", struct.pack("<f", x))[0]


def uniform_single(stream, low, high):
    u = (stream.word() & (2**24 - 1)) * 2.0**-24
    return single(single(u * single(single(high) - single(low))) + single(low))


def check(tensor, draw, element, seed=42):
    """Elements and the state afterwards."""
    stream = Stream(seed)
    torch.manual_seed(seed)
    convert = {"torch.FloatTensor": single, "torch.DoubleTensor": float}.get(tensor.type(), int)
    expected = [convert(element(stream)) for _ in range(tensor.nelement())]
    assert draw(tensor).view(-1).tolist() == expected
    assert bytes(torch.get_rng_state().tolist()) == stream.saved()


@pytest.mark.parametrize("n", SIZES)
@pytest.mark.parametrize("seed", [0, 1234, 2**32 + 5, -1])
def test_uniform(n, seed):
    check(torch.FloatTensor(n), lambda t: t.uniform_(-2, 0.7), lambda s: uniform_single(s, -2, 0.7), seed)
    check(torch.DoubleTensor(n), lambda t: t.uniform_(-2, 0.7), lambda s: s.unit() * (0.7 - -2) + -2, seed)


@pytest.mark.parametrize("n", SIZES)
@pytest.mark.parametrize("mean, std", [(0, 1), (-3, 0.1), (1e6, 2.5)])
def test_normal(n, mean, std):
    for kind in (torch.FloatTensor, torch.DoubleTensor):
        check(kind(n), lambda t: t.normal_(mean, std), lambda s: s.normal(mean, std))
        check(kind(n), lambda t: t.log_normal_(0.1, std / 9), lambda s: math.exp(s.normal(0.1, std / 9)))


def test_many_normals():
    """The short series of single precision: no float may differ from the C library's."""
    check(torch.FloatTensor(100_000), lambda t: t.normal_(), lambda s: s.normal(0.0, 1.0))


def test_laws_of_one_unit():
    for kind in (torch.FloatTensor, torch.DoubleTensor):
        check(kind(50), lambda t: t.exponential_(0.3), lambda s: -1.0 / 0.3 * math.log(1.0 - s.unit()))
        check(kind(50), lambda t: t.cauchy_(1, 2), lambda s: 1 + 2 * math.tan(math.pi * (s.unit() - 0.5)))
    for kind in (*KINDS, "Float", "Double"):
        tensor = getattr(torch, f"{kind}Tensor")(50)
        check(tensor, lambda t: t.bernoulli_(0.3), lambda s: s.unit() <= 0.3)
        check(tensor, lambda t: t.geometric_(0.6), lambda s: int(math.log(1.0 - s.unit()) / math.log(0.6)) + 1)


@pytest.mark.parametrize("kind", KINDS)
def test_whole_numbers(kind):
    tensor = getattr(torch, f"{kind}Tensor")(50)
    draw = Stream.word64 if kind == "Long" else Stream.word
    check(tensor, lambda t: t.random_(), lambda s: draw(s) % 2 ** KINDS[kind])
    check(tensor, lambda t: t.random_(9), lambda s: s.word() % 9)
    check(tensor, lambda t: t.random_(3, 9), lambda s: s.word() % 6 + 3)
    if kind == "Long":
        check(tensor, lambda t: t.random_(-(2**40), 2**40), lambda s: s.word64() % 2**41 - 2**40)


def test_permutation():
    stream = Stream(3)
    expected = list(range(50))
    for i in range(49):
        j = i + stream.word() % (50 - i)
        expected[i], expected[j] = expected[j], expected[i]
    torch.manual_seed(3)
    assert torch.randperm(50).tolist() == expected


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
        (lambda: torch.rand("3"), TypeError, ""),
        (lambda: torch.zeros(2).uniform_(generator=3), TypeError, ""),
    ],
)
def test_refusals(call, error, text):
    with pytest.raises(error, match=text):
        call()
