"""torchnet 0.0.2: meters, datasets made of datasets, and its engine."""

import numpy as np
import torch
import torch.nn.functional as F
import torchnet as tnt
from torch.autograd import Variable

torch.manual_seed(0)
draws = np.random.RandomState(0)


def value_of(meter, *added):
    for one in added:
        meter.add(*one)
    return meter.value()


# meters
numbers = [1.0, 4.0, 2.5, -3.0]
mean, std = value_of(tnt.meter.AverageValueMeter(), *[(x,) for x in numbers])
assert abs(mean - np.mean(numbers)) < 1e-9 and abs(std - np.std(numbers, ddof=1)) < 1e-9
mean, std = value_of(tnt.meter.MovingAverageValueMeter(3), *[(x,) for x in numbers])
assert abs(mean - np.mean(numbers[1:])) < 1e-6 and abs(std - np.std(numbers[1:], ddof=1)) < 1e-6
scores, classes = torch.randn(20, 5), torch.LongTensor(20).random_(0, 5)
order = np.argsort(-scores.numpy(), 1)
errors = [100 - 100 * np.mean((order[:, :k] == classes.numpy()[:, None]).any(1)) for k in (1, 3)]
assert np.allclose(value_of(tnt.meter.ClassErrorMeter([1, 3]), (scores, classes)), errors)
table = np.zeros((5, 5), int)
np.add.at(table, (classes.numpy(), order[:, 0]), 1)
assert np.array_equal(value_of(tnt.meter.ConfusionMeter(5), (scores, classes)), table)
flags = torch.FloatTensor(draws.randint(0, 2, (20, 3)))
chances = torch.rand(20, 3)
precisions = value_of(tnt.meter.APMeter(), (chances[:12], flags[:12]), (chances[12:], flags[12:]))
for k in range(3):
    hits = flags.numpy()[np.argsort(-chances.numpy()[:, k]), k]
    precision = np.cumsum(hits) / np.arange(1, 21)
    assert abs(precisions[k] - precision[hits > 0].mean()) < 1e-5
assert abs(value_of(tnt.meter.mAPMeter(), (chances, flags)) - precisions.mean()) < 1e-6
area, _, _ = value_of(tnt.meter.AUCMeter(), (chances[:, 0], flags[:, 0].long()))
better = chances[:, 0].numpy()[flags[:, 0].numpy() > 0][:, None] > chances[:, 0].numpy()[flags[:, 0].numpy() == 0]
assert abs(area - better.mean()) < 1e-9
x, y = torch.randn(6), torch.randn(6)
assert abs(value_of(tnt.meter.MSEMeter(root=True), (x, y)) - np.sqrt(np.mean((x - y).numpy() ** 2))) < 1e-6
assert value_of(tnt.meter.TimeMeter(1)) >= 0

# datasets
letters = tnt.dataset.ListDataset(list(range(10)), load=lambda i: {"x": torch.ones(2) * i, "name": chr(97 + i)})
batched = letters.transform({"x": lambda t: t + 1}).batch(4)
assert len(batched) == 3 or len(batched) == 2  # torchnet rounds up or down with the division of its Python
assert batched[0]["x"].tolist() == [[1, 1], [2, 2], [3, 3], [4, 4]] and batched[0]["name"] == list("abcd")
parts = letters.split({"train": 7, "test": 3})
parts.select("test")
assert len(parts) == 3 and parts[0]["name"] == "a"  # the parts lie in the order of their names
both = tnt.dataset.ConcatDataset([letters, letters])
assert len(both) == 20 and both[13]["name"] == "d"
assert sorted(one["name"] for one in letters.shuffle()) == list("abcdefghij")
pairs = tnt.dataset.TensorDataset([x, y])
assert pairs[2] == [x[2], y[2]]
loaded = list(letters.parallel(batch_size=5, num_workers=2))
assert [batch["name"] for batch in loaded] == [list("abcde"), list("fghij")]
assert loaded[1]["x"][:, 0].tolist() == [5, 6, 7, 8, 9]
many = tnt.utils.MultiTaskDataLoader([letters, letters], batch_size=5)
assert [[task for _, task in step] for step in many] == [[0, 1], [0, 1]]

# the engine: a line through points
weight = Variable(torch.zeros(1, 1), requires_grad=True)
data = [(torch.FloatTensor([[i]]), torch.FloatTensor([[3 * i]])) for i in range(-2, 3)]
meter, events = tnt.meter.AverageValueMeter(), []
engine = tnt.engine.Engine()
for name in "on_start", "on_start_epoch", "on_sample", "on_update", "on_end_epoch", "on_end":
    engine.hooks[name] = lambda state, name=name: events.append(name)
engine.hooks["on_forward"] = lambda state: meter.add(state["loss"].data[0])


def network(sample):
    out = Variable(sample[0]).mm(weight)
    return F.mse_loss(out, Variable(sample[1])), out


engine.train(network, data, 20, torch.optim.SGD([weight], lr=0.1))
assert abs(weight.data[0][0] - 3) < 1e-3 and events.count("on_update") == 100 and events.count("on_end_epoch") == 20
engine.test(network, data)
assert meter.n == 105
try:
    tnt.logger.VisdomPlotLogger("line")
except ImportError as error:
    assert "visdom" in str(error)
print("done")
