"""Optimizers that take a step for each evaluation: f(opfunc, x, config, state) changes x, and returns (x, loss).

opfunc(x) gives (loss, gradient). config holds the options, by their names in Lua Torch; state what one call leaves to
the next, and is config itself unless given.
"""

from __future__ import annotations

from collections.abc import Callable
from math import sqrt
from typing import Any

Config = dict[str, Any]


def own_state(config: Config | None, state: Config | None) -> tuple[Config, Config]:
    """(config, state), the state being config where none is given."""
    if config is None and state is None:
        raise ValueError("an optimizer needs a dict to keep its state in: config, state or both")
    config = {} if config is None else config
    return config, config if state is None else state


def _zeros(x: Any) -> Any:
    return x.new().resize_as_(x).zero_()


def _decayed(dfdx: Any, x: Any, config: Config) -> Any:
    """The gradient with the weight decay's share."""
    decay = config.get("weightDecay", 0)
    return dfdx.add(decay, x) if decay else dfdx


def _rate(config: Config, state: Config) -> float:
    """learningRate / (1 + evaluations so far * learningRateDecay); counts the evaluation."""
    count = state.get("evalCounter", 0)
    state["evalCounter"] = count + 1
    return config.get("learningRate", 1e-3) / (1 + count * config.get("learningRateDecay", 0))


def sgd(opfunc: Callable, x: Any, config: Config, state: Config | None = None) -> tuple:
    """Gradient descent, with momentum: v = momentum * v + (1 - dampening) * g, dampening being momentum by default.

    Options: learningRate (1e-3), learningRateDecay, weightDecay, weightDecays (one for each parameter), momentum,
    dampening, nesterov, learningRates (a factor for each parameter).
    """
    config, state = own_state(config, state)
    momentum = config.get("momentum", 0)
    dampening = config.get("dampening", momentum)
    nesterov = config.get("nesterov", False)
    if nesterov and momentum > 0 and dampening != 0:
        raise ValueError("Nesterov momentum requires a momentum and zero dampening")
    if config.get("weightDecay", 0) and config.get("weightDecays") is not None:
        raise ValueError("weightDecay and weightDecays exclude each other")
    fx, dfdx = opfunc(x)
    dfdx = _decayed(dfdx, x, config)
    if config.get("weightDecays") is not None:
        dfdx = dfdx.add(config["weightDecays"] * x)
    if momentum:
        if "dfdx" in state:
            state["dfdx"].mul_(momentum).add_(1 - dampening, dfdx)
        else:
            state["dfdx"] = dfdx.clone()
        dfdx = dfdx.add(momentum, state["dfdx"]) if nesterov else state["dfdx"]
    rate, rates = _rate(config, state), config.get("learningRates")
    x.add_(-rate, dfdx if rates is None else rates * dfdx)
    return x, fx


def nag(opfunc: Callable, x: Any, config: Config, state: Config | None = None) -> tuple:
    """Nesterov's accelerated gradient: the gradient is taken where the momentum leads.

    Options: learningRate (1e-3), learningRateDecay, weightDecay, momentum (0.9), learningRates.
    """
    config, state = own_state(config, state)
    momentum = config.get("momentum", 0.9)
    if momentum <= 0:
        raise ValueError(f"momentum has to be positive for nag, got {momentum}")
    if "dfdx" in state:
        x.add_(momentum, state["dfdx"])
    fx, dfdx = opfunc(x)
    dfdx, rates = _decayed(dfdx, x, config), config.get("learningRates")
    rate = _rate(config, state)
    step = dfdx.mul(-rate) if rates is None else (rates * dfdx).mul_(-rate)
    x.add_(step)
    if "dfdx" in state:
        state["dfdx"].mul_(momentum).add_(step)
    else:
        state["dfdx"] = step.clone()
    return x, fx


