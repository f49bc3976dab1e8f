"""Train a small convolutional network on Fashion-MNIST for one epoch, here and on current PyTorch, and compare.

    python benchmarks/fashion.py --other /path/to/python/with/torch [--threads N] [--runs N] [--data FOLDER]

The data are those of Debian's package dataset-fashion-mnist. Both sides run the same program, in turns; each prints the
accuracy on the test images, the time of the epoch, the processor's time in it, which other programs disturb less, and
the peak of its memory. The figures are medians over the runs, each with another seed.
"""

import argparse
import json
import statistics
import subprocess
import sys
from pathlib import Path

from run import OTHER, OURS, Side

DATA = "/usr/share/datasets/fashion-mnist"

PROGRAM = """
import gzip, json, os, resource, sys, time
import numpy as np
import {module} as torch
import {module}.utils.data
from {module} import nn
from {module}.autograd import Variable
F = nn.functional
folder, threads, seed = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
torch.set_num_threads(threads)
torch.manual_seed(seed)

def read(name, offset):
    with gzip.open(os.path.join(folder, name + ".gz")) as f:
        return np.frombuffer(f.read(), np.uint8, offset=offset)

def tensors(part):
    images = read(part + "-images-idx3-ubyte", 16).reshape(-1, 1, 28, 28).astype(np.float32) / 255
    labels = read(part + "-labels-idx1-ubyte", 8).astype(np.int64)
    return torch.from_numpy(images), torch.from_numpy(labels)

class Net(nn.Module):
    def __init__(self):
        super(Net, self).__init__()
        self.conv1 = nn.Conv2d(1, 16, 5)
        self.conv2 = nn.Conv2d(16, 32, 5)
        self.fc1 = nn.Linear(512, 100)
        self.fc2 = nn.Linear(100, 10)
    def forward(self, x):
        x = F.relu(F.max_pool2d(self.conv1(x), 2))
        x = F.relu(F.max_pool2d(self.conv2(x), 2))
        x = F.relu(self.fc1(x.view(-1, 512)))
        return F.log_softmax(self.fc2(x), dim=1)

train, test = tensors("train"), tensors("t10k")
loader = torch.utils.data.DataLoader(torch.utils.data.TensorDataset(*train), batch_size=64, shuffle=True)
net = Net()
optimizer = torch.optim.SGD(net.parameters(), lr=0.02, momentum=0.9)
started, spent = time.perf_counter(), time.process_time()
for x, y in loader:
    optimizer.zero_grad()
    loss = F.nll_loss(net(Variable(x)), Variable(y))
    loss.backward()
    optimizer.step()
seconds, spent = time.perf_counter() - started, time.process_time() - spent
right = 0
for at in range(0, 10000, 500):
    scores = net(Variable(test[0][at : at + 500]))
    right += int((scores.data.max(1)[1] == test[1][at : at + 500]).sum())
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
print(json.dumps([right / 100, seconds, spent, peak]))
"""


def train(side: Side, data: str, seed: int) -> list[float]:
    """[accuracy in percent, seconds of the epoch, processor seconds of it, peak of the memory in MiB]."""
    program = PROGRAM.format(module=side.module)
    command = [side.python, "-W", "ignore", "-c", program, data, str(side.threads), str(seed)]
    done = subprocess.run(command, env=side.environment, stdout=subprocess.PIPE, text=True, check=True)
    return json.loads(done.stdout)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--other", required=True, metavar="PYTHON", help="the interpreter that has PyTorch")
    parser.add_argument("--threads", type=int, default=1, metavar="N")
    parser.add_argument("--runs", type=int, default=3, metavar="N")
    parser.add_argument("--data", default=DATA, metavar="FOLDER", help="where the .gz files lie")
    options = parser.parse_args()
    if not Path(options.data, "train-images-idx3-ubyte.gz").exists():
        sys.exit(
            f"no data in {options.data}: install Debian's package dataset-fashion-mnist, or name a folder by --data"
        )
    sides = [Side(sys.executable, OURS, options.threads), Side(options.other, OTHER, options.threads)]
    runs = [[train(side, options.data, seed) for side in sides] for seed in range(options.runs)]
    ours, theirs = (
        [statistics.median(column) for column in zip(*side, strict=True)] for side in zip(*runs, strict=True)
    )
    print(f"{options.threads} thread(s), median of {options.runs} runs\n")
    print("| | this library | PyTorch | ratio |\n|---|---:|---:|---:|")
    for name, a, b in zip(
        ("accuracy, %", "epoch, s", "its processor time, s", "peak memory, MiB"), ours, theirs, strict=True
    ):
        print(f"| {name} | {a:.2f} | {b:.2f} | {a / b:.2f} |")
    print("\naccuracies:", *(f"{a[0]:.2f} / {b[0]:.2f}" for a, b in runs))


if __name__ == "__main__":
    main()
