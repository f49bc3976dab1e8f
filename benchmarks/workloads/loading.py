"""Batches of a TensorDataset."""


def workloads(torch):
    data = torch.utils.data
    dataset = data.TensorDataset(torch.randn(16000, 1000), torch.randn(16000, 10))

    def load(**options):
        for _ in data.DataLoader(dataset, batch_size=64, **options):
            pass

    return {
        "16000 x 1000 by 64": load,
        "16000 x 1000 by 64, shuffled": lambda: load(shuffle=True),
    }