def adam(opfunc: Callable, x: Any, config: Config, state: Config | None = None) -> tuple:
    """Adam: A Method for Stochastic Optimization (Kingma and Ba, 2014).

    Options: learningRate (1e-3), beta1 (0.9), beta2 (0.999), epsilon (1e-8), weightDecay.
    """
    config, state = own_state(config, state)
    beta1, beta2 = config.get("beta1", 0.9), config.get("beta2", 0.999)
    fx, dfdx = opfunc(x)
    dfdx = _decayed(dfdx, x, config)
    if "m" not in state:
        state.update(t=0, m=_zeros(dfdx), v=_zeros(dfdx), denom=_zeros(dfdx))
    state["t"] += 1
    state["m"].mul_(beta1).add_(1 - beta1, dfdx)
    state["v"].mul_(beta2).addcmul_(1 - beta2, dfdx, dfdx)
    state["denom"].copy_(state["v"]).sqrt_().add_(config.get("epsilon", 1e-8))
    corrections = sqrt(1 - beta2 ** state["t"]) / (1 - beta1 ** state["t"])
    x.addcdiv_(-config.get("learningRate", 1e-3) * corrections, state["m"], state["denom"])
    return x, fx


def adamax(opfunc: Callable, x: Any, config: Config, state: Config | None = None) -> tuple:
    """Adam with the largest gradient so far (fading by beta2) in place of the mean of squares.

    Options: learningRate (2e-3), beta1 (0.9), beta2 (0.999), epsilon (1e-38), weightDecay.
    """
    config, state = own_state(config, state)
    beta1, beta2 = config.get("beta1", 0.9), config.get("beta2", 0.999)
    fx, dfdx = opfunc(x)
    dfdx = _decayed(dfdx, x, config)
    if "m" not in state:
        state.update(t=0, m=_zeros(dfdx), u=_zeros(dfdx), max=dfdx.new(2, *dfdx.size()).zero_())
    state["t"] += 1
    state["m"].mul_(beta1).add_(1 - beta1, dfdx)
    state["max"][0].copy_(state["u"]).mul_(beta2)
    state["max"][1].copy_(dfdx).abs_().add_(config.get("epsilon", 1e-38))
    state["u"].copy_(state["max"].max(0)[0])
    x.addcdiv_(-config.get("learningRate", 2e-3) / (1 - beta1 ** state["t"]), state["m"], state["u"])
    return x, fx


def adagrad(opfunc: Callable, x: Any, config: Config, state: Config | None = None) -> tuple:
    """Adaptive Subgradient Methods (Duchi et al., 2011).

    Options: learningRate (1e-3), learningRateDecay, weightDecay.
    """
    config, state = own_state(config, state)
    fx, dfdx = opfunc(x)
    dfdx = _decayed(dfdx, x, config)
    rate = _rate(config, state)
    if "paramVariance" not in state:
        state.update(paramVariance=_zeros(dfdx), paramStd=_zeros(dfdx))
    state["paramVariance"].addcmul_(1, dfdx, dfdx)
    state["paramStd"].copy_(state["paramVariance"]).sqrt_()
    x.addcdiv_(-rate, dfdx, state["paramStd"].add(1e-10))
    return x, fx


def adadelta(opfunc: Callable, x: Any, config: Config, state: Config | None = None) -> tuple:
    """ADADELTA (Zeiler, 2012). Options: rho (0.9), eps (1e-6), weightDecay."""
    config, state = own_state(config, state)
    rho, eps = config.get("rho", 0.9), config.get("eps", 1e-6)
    fx, dfdx = opfunc(x)
    dfdx = _decayed(dfdx, x, config)
    if "evalCounter" not in state:
        names = "paramVariance", "paramStd", "delta", "accDelta"
        state.update({name: _zeros(dfdx) for name in names}, evalCounter=0)
    state["paramVariance"].mul_(rho).addcmul_(1 - rho, dfdx, dfdx)
    state["paramStd"].copy_(state["paramVariance"]).add_(eps).sqrt_()
    state["delta"].copy_(state["accDelta"]).add_(eps).sqrt_().div_(state["paramStd"]).mul_(dfdx)
    x.add_(-1, state["delta"])
    state["accDelta"].mul_(rho).addcmul_(1 - rho, state["delta"], state["delta"])
    state["evalCounter"] += 1
    return x, fx


