"""The network of two layers on NumPy data in batches, by TensorDataset and DataLoader."""

import numpy as np
import torch
import torch.utils.data
from torch.autograd import Variable

torch.manual_seed(0)
N, D_in, H, D_out = 2000, 100, 50, 10
draw = np.random.RandomState(0)
x_train = draw.randn(N, D_in).astype(np.float32)
y_train = np.tanh(x_train[:, :D_out]).astype(np.float32)

x = torch.from_numpy(x_train)
y = torch.from_numpy(y_train)
training_dataset = torch.utils.data.TensorDataset(x, y)
data_loader = torch.utils.data.DataLoader(training_dataset, batch_size=64)

model = torch.nn.Sequential(torch.nn.Linear(D_in, H), torch.nn.ReLU(), torch.nn.Linear(H, D_out))
criterion = torch.nn.MSELoss(size_average=False)
optimizer = torch.optim.SGD(model.parameters(), lr=1e-4)

for t in range(5):
    total = 0
    for i, data in enumerate(data_loader):
        inputs, labels = data
        inputs, labels = Variable(inputs), Variable(labels)
        y_pred = model(inputs)
        loss = criterion(y_pred, labels)
        total += loss.data[0]
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    print(t, i + 1, total / N)
