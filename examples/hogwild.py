"""Processes that train one network at once, each on the shared weights, without a lock."""

from __future__ import print_function

import torch
import torch.multiprocessing as mp
import torch.nn as nn
import torch.nn.functional as F
import torch.optim as optim
from torch.autograd import Variable


class Net(nn.Module):
    def __init__(self):
        super(Net, self).__init__()
        self.fc1 = nn.Linear(10, 30)
        self.fc2 = nn.Linear(30, 3)

    def forward(self, x):
        return F.log_softmax(self.fc2(F.relu(self.fc1(x))), dim=1)


def train(rank, model, data, target, steps):
    torch.manual_seed(rank)
    optimizer = optim.SGD(model.parameters(), lr=0.05, momentum=0.5)
    for _ in range(200):
        chosen = torch.randperm(data.size(0))[:32]
        optimizer.zero_grad()
        loss = F.nll_loss(model(Variable(data[chosen])), Variable(target[chosen]))
        loss.backward()
        optimizer.step()
        with steps.get_lock():
            steps.value += 1


def loss_of(model, data, target):
    return F.nll_loss(model(Variable(data, volatile=True)), Variable(target)).data[0]


if __name__ == "__main__":
    torch.manual_seed(1)
    data = torch.randn(300, 10)
    target = data[:, :3].max(1)[1]
    model = Net()
    model.share_memory()  # what the processes change, all see
    steps = mp.Value("i", 0)
    print("before: loss %.4f" % loss_of(model, data, target))
    processes = []
    for rank in range(3):
        p = mp.Process(target=train, args=(rank, model, data, target, steps))
        p.start()
        processes.append(p)
    for p in processes:
        p.join()
    print("after %d steps of %d processes: loss %.4f" % (steps.value, len(processes), loss_of(model, data, target)))