def rmsprop(opfunc: Callable, x: Any, config: Config, state: Config | None = None) -> tuple:
    """Steps over the root of the fading mean of squares.

    Options: learningRate (1e-2), alpha (0.99), epsilon (1e-8), weightDecay.
    """
    config, state = own_state(config, state)
    alpha = config.get("alpha", 0.99)
    fx, dfdx = opfunc(x)
    dfdx = _decayed(dfdx, x, config)
    if "m" not in state:
        state.update(m=_zeros(dfdx), tmp=_zeros(dfdx))
    state["m"].mul_(alpha).addcmul_(1 - alpha, dfdx, dfdx)
    state["tmp"].copy_(state["m"]).sqrt_().add_(config.get("epsilon", 1e-8))
    x.addcdiv_(-config.get("learningRate", 1e-2), dfdx, state["tmp"])
    return x, fx


def rprop(opfunc: Callable, x: Any, config: Config, state: Config | None = None) -> tuple:
    """Steps whose sizes grow while the gradient's sign stays and shrink when it turns. The loss comes in a list.

    Options: stepsize (0.1), etaplus (1.2), etaminus (0.5), stepsizemax (50), stepsizemin (1e-6), niter (1).
    """
    config, state = own_state(config, state)
    losses = []
    for _ in range(config.get("niter", 1)):
        fx, dfdx = opfunc(x)
        losses.append(fx)
        if "delta" not in state:
            names = "delta", "sign", "psign", "nsign", "zsign", "dminmax"
            state.update({name: _zeros(dfdx) for name in names})
            state["stepsize"] = _zeros(dfdx).fill_(config.get("stepsize", 0.1))
            state["bytesign"] = dfdx.eq(0)
        state["sign"].copy_(dfdx * state["delta"]).sign_()
        for name, test in (("psign", "gt"), ("nsign", "lt"), ("zsign", "eq")):
            state["bytesign"].copy_(getattr(state["sign"], test)(0))
            state[name].copy_(state["bytesign"])
        factors = state["psign"] * config.get("etaplus", 1.2) + state["nsign"] * config.get("etaminus", 0.5)
        state["stepsize"].mul_(factors.add_(state["zsign"]))
        state["stepsize"].clamp_(config.get("stepsizemin", 1e-6), config.get("stepsizemax", 50))
        state["delta"].copy_(dfdx).mul_(1 - state["nsign"])  # where the sign has turned, no step is taken
        x.add_(-1, state["delta"].sign() * state["stepsize"])
    return x, losses


def asgd(opfunc: Callable, x: Any, config: Config, state: Config | None = None) -> tuple:
    """Averaged gradient descent: (x, loss, the average of x from evaluation t0 on). The defaults are put into config.

    Options: eta0 (1e-4), lambda (1e-4), alpha (0.75), t0 (1e6).
    """
    config, state = own_state(config, state)
    for name, value in {"eta0": 1e-4, "lambda": 1e-4, "alpha": 0.75, "t0": 1e6}.items():
        config.setdefault(name, value)
    if "eta_t" not in state:
        state.update(eta_t=config["eta0"], mu_t=1, t=0)
    fx, dfdx = opfunc(x)
    x.mul_(1 - config["lambda"] * state["eta_t"]).add_(-state["eta_t"], dfdx)
    if "ax" not in state:
        state.update(ax=_zeros(x), tmp=_zeros(x))
    if state["mu_t"] != 1:
        state["tmp"].copy_(x).sub_(state["ax"]).mul_(state["mu_t"])
        state["ax"].add_(state["tmp"])
    else:
        state["ax"].copy_(x)
    state["t"] += 1
    state["eta_t"] = config["eta0"] / (1 + config["lambda"] * config["eta0"] * state["t"]) ** config["alpha"]
    state["mu_t"] = 1 / max(1, state["t"] - config["t0"])
    return x, fx, state["ax"]
