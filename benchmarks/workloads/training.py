"""Whole small programs: the two-layer network by raw autograd and by nn, 500 iterations each."""


def workloads(torch):
    nn, optim, Variable = torch.nn, torch.optim, torch.autograd.Variable
    x, y = Variable(torch.randn(64, 1000)), Variable(torch.randn(64, 10))

    def by_autograd():
        w1 = Variable(torch.randn(1000, 100), requires_grad=True)
        w2 = Variable(torch.randn(100, 10), requires_grad=True)
        for _ in range(500):
            loss = (x.mm(w1).clamp(min=0).mm(w2) - y).pow(2).sum()
            loss.backward()
            w1.data -= 1e-6 * w1.grad.data
            w2.data -= 1e-6 * w2.grad.data
            w1.grad.data.zero_()
            w2.grad.data.zero_()

    def by_modules(optimizer):
        model = nn.Sequential(nn.Linear(1000, 100), nn.ReLU(), nn.Linear(100, 10))
        criterion = nn.MSELoss(size_average=False)
        steps = optimizer(model.parameters(), lr=1e-4)
        for _ in range(500):
            loss = criterion(model(x), y)
            steps.zero_grad()
            loss.backward()
            steps.step()

    return {
        "two layers by autograd": by_autograd,
        "two layers by nn, SGD": lambda: by_modules(optim.SGD),
        "two layers by nn, Adam": lambda: by_modules(optim.Adam),
    }
