"""Long chains of operations on few elements: what an operation costs before it computes."""


def workloads(torch):
    Variable = torch.autograd.Variable
    x = Variable(torch.randn(10), requires_grad=True)
    plain = Variable(torch.randn(10))
    y = Variable(torch.linspace(-0.9, 0.9, 10))

    def chain(z, factor, term, length=1000):
        for _ in range(length // 2):
            z = z * factor + term
        return z

    return {
        "1000 ops of 10, forward": lambda: chain(x, y, x),
        "1000 ops of 10, forward + backward": lambda: chain(x, y, x).sum().backward(),
        "1000 ops of 10, no gradient": lambda: chain(plain, y, plain),
        "1000 ops of 10, tensors": lambda: chain(plain.data, y.data, plain.data),
        "100k deep, forward + backward": lambda: chain(x, y, x, 100_000).sum().backward(),
    }
