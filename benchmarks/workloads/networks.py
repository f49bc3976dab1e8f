"""Training steps of small networks, and layers at the size of larger ones."""


def workloads(torch):
    nn, F, optim, Variable = torch.nn, torch.nn.functional, torch.optim, torch.autograd.Variable

    def variable(*size, requires_grad=False):
        return Variable(torch.randn(*size), requires_grad=requires_grad)

    def indices(*size, below):
        return Variable(torch.LongTensor(*size).random_(0, below))

    class LeNet(nn.Module):
        def __init__(self):
            super().__init__()
            self.conv1, self.conv2 = nn.Conv2d(1, 10, 5), nn.Conv2d(10, 20, 5)
            self.fc1, self.fc2 = nn.Linear(320, 50), nn.Linear(50, 10)

        def forward(self, x):
            x = F.relu(F.max_pool2d(self.conv1(x), 2))
            x = F.relu(F.max_pool2d(self.conv2(x), 2)).view(-1, 320)
            return self.fc2(F.relu(self.fc1(x)))

    class Block(nn.Module):
        def __init__(self, inputs, outputs, stride):
            super().__init__()
            self.conv1 = nn.Conv2d(inputs, outputs, 3, stride, 1, bias=False)
            self.conv2 = nn.Conv2d(outputs, outputs, 3, 1, 1, bias=False)
            self.norm1, self.norm2 = nn.BatchNorm2d(outputs), nn.BatchNorm2d(outputs)
            self.short = nn.Sequential()
            if stride != 1 or inputs != outputs:
                self.short = nn.Sequential(nn.Conv2d(inputs, outputs, 1, stride, bias=False), nn.BatchNorm2d(outputs))

        def forward(self, x):
            inner = self.norm2(self.conv2(F.relu(self.norm1(self.conv1(x)))))
            return F.relu(inner + self.short(x))

    class ResNet(nn.Module):
        def __init__(self):
            super().__init__()
            self.start = nn.Sequential(nn.Conv2d(3, 16, 3, 1, 1, bias=False), nn.BatchNorm2d(16))
            self.blocks = nn.Sequential(Block(16, 16, 1), Block(16, 32, 2), Block(32, 64, 2))
            self.last = nn.Linear(64, 10)

        def forward(self, x):
            x = self.blocks(F.relu(self.start(x)))
            return self.last(F.avg_pool2d(x, 8).view(x.size(0), -1))

    def training(model, x, target):
        steps = optim.SGD(model.parameters(), lr=0.01, momentum=0.9)

        def step():
            steps.zero_grad()
            F.cross_entropy(model(x), target).backward()
            steps.step()

        return step

    lstm, sequence = nn.LSTM(128, 256, 1), variable(35, 20, 128)
    cell, out, letters = nn.LSTMCell(32, 64), nn.Linear(64, 32), [variable(16, 32) for _ in range(50)]
    embedding, decoder, words = nn.Embedding(10000, 128), nn.Linear(128, 10000), indices(700, below=10000)

    def letter_by_letter():
        h, c = Variable(torch.zeros(16, 64)), Variable(torch.zeros(16, 64))
        loss = 0
        for letter in letters:
            h, c = cell(letter, (h, c))
            loss = loss + out(h).pow(2).mean()
        loss.backward()

    images = variable(8, 64, 56, 56, requires_grad=True)
    small = variable(8, 256, 28, 28, requires_grad=True)
    scores = variable(4096, 1000, requires_grad=True)
    conv3, conv1, norm = nn.Conv2d(64, 64, 3, padding=1), nn.Conv2d(256, 256, 1), nn.BatchNorm2d(64)
    return {
        "LeNet step, batch 64": training(LeNet(), variable(64, 1, 28, 28), indices(64, below=10)),
        "ResNet-8 step, 32 x 32, batch 16": training(ResNet(), variable(16, 3, 32, 32), indices(16, below=10)),
        "LSTM 35 x 20, 128-256": lambda: lstm(sequence)[0].sum().backward(),
        "LSTMCell, 50 steps": letter_by_letter,
        "embedding, decoder, cross entropy": lambda: F.cross_entropy(decoder(embedding(words)), words).backward(),
        "conv 3x3 64-64 56 x 56, forward": lambda: conv3(images),
        "conv 3x3 64-64 56 x 56": lambda: conv3(images).sum().backward(),
        "conv 1x1 256-256 28 x 28": lambda: conv1(small).sum().backward(),
        "batch norm 8x64x56x56": lambda: norm(images).sum().backward(),
        "max pool 8x64x56x56": lambda: F.max_pool2d(images, 2).sum().backward(),
        "log softmax 4096 x 1000": lambda: F.log_softmax(scores, 1).sum().backward(),
    }
