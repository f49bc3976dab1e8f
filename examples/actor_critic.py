"""An actor and a critic learn to walk uphill: actions drawn from a distribution, a reward that comes late."""

from __future__ import print_function

from collections import namedtuple

import numpy as np
import torch
import torch.nn as nn
import torch.nn.functional as F
import torch.optim as optim
from torch.autograd import Variable
from torch.distributions import Categorical

GAMMA = 0.9
SavedAction = namedtuple("SavedAction", ["log_prob", "value"])
torch.manual_seed(2)


class Hill(object):
    """A walk of 12 steps on a line; each that ends three or more to the right is worth 1."""

    def reset(self):
        self.place, self.time = 0, 0
        return np.array([0.0, 0.0])

    def step(self, action):
        self.place += 1 if action == 1 else -1
        self.time += 1
        return np.array([self.place / 4.0, self.time / 12.0]), float(self.place >= 3), self.time == 12


class Policy(nn.Module):
    def __init__(self):
        super(Policy, self).__init__()
        self.affine = nn.Linear(2, 24)
        self.action_head = nn.Linear(24, 2)
        self.value_head = nn.Linear(24, 1)
        self.saved_actions = []
        self.rewards = []

    def forward(self, x):
        x = F.relu(self.affine(x))
        return F.softmax(self.action_head(x), dim=-1), self.value_head(x)


model = Policy()
optimizer = optim.Adam(model.parameters(), lr=2e-2)


def select_action(state):
    probs, value = model(Variable(torch.from_numpy(state).float()))
    m = Categorical(probs)
    action = m.sample()
    model.saved_actions.append(SavedAction(m.log_prob(action), value))
    return action.data[0]


def finish_episode():
    R = 0
    policy_losses, value_losses, rewards = [], [], []
    for r in model.rewards[::-1]:
        R = r + GAMMA * R
        rewards.insert(0, R)
    rewards = torch.Tensor(rewards)
    rewards = (rewards - rewards.mean()) / (rewards.std() + np.finfo(np.float32).eps)
    for (log_prob, value), r in zip(model.saved_actions, rewards):
        policy_losses.append(-log_prob * (r - value.data[0]))
        value_losses.append(F.smooth_l1_loss(value, Variable(torch.Tensor([r]))))
    optimizer.zero_grad()
    loss = torch.cat(policy_losses).sum() + torch.cat(value_losses).sum()
    loss.backward()
    optimizer.step()
    del model.rewards[:]
    del model.saved_actions[:]
    return loss.data[0]


env = Hill()
for episode in range(60):
    state, done = env.reset(), False
    path = ""
    while not done:
        action = select_action(state)
        path += "<>"[action]
        state, reward, done = env.step(action)
        model.rewards.append(reward)
    total = sum(model.rewards)
    loss = finish_episode()
    if episode % 10 == 0 or episode == 59:
        print("episode %2d  %s  reward %2d  loss %.4f" % (episode, path, total, loss))
