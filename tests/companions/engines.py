"""pytorch-ignite 0.1.0: an Engine with its events, handlers and metrics."""

import os

import numpy as np
import torch
import torch.nn as nn
import torch.nn.functional as F
from ignite.engine import Engine, Events
from ignite.handlers import EarlyStopping, ModelCheckpoint, Timer
from ignite.metrics import (
    CategoricalAccuracy,
    MeanAbsoluteError,
    MeanPairwiseDistance,
    MeanSquaredError,
    RootMeanSquaredError,
    TopKCategoricalAccuracy,
)
from torch.autograd import Variable
from torch.utils.data import DataLoader, TensorDataset

torch.manual_seed(0)
points = torch.randn(60, 2)
classes = (points[:, 0] * points[:, 1] > 0).long()
loader = DataLoader(TensorDataset(points, classes), batch_size=12, shuffle=True)
model = nn.Sequential(nn.Linear(2, 16), nn.Tanh(), nn.Linear(16, 2))
optimizer = torch.optim.Adam(model.parameters(), lr=0.05)


def update(engine, batch):
    x, y = map(Variable, batch)
    loss = F.cross_entropy(model(x), y)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    return loss.data[0]


def evaluate(engine, batch):
    x, y = batch
    return model(Variable(x, volatile=True)), Variable(y)


trainer, evaluator = Engine(update), Engine(evaluate)
CategoricalAccuracy().attach(evaluator, "accuracy")
TopKCategoricalAccuracy(k=2).attach(evaluator, "top2")
seen, losses = [], []


@trainer.on(Events.STARTED)
def start(engine):
    seen.append("started")


@trainer.on(Events.ITERATION_COMPLETED)
def remember(engine):
    losses.append(engine.state.output)


@trainer.on(Events.EPOCH_COMPLETED)
def validate(engine):
    evaluator.run(loader)


@trainer.on(Events.COMPLETED)
def finish(engine):
    seen.append("completed")


timer = Timer(average=True).attach(trainer, step=Events.ITERATION_COMPLETED)
checkpoint = ModelCheckpoint("saved", "net", save_interval=20, n_saved=2)
trainer.add_event_handler(Events.EPOCH_COMPLETED, checkpoint, {"model": model})
evaluator.add_event_handler(Events.COMPLETED, EarlyStopping(60, lambda e: e.state.metrics["accuracy"], trainer))
state = trainer.run(loader, max_epochs=60)
assert seen == ["started", "completed"] and len(losses) == 5 * state.epoch and timer.value() > 0
assert np.mean(losses[-5:]) < 0.5 * np.mean(losses[:5])
right = (model(Variable(points)).max(1)[1].data == classes).sum() / 60.0
assert abs(evaluator.state.metrics["accuracy"] - right) < 1e-9 and right > 0.85
assert evaluator.state.metrics["top2"] == 1
assert sorted(os.listdir("saved")) == ["net_model_40.pth", "net_model_60.pth"]
again = torch.load("saved/net_model_60.pth")
assert torch.equal(again(Variable(points)).data, model(Variable(points)).data)

# what the metrics say of outputs that are given
given, wanted = torch.rand(8), torch.rand(8)
for metric, value in [
    (MeanSquaredError(), (given - wanted).pow(2).mean()),
    (RootMeanSquaredError(), (given - wanted).pow(2).mean() ** 0.5),
    (MeanAbsoluteError(), (given - wanted).abs().mean()),
    (MeanPairwiseDistance(), None),
]:
    for part in slice(0, 4), slice(4, 8):
        x, y = Variable(given[part]), Variable(wanted[part])
        metric.update((x.view(1, 4), y.view(1, 4)) if value is None else (x, y))
    if value is None:
        value = (given - wanted + 1e-6).view(2, 4).norm(2, 1).mean()
    assert abs(metric.compute() - value) < 1e-5, metric

# an error of the update leaves through the event for it
caught = []
broken = Engine(lambda engine, batch: 1 // 0)
broken.add_event_handler(Events.EXCEPTION_RAISED, lambda engine, error: caught.append(error))
broken.run([1])
assert isinstance(caught[0], ZeroDivisionError)
print("done")
