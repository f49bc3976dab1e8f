"""Single steps of optimizers over 4 million parameters."""


def workloads(torch):
    optim, Parameter = torch.optim, torch.nn.Parameter

    def step(optimizer, **options):
        parameters = [Parameter(torch.randn(1000, 1000)) for _ in range(4)]
        for parameter in parameters:
            (parameter * 0.5).sum().backward()
        return optimizer(parameters, lr=1e-3, **options).step

    return {
        "Adam, 4M": step(optim.Adam),
        "SGD with momentum and decay, 4M": step(optim.SGD, momentum=0.9, weight_decay=1e-4),
    }
