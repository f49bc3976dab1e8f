"""A convolutional network that learns to read handwritten digits: 1,797 images of 8 x 8 pixels."""

import argparse
import os
import time

import numpy as np
import torch
import torch.nn as nn
import torch.nn.functional as F
import torch.optim as optim
from torch.autograd import Variable
from torch.utils.data import DataLoader, TensorDataset

parser = argparse.ArgumentParser(description="handwritten digits")
parser.add_argument("--batch-size", type=int, default=32, metavar="N")
parser.add_argument("--epochs", type=int, default=15, metavar="N")
parser.add_argument("--lr", type=float, default=0.05, metavar="LR")
parser.add_argument("--momentum", type=float, default=0.9, metavar="M")
parser.add_argument("--seed", type=int, default=1, metavar="S")
parser.add_argument("--log-interval", type=int, default=20, metavar="N")
args = parser.parse_args()
torch.manual_seed(args.seed)

data = np.load(os.path.join(os.path.dirname(os.path.abspath(__file__)), "data", "digits.npz"))
images = torch.from_numpy(data["images"]).float().div_(16).unsqueeze(1)
labels = torch.from_numpy(data["labels"]).long()
order = torch.randperm(len(labels))
train_part, test_part = order[:1437], order[1437:]
train_loader = DataLoader(
    TensorDataset(images[train_part], labels[train_part]), batch_size=args.batch_size, shuffle=True
)
test_loader = DataLoader(TensorDataset(images[test_part], labels[test_part]), batch_size=100)


class Net(nn.Module):
    def __init__(self):
        super(Net, self).__init__()
        self.conv1 = nn.Conv2d(1, 16, kernel_size=3, padding=1)
        self.conv2 = nn.Conv2d(16, 32, kernel_size=3, padding=1)
        self.fc1 = nn.Linear(32 * 2 * 2, 64)
        self.fc2 = nn.Linear(64, 10)

    def forward(self, x):
        x = F.relu(F.max_pool2d(self.conv1(x), 2))
        x = F.relu(F.max_pool2d(self.conv2(x), 2))
        x = x.view(-1, 32 * 2 * 2)
        x = F.relu(self.fc1(x))
        return F.log_softmax(self.fc2(x), dim=1)


model = Net()
optimizer = optim.SGD(model.parameters(), lr=args.lr, momentum=args.momentum)
scheduler = optim.lr_scheduler.StepLR(optimizer, step_size=6, gamma=0.2)


def train(epoch):
    model.train()
    for batch_idx, (x, target) in enumerate(train_loader):
        x, target = Variable(x), Variable(target)
        optimizer.zero_grad()
        loss = F.nll_loss(model(x), target)
        loss.backward()
        optimizer.step()
        if batch_idx % args.log_interval == 0:
            print("Epoch %2d [%4d/%d]  loss %.6f" % (epoch, batch_idx * args.batch_size, len(train_part), loss.data[0]))


def test():
    model.eval()
    test_loss, correct = 0, 0
    for x, target in test_loader:
        x, target = Variable(x, volatile=True), Variable(target)
        output = model(x)
        test_loss += F.nll_loss(output, target, size_average=False).data[0]
        prediction = output.data.max(1)[1]
        correct += prediction.eq(target.data).sum()
    n = len(test_part)
    print("Test: average loss %.4f, accuracy %d/%d (%.1f %%)" % (test_loss / n, correct, n, 100.0 * correct / n))


started = time.time()
for epoch in range(1, args.epochs + 1):
    scheduler.step()
    train(epoch)
    test()
print("%.1f seconds" % (time.time() - started))
