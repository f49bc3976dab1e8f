"""The random streams of 0.3.1's CPU generator as recipes in plain Python, to test the library's against."""

import math
import struct

STATE, SHIFT = 624, 397  # of the Mersenne twister


def single(x: float) -> float:
    """x rounded to the nearest single."""
    return struct.unpack("<f", struct.pack("<f", x))[0]


def signed(x: int, bits: int) -> int:
    """The low bits of x as a two's complement number."""
    x &= (1 << bits) - 1
    return x - (1 << bits) if x >> (bits - 1) else x


def divide(a: float, b: float) -> float:
    """a / b where a division by zero gives an infinity or nan."""
    if b:
        return a / b
    return math.nan if a == 0 or math.isnan(a) else math.copysign(math.inf, a) * math.copysign(1.0, b)


class Stream:
    """A 32-bit Mersenne twister and the second normal of the last pair. Each method gives one element as a double."""

    def __init__(self, seed: int) -> None:
        self.seed = seed & (2**64 - 1)
        words = [self.seed & 0xFFFFFFFF]  # the other half of the seed is only remembered
        for j in range(1, STATE):
            words.append((1812433253 * (words[-1] ^ (words[-1] >> 30)) + j) & 0xFFFFFFFF)
        self.words, self.left, self.next = words, 1, 0
        self.x = self.y = self.rho = 0.0
        self.pair_waits = False

    def state(self) -> bytes:
        """What get_rng_state() holds."""
        head = struct.pack("<QiiQ", self.seed, self.left, 1, self.next)
        tail = struct.pack("<dddii", self.x, self.y, self.rho, self.pair_waits, 0)
        return head + struct.pack(f"<{STATE}Q", *self.words) + tail

    def word(self) -> int:
        self.left -= 1
        if self.left == 0:
            words = list(self.words)
            for k in range(STATE):
                follower = words[(k + 1) % STATE]
                mixed = (words[k] & 0x80000000) | (follower & 0x7FFFFFFF)
                words[k] = words[(k + SHIFT) % STATE] ^ (mixed >> 1) ^ (0x9908B0DF if follower & 1 else 0)
            self.words, self.left, self.next = words, STATE, 0
        y = self.words[self.next]
        self.next += 1
        y ^= y >> 11
        y ^= (y << 7) & 0x9D2C5680
        y ^= (y << 15) & 0xEFC60000
        return y ^ (y >> 18)

    def word64(self) -> int:
        high = self.word()
        return high << 32 | self.word()

    def unit(self) -> float:
        """Uniform in [0, 1), the source of every law below."""
        return (self.word64() & (2**53 - 1)) * 2.0**-53

    def uniform(self, kind: str, low: float, high: float) -> float:
        if kind == "Float":  # the one law that draws a single word, and computes in single precision
            low, high = single(low), single(high)
            unit = (self.word() & (2**24 - 1)) * 2.0**-24
            return single(single(unit * single(high - low)) + low)
        return self.unit() * (high - low) + low

    def normal(self, mean: float, std: float) -> float:
        self.pair_waits = not self.pair_waits
        if self.pair_waits:
            self.x, self.y = self.unit(), self.unit()
            self.rho = math.sqrt(-2.0 * math.log(1.0 - self.y))
            return self.rho * math.cos(2.0 * math.pi * self.x) * std + mean
        return self.rho * math.sin(2.0 * math.pi * self.x) * std + mean

    def exponential(self, rate: float) -> float:
        return -1.0 / rate * math.log(1.0 - self.unit())

    def cauchy(self, median: float, sigma: float) -> float:
        return median + sigma * math.tan(math.pi * (self.unit() - 0.5))

    def log_normal(self, mean: float, std: float) -> float:
        return math.exp(self.normal(mean, std))

    def geometric(self, p: float) -> float:
        return float(int(math.log(1.0 - self.unit()) / math.log(p)) + 1)

    def bernoulli(self, p: float) -> float:
        return float(self.unit() <= p)

    def random(self, kind: str, low: int | None = None, high: int | None = None) -> int:
        """random_() of a type, or random_(low, high)."""
        if high is None:
            ranges = {"Byte": 2**8, "Char": 2**7, "Short": 2**15, "Int": 2**31, "Long": 2**63}
            ranges |= {"Float": 2**24 + 1, "Double": 2**53 + 1}
            return (self.word64() if kind in ("Long", "Double") else self.word()) % ranges[kind]
        wide = kind in ("Long", "Float", "Double") and high - low >= 2**32
        value = ((self.word64() if wide else self.word()) % (high - low) + low) & (2**64 - 1)
        bits = {"Char": 8, "Short": 16, "Int": 32, "Long": 64}
        if kind == "Byte":
            return value & 255
        return signed(value, bits[kind]) if kind in bits else value  # floating types get the unsigned number

    def permutation(self, n: int) -> list[int]:
        order = list(range(n))
        for i in range(n - 1):
            j = i + self.word() % (n - i)
            order[i], order[j] = order[j], order[i]
        return order

    def multinomial(self, weights: list[float], count: int, replacement: bool) -> list[int]:
        """Indices drawn by weight, in double precision whatever the type."""
        total, mass = 0.0, []
        for weight in weights:
            total += weight
            mass.append(total)
        mass = [m / total for m in mass]
        picked = []
        for _ in range(count):
            u = self.unit()
            mass[-1] = 1.0
            low, high = 0, len(mass)  # by bisection, which matters where masses are nan
            while high > low:
                middle = low + (high - low) // 2
                if mass[middle] < u:
                    low = middle + 1
                else:
                    high = middle
            picked.append(low)
            if not replacement:
                gap = mass[low] - (mass[low - 1] if low else 0.0)
                mass = [divide(m - gap if k >= low else m, 1.0 - gap) for k, m in enumerate(mass)]
        return picked
