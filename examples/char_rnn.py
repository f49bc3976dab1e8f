"""An LSTM that learns a text letter by letter, and then writes on its own."""

import argparse
import os

import torch
import torch.nn as nn
from torch.autograd import Variable

parser = argparse.ArgumentParser(description="character-level language model")
parser.add_argument("--text", default=os.path.join(os.path.dirname(os.path.abspath(__file__)), "data/gettysburg.txt"))
parser.add_argument("--steps", type=int, default=200)
parser.add_argument("--hidden", type=int, default=96)
parser.add_argument("--length", type=int, default=160, help="letters to write at the end")
args = parser.parse_args()
torch.manual_seed(3)

with open(args.text) as file:
    text = file.read()
letters = sorted(set(text))
index = {letter: i for i, letter in enumerate(letters)}
corpus = torch.LongTensor([index[letter] for letter in text])

BATCH, SPAN = 16, 24
rows = (len(corpus) - 1) // BATCH
inputs = corpus[: rows * BATCH].view(BATCH, rows).t().contiguous()  # (time, batch)
targets = corpus[1 : rows * BATCH + 1].view(BATCH, rows).t().contiguous()


class CharRNN(nn.Module):
    def __init__(self, n_letters, n_hidden):
        super(CharRNN, self).__init__()
        self.embed = nn.Embedding(n_letters, 32)
        self.lstm = nn.LSTM(32, n_hidden)
        self.decode = nn.Linear(n_hidden, n_letters)

    def forward(self, x, state):
        output, state = self.lstm(self.embed(x), state)
        return self.decode(output.view(-1, output.size(2))), state

    def init_state(self, batch):
        weight = next(self.parameters()).data
        size = (1, batch, self.lstm.hidden_size)
        return Variable(weight.new(*size).zero_()), Variable(weight.new(*size).zero_())


def repackage(state):
    """The state as fresh Variables, so that the graph does not reach back beyond this span."""
    return tuple(Variable(s.data) for s in state)


model = CharRNN(len(letters), args.hidden)
criterion = nn.CrossEntropyLoss()
optimizer = torch.optim.Adam(model.parameters(), lr=0.01)
at, state = 0, model.init_state(BATCH)
for step in range(args.steps):
    if at + SPAN > rows:
        at, state = 0, model.init_state(BATCH)
    x, y = Variable(inputs[at : at + SPAN]), Variable(targets[at : at + SPAN].view(-1))
    at += SPAN
    optimizer.zero_grad()
    scores, state = model(x, repackage(state))
    loss = criterion(scores, y)
    loss.backward()
    nn.utils.clip_grad_norm(model.parameters(), 1)
    optimizer.step()
    if step % 20 == 0 or step == args.steps - 1:
        print("step %3d  loss %.4f" % (step, loss.data[0]))

letter, written = index["F"], "F"
state = model.init_state(1)
for _ in range(args.length - 1):
    scores, state = model(Variable(torch.LongTensor([[letter]]), volatile=True), state)
    chances = nn.functional.softmax(scores[0] / 0.5, dim=0)
    letter = torch.multinomial(chances.data, 1)[0]
    written += letters[letter]
print(written)
