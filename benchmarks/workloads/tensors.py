"""Single operations on large tensors."""


def workloads(torch):
    v, w = torch.randn(1 << 22), torch.randn(1 << 22)
    positive = v.abs()
    unary = dict.fromkeys(("sigmoid", "tanh", "exp", "abs", "sin", "sum", "mean", "max", "std"), v)
    unary |= {"log": positive, "sqrt": positive}
    found = {f"{name} 4M": getattr(x, name) for name, x in unary.items()}
    m, row = torch.randn(2048, 2048), torch.randn(2048)
    a, b = torch.randn(1024, 1024), torch.randn(1024, 1024)
    small1, small2 = torch.randn(64, 64), torch.randn(64, 64)
    batch1, batch2 = torch.randn(64, 32, 64), torch.randn(64, 64, 32)
    mask, table = v > 0, torch.randn(10000, 128)
    rows = torch.LongTensor(100_000).random_(0, 10000)
    places, column = torch.LongTensor(2048, 2048).random_(0, 2048), torch.randn(2048, 1)
    cube, scratch = torch.randn(128, 128, 256), torch.randn(1 << 22)
    return found | {
        "add 4M": lambda: v + w,
        "add in place 4M": lambda: positive.add_(1),
        "mul by a number 4M": lambda: v * 2.5,
        "cumsum 4M": lambda: v.cumsum(0),
        "add a row to 2048 x 2048": lambda: m + row,
        "add a column to 2048 x 2048": lambda: m + column,
        "add every other of 4M": lambda: v[::2] + w[::2],
        "add 2048 x 2048 transposed": lambda: m + m.t(),
        "compare 4M": lambda: v > w,
        "clamp 4M": lambda: v.clamp(min=-1, max=1),
        "cube 4M": lambda: v.pow(3),
        "fill 4M": lambda: scratch.fill_(1),
        "copy 2048 x 2048 transposed": lambda: m.t().contiguous(),
        "copy 128 x 128 x 256 permuted": lambda: cube.permute(2, 0, 1).contiguous(),
        "copy windows of 4 of 4M": lambda: v.unfold(0, 4, 2).contiguous(),
        "sum over dim 0 of 2048 x 2048": lambda: m.sum(0),
        "sum over dim 1 of 2048 x 2048": lambda: m.sum(1),
        "max over dim 1 of 2048 x 2048": lambda: m.max(1),
        "sum of 2048 x 2048 transposed": lambda: m.t().sum(),
        "norm 4M": lambda: v.norm(),
        "cumsum over dim 0 of 2048 x 2048": lambda: m.cumsum(0),
        "mv 2048": lambda: m.mv(row),
        "mm 1024": lambda: a.mm(b),
        "mm 64, 1000 times": lambda: [small1.mm(small2) for _ in range(1000)],
        "bmm 64x32x64x32, 50 times": lambda: [batch1.bmm(batch2) for _ in range(50)],
        "select 100k rows of 128": lambda: table.index_select(0, rows),
        "select by mask 4M": lambda: v.masked_select(mask),
        "fill by mask 4M": lambda: scratch.masked_fill_(mask, 1),
        "places of a mask 4M": lambda: mask.nonzero(),
        "gather over dim 1 of 2048 x 2048": lambda: m.gather(1, places),
        "topk 10 of each row of 2048 x 2048": lambda: m.topk(10, 1),
        "sort 1M": lambda: v[: 1 << 20].sort(),
        "cat 8 x 512K": lambda: torch.cat([v[: 1 << 19]] * 8),
        "cat two 2048 x 2048 over dim 1": lambda: torch.cat([m, m], 1),
        "randn 4M": lambda: torch.randn(1 << 22),
        "rand 4M": lambda: torch.rand(1 << 22),
        "bernoulli 4M": lambda: scratch.bernoulli_(0.5),
        "randperm 1M": lambda: torch.randperm(1 << 20),
    }
