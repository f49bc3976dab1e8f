"""pyro-ppl 0.1.2: variational inference where the answer is known in closed form, and a Bayesian regression."""

import pyro
import pyro.distributions as dist
import torch
import torch.nn as nn
from pyro.infer import SVI, Importance, Marginal
from pyro.optim import Adam
from torch.autograd import Variable

pyro.set_rng_seed(0)
pyro.clear_param_store()


def scalar(x):
    return Variable(torch.FloatTensor([x]))


# the mean of a normal distribution, of which a normal distribution is known beforehand
observed = Variable(torch.FloatTensor([1.2, 2.0, 1.6, 2.4, 1.8, 2.2]))


def model():
    mean = pyro.sample("mean", dist.normal, scalar(0.0), scalar(2.0))
    for i in range(len(observed)):
        pyro.observe("obs_%d" % i, dist.normal, observed[i], mean, scalar(0.5))


def guide():
    mu = pyro.param("mu", Variable(torch.zeros(1), requires_grad=True))
    log_sigma = pyro.param("log_sigma", Variable(torch.zeros(1), requires_grad=True))
    pyro.sample("mean", dist.normal, mu, torch.exp(log_sigma))


precision = 1 / 4.0 + len(observed) / 0.25
exact_mean, exact_sigma = observed.data.sum() / 0.25 / precision, precision**-0.5
svi = SVI(model, guide, Adam({"lr": 0.02, "betas": (0.9, 0.999)}), loss="ELBO", num_particles=5)
losses = [svi.step() for _ in range(500)]
assert sum(losses[-20:]) < sum(losses[:20])
assert abs(pyro.param("mu").data[0] - exact_mean) < 0.1
assert abs(pyro.param("log_sigma").exp().data[0] - exact_sigma) < 0.1
pyro.get_param_store().save("params")
kept = pyro.param("mu").data[0]
pyro.clear_param_store()
pyro.get_param_store().load("params")
assert pyro.param("mu").data[0] == kept

# a coin, by importance sampling
tosses = [1, 1, 0, 1, 1, 1, 0, 1]


def coin():
    chance = pyro.sample("chance", dist.beta, scalar(2.0), scalar(2.0))
    for i, side in enumerate(tosses):
        pyro.observe("toss_%d" % i, dist.bernoulli, scalar(side), chance)
    return chance


marginal = Marginal(Importance(coin, num_samples=300))
mean = sum(marginal().data[0] for _ in range(300)) / 300
assert abs(mean - (2 + 6) / 12.0) < 0.06, mean

# the weights of a network as random variables
torch.manual_seed(1)
x = Variable(torch.linspace(-1, 1, 40).view(-1, 1))
y = 3 * x + 1 + Variable(torch.randn(40, 1)) * 0.1
net = nn.Linear(1, 1)


def regression():
    priors = {
        "weight": dist.Normal(Variable(torch.zeros(1, 1)), Variable(torch.ones(1, 1) * 10)),
        "bias": dist.Normal(Variable(torch.zeros(1)), Variable(torch.ones(1) * 10)),
    }
    lifted = pyro.random_module("net", net, priors)()
    pyro.observe("y", dist.normal, y, lifted(x), Variable(torch.ones(40, 1) * 0.1))


def regression_guide():
    priors = {}
    for name, param in net.named_parameters():
        mu = Variable(torch.randn(param.size()) * 0.1, requires_grad=True)
        log_sigma = Variable(torch.ones(param.size()) * -3, requires_grad=True)
        priors[name] = dist.Normal(pyro.param("mu_" + name, mu), torch.exp(pyro.param("log_sigma_" + name, log_sigma)))
    return pyro.random_module("net", net, priors)()


svi = SVI(regression, regression_guide, Adam({"lr": 0.02}), loss="ELBO")
for _ in range(600):
    svi.step()
assert abs(pyro.param("mu_weight").data[0][0] - 3) < 0.15 and abs(pyro.param("mu_bias").data[0] - 1) < 0.15

# every distribution draws, and says the logarithm of the density of what it drew
two = Variable(torch.FloatTensor([0.3, 0.7]))
for name, args in [
    ("bernoulli", [two]),
    ("beta", [two, two]),
    ("categorical", [two]),
    ("cauchy", [two, two]),
    ("dirichlet", [two]),
    ("exponential", [two]),
    ("gamma", [two, two]),
    ("halfcauchy", [two, two]),
    ("lognormal", [two, two]),
    ("multinomial", [two, Variable(torch.FloatTensor([4]))]),
    ("normal", [two, two]),
    ("poisson", [two]),
    ("uniform", [two, two + 1]),
]:
    distribution = getattr(dist, name)
    drawn = distribution(*args).float()
    density = distribution.log_pdf(drawn, *args)
    assert density.data[0] == density.data[0], name
print("done")
