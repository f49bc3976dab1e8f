"""Every example runs by the runner, and what it prints agrees with a computation of its own in NumPy."""

import os
import re
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

import autograd_legacy as torch

ROOT = Path(__file__).resolve().parent.parent
ONE_THREAD = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}  # on a busy machine threads wait for each other
EXAMPLES = sorted(path.stem for path in (ROOT / "examples").glob("*.py"))


def printed(name, *args, cwd):
    """The lines that an example prints."""
    done = subprocess.run(
        [sys.executable, "-W", "error", "-m", "autograd_legacy", "run", ROOT / f"examples/{name}.py", *args],
        cwd=cwd,
        env={**os.environ, "PYTHONPATH": os.pathsep.join([str(ROOT), os.environ.get("PYTHONPATH", "")]), **ONE_THREAD},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout.splitlines()


def numbers(lines, pattern=r"-?\d+(?:\.\d+)?(?:e[-+]\d+)?"):
    """The last number of each line."""
    return np.array([float(re.findall(pattern, line)[-1]) for line in lines])


def test_every_example_has_a_test():
    assert {name for name in EXAMPLES if f"test_{name}" not in globals()} == set()


# -- draws of the examples, by the library's generator (its streams have tests of their own) ---------------------------


def drawn(*size):
    return torch.randn(*size).numpy().astype(np.float64)


def linear(inputs, outputs):
    """[weight, bias] as nn.Linear makes them first."""
    bound = inputs**-0.5
    weight = torch.FloatTensor(outputs, inputs).uniform_(-bound, bound)
    bias = torch.FloatTensor(outputs).uniform_(-bound, bound)
    return [p.numpy().astype(np.float64) for p in (weight, bias)]


# -- the programs ------------------------------------------------------------------------------------------------------


def test_numpy_bridge(tmp_path):
    array = (np.arange(100).reshape(10, 10) / 7).astype(np.float32)
    array[0, 0] = 5
    lines = printed("numpy_bridge", cwd=tmp_path)
    assert lines[0] == "torch.DoubleTensor torch.Size([10, 10])"
    assert lines[1] == "5.0"
    kind, total = lines[2].split()
    assert kind == "torch.FloatTensor" and float(total) == pytest.approx(array.astype(np.float64).sum())
    assert lines[3:7] == [
        "float32 (10, 10)",
        "DoubleTensor torch.Size([10, 20])",
        "FloatTensor torch.Size([10, 20])",
        "True",
    ]
    assert lines[7:] == [
        "",
        "  1.0000  -2.5000",
        "  0.0010  30.0000",
        "[torch.FloatTensor of size 2x2]",
        "",
    ]


def test_linear_model(tmp_path):
    torch.manual_seed(0)
    w, b = start = torch.rand(1)[0], torch.rand(1)[0]
    x = np.linspace(-1, 1, 50)
    label = 3 * x - 0.5
    losses = []
    for _ in range(40):
        error = w * x + b - label
        losses.append((error**2).mean())
        w, b = w - 0.5 * (2 * error * x).mean(), b - 0.5 * (2 * error).mean()
    lines = printed("linear_model", cwd=tmp_path)
    assert lines[0] == f"y from {start[1] - start[0]:.4f} to {start[1] + start[0]:.4f}"
    assert lines[1].removesuffix("-0.0000").removesuffix("0.0000") == f"gradients {(x**2).sum():.4f} "
    assert numbers(lines[2:6]) == pytest.approx(losses[::10], abs=2e-6)
    assert lines[6] == f"W {w:.4f} b {b:.4f}"


def test_variable_flags(tmp_path):
    assert printed("variable_flags", cwd=tmp_path) == [
        "neither requires it: False None",
        "one requires it: True AddBackward1",
        "one is volatile: True False None",
        "and so what follows: True",
        "no way back: RuntimeError",
        "gradient of z: 25.0 of x: None",
    ]


def test_two_layer_autograd(tmp_path):
    torch.manual_seed(0)
    x, y, w1, w2 = drawn(64, 1000), drawn(64, 10), drawn(1000, 100), drawn(100, 10)
    losses = []
    for _ in range(500):
        hidden = x @ w1
        error = np.maximum(hidden, 0) @ w2 - y
        losses.append((error**2).sum())
        back_hidden = (2 * error @ w2.T) * (hidden > 0)
        w2 = w2 - 1e-6 * np.maximum(hidden, 0).T @ (2 * error)
        w1 = w1 - 1e-6 * x.T @ back_hidden
    lines = printed("two_layer_autograd", cwd=tmp_path)
    assert [line.split()[0] for line in lines] == [str(t) for t in range(500)]
    assert numbers(lines) == pytest.approx(np.array(losses), rel=2e-3, abs=1e-3)


def two_layer_losses(layers, batches, rate):
    """The loss at each batch, a sum of squares, of x -> relu(x w1' + b1) w2' + b2 under gradient descent."""
    (w1, b1), (w2, b2) = layers
    losses = []
    for x, y in batches:
        hidden = x @ w1.T + b1
        active = np.maximum(hidden, 0)
        error = active @ w2.T + b2 - y
        losses.append((error**2).sum())
        back = 2 * rate * error
        back_hidden = (back @ w2) * (hidden > 0)
        w2, b2 = w2 - back.T @ active, b2 - back.sum(0)
        w1, b1 = w1 - back_hidden.T @ x, b1 - back_hidden.sum(0)
    return np.array(losses)


@pytest.fixture(scope="module")
def fixed_batch_losses():
    torch.manual_seed(0)
    batch = drawn(64, 1000), drawn(64, 10)
    losses = two_layer_losses([linear(1000, 100), linear(100, 10)], [batch] * 500, 1e-4)
    return losses[[*range(0, 500, 50), 499]]


def test_two_layer_sequential(tmp_path, fixed_batch_losses):
    lines = printed("two_layer_sequential", cwd=tmp_path)
    assert lines[:5] == [
        "Sequential(",
        "  (0): Linear(in_features=1000, out_features=100, bias=True)",
        "  (1): ReLU()",
        "  (2): Linear(in_features=100, out_features=10, bias=True)",
        ")",
    ]
    assert numbers(lines[5:]) == pytest.approx(fixed_batch_losses, rel=2e-3)


def test_two_layer_module(tmp_path, fixed_batch_losses):
    assert numbers(printed("two_layer_module", cwd=tmp_path)) == pytest.approx(fixed_batch_losses, rel=2e-3)


def test_two_layer_dataloader(tmp_path):
    x = np.random.RandomState(0).randn(2000, 100)
    y = np.tanh(x[:, :10])
    torch.manual_seed(0)
    batches = [(x[i : i + 64], y[i : i + 64]) for i in range(0, 2000, 64)]
    losses = two_layer_losses([linear(100, 50), linear(50, 10)], batches * 5, 1e-4)
    lines = printed("two_layer_dataloader", cwd=tmp_path)
    assert [line.split()[:2] for line in lines] == [[str(t), "32"] for t in range(5)]
    assert numbers(lines) == pytest.approx(losses.reshape(5, 32).sum(1) / 2000, rel=1e-4)


def test_two_numbers(tmp_path):
    assert printed("two_numbers", cwd=tmp_path) == [
        "(tensor(3., requires_grad=True), tensor(4., requires_grad=True))",
        "tensor(12., grad_fn=<MulBackward0>)",
        "tensor(9., grad_fn=<SubBackward0>)",
        "None",
        "tensor(12., grad_fn=<MulBackward0>)",
        "(tensor(4.), tensor(3.))",
    ]


def test_version_counter(tmp_path):
    assert printed("version_counter", cwd=tmp_path) == [
        "version of a: 0",
        "gradient of x: [3.0, 12.0, 27.0]",
        "version of a: 1",
        "refused: True",
    ]


def test_guilty_line(tmp_path):
    source = [line.strip() for line in (ROOT / "examples/guilty_line.py").read_text().splitlines()]
    lines = printed("guilty_line", cwd=tmp_path)
    text = "\n".join(lines)
    sentence = "one of the variables needed for gradient computation has been modified by an inplace operation\n"
    saving, changing = (
        f"at {ROOT}/examples/guilty_line.py:{source.index(line) + 1} in {function}\n               {line}\n"
        for line, function in (("hidden = hidden * gate", "forward"), ("gate.mul_(2)", "in_place"))
    )
    assert text.startswith(sentence) and changing in text and saving in text
    assert lines[-1] == "out of place there is a gradient: True"


def test_gradient_argument(tmp_path):
    lines = printed("gradient_argument", cwd=tmp_path)
    assert lines[:8] == [
        "Variable containing:",
        " 27",
        "[torch.FloatTensor of size 1]",
        "",
        "Variable containing:",
        " 4.5000  4.5000",
        " 4.5000  4.5000",
        "[torch.FloatTensor of size 2x2]",
    ]
    assert lines[9] == "refused: RuntimeError"
    y, gradient = np.array([0.5, -1, 2]) * 2, 2.0
    while np.linalg.norm(y) < 1000:
        y, gradient = y * 2, gradient * 2
    shown = [float(number) for number in re.findall(r"-?[\d.]+(?:e-\d+)?", lines[10])]
    assert shown == pytest.approx([*y, *(gradient * np.array([0.1, 1.0, 0.0001]))], rel=1e-6)


def test_training_procedure(tmp_path):
    torch.manual_seed(1)
    (w1, b1), (w2, b2) = linear(2, 8), linear(8, 1)
    x, y = np.array([[0, 0], [0, 1], [1, 0], [1, 1]]), np.array([[0], [1], [1], [0]])
    losses = []
    for _ in range(600):
        hidden = np.tanh(x @ w1.T + b1)
        error = hidden @ w2.T + b2 - y
        losses.append((error**2).mean())
        back = 2 * error / 4
        back_hidden = (back @ w2) * (1 - hidden**2)
        w2, b2 = w2 - 0.5 * back.T @ hidden, b2 - 0.5 * back.sum(0)
        w1, b1 = w1 - 0.5 * back_hidden.T @ x, b1 - 0.5 * back_hidden.sum(0)
    lines = printed("training_procedure", cwd=tmp_path)
    assert lines[:5] == [
        "Net(",
        "  (fc1): Linear(in_features=2, out_features=8, bias=True)",
        "  (fc2): Linear(in_features=8, out_features=1, bias=True)",
        ")",
        "[(8, 2), (8,), (1, 8), (1,)]",
    ]
    assert numbers(lines[5:-1]) == pytest.approx(losses[::100], rel=1e-3, abs=2e-5)
    assert lines[-1] == "[0, 1, 1, 0]"


# -- a convolutional network -------------------------------------------------------------------------------------------


def windows(x):
    """The 3 x 3 neighbourhood of each pixel, zeros beyond the edge: (N, C, H, W, 3, 3)."""
    padded = np.pad(x, ((0, 0), (0, 0), (1, 1), (1, 1)))
    return np.lib.stride_tricks.sliding_window_view(padded, (3, 3), axis=(2, 3))


def convolve(x, weight):
    return np.einsum("nchwij,ocij->nohw", windows(x), weight, optimize=True)


def pool(x):
    """The maxima of 2 x 2 blocks, and the places of each block's first maximum as ones among zeros."""
    n, c, h, w = x.shape
    blocks = x.reshape(n, c, h // 2, 2, w // 2, 2).transpose(0, 1, 2, 4, 3, 5).reshape(n, c, h // 2, w // 2, 4)
    places = np.eye(4)[blocks.argmax(-1)]
    return blocks.max(-1), places


def unpool(grad, places):
    n, c, h, w = grad.shape
    blocks = (grad[..., None] * places).reshape(n, c, h, w, 2, 2)
    return blocks.transpose(0, 1, 2, 4, 3, 5).reshape(n, c, 2 * h, 2 * w)


def digits_step(params, x, target):
    """The loss of a batch, and the gradient of each parameter."""
    w1, b1, w2, b2, w3, b3, w4, b4 = params
    top1, places1 = pool(convolve(x, w1) + b1[:, None, None])
    act1 = np.maximum(top1, 0)
    top2, places2 = pool(convolve(act1, w2) + b2[:, None, None])
    flat = np.maximum(top2, 0).reshape(len(x), -1)
    pre3 = flat @ w3.T + b3
    act3 = np.maximum(pre3, 0)
    scores = act3 @ w4.T + b4
    chances = np.exp(scores - scores.max(1, keepdims=True))
    chances /= chances.sum(1, keepdims=True)
    loss = -np.log(chances[np.arange(len(x)), target]).mean()
    g4 = (chances - np.eye(10)[target]) / len(x)
    g3 = (g4 @ w4) * (pre3 > 0)
    g2 = unpool((g3 @ w3).reshape(top2.shape) * (top2 > 0), places2)
    back = convolve(g2, w2.transpose(1, 0, 2, 3)[:, :, ::-1, ::-1])
    g1 = unpool(back * (top1 > 0), places1)
    grads = []
    for g, before in ((g1, x), (g2, act1)):
        grads += [np.einsum("nohw,nchwij->ocij", g, windows(before), optimize=True), g.sum((0, 2, 3))]
    return loss, [*grads, g3.T @ flat, g3.sum(0), g4.T @ act3, g4.sum(0)]


def test_digits(tmp_path):
    lines = printed("digits", cwd=tmp_path)
    data = np.load(ROOT / "examples/data/digits.npz")
    torch.manual_seed(1)
    train = torch.randperm(1797).numpy()[:1437]
    images, labels = data["images"][train, None] / 16, data["labels"][train]
    params = []
    for inputs, outputs, size in (9, 16, (1, 3, 3)), (144, 32, (16, 3, 3)), (128, 64, (128,)), (64, 10, (64,)):
        weight, bias = linear(inputs, outputs)
        params += [weight.reshape(outputs, *size), bias]
    order = torch.randperm(1437).numpy()
    moves, losses = [0] * 8, []
    for start in range(0, 1437, 32):
        batch = order[start : start + 32]
        loss, grads = digits_step(params, images[batch], labels[batch])
        losses.append(loss)
        moves = [0.9 * move + grad for move, grad in zip(moves, grads, strict=True)]
        params = [param - 0.05 * move for param, move in zip(params, moves, strict=True)]
    assert lines[0].startswith("Epoch  1 [   0/1437]  loss ")
    assert numbers(lines[:3]) == pytest.approx(losses[::20], rel=1e-3)
    accuracy, seconds = numbers([lines[-2].removesuffix(" %)"), lines[-1].removesuffix(" seconds")])
    assert accuracy > 96
    assert seconds < 60


# -- a recurrent network -----------------------------------------------------------------------------------------------


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


def char_rnn_step(params, x, target, h, c):
    """The loss over a span of letters, each parameter's gradient, and the state at the end."""
    embed, w_x, w_h, b_x, b_h, w_out, b_out = params
    grads = [np.zeros_like(p) for p in params]
    steps = []
    for letters in x:
        i, f, g, o = np.split(embed[letters] @ w_x.T + b_x + h @ w_h.T + b_h, 4, axis=1)
        i, f, g, o = sigmoid(i), sigmoid(f), np.tanh(g), sigmoid(o)
        h_before, c_before = h, c
        c = f * c + i * g
        h = o * np.tanh(c)
        scores = h @ w_out.T + b_out
        chances = np.exp(scores - scores.max(1, keepdims=True))
        steps.append((letters, i, f, g, o, h_before, c_before, c, h, chances / chances.sum(1, keepdims=True)))
    state, count, loss = (h, c), target.size, 0.0
    g_h, g_c = np.zeros_like(h), np.zeros_like(c)
    for wanted, (letters, i, f, g, o, h_before, c_before, c, h, chances) in zip(target[::-1], steps[::-1], strict=True):
        rows = np.arange(len(wanted))
        loss -= np.log(chances[rows, wanted]).sum() / count
        g_scores = chances / count
        g_scores[rows, wanted] -= 1 / count
        g_h = g_h + g_scores @ w_out
        g_c = g_c + g_h * o * (1 - np.tanh(c) ** 2)
        g_gates = np.concatenate(
            [g_c * g * i * (1 - i), g_c * c_before * f * (1 - f), g_c * i * (1 - g**2), g_h * np.tanh(c) * o * (1 - o)],
            1,
        )
        np.add.at(grads[0], letters, g_gates @ w_x)
        sums = [g_gates.T @ embed[letters], g_gates.T @ h_before, g_gates.sum(0), g_gates.sum(0)]
        for grad, part in zip(grads[1:], [*sums, g_scores.T @ h, g_scores.sum(0)], strict=True):
            grad += part
        g_h, g_c = g_gates @ w_h, g_c * f
    return loss, grads, state


def test_char_rnn(tmp_path):
    lines = printed("char_rnn", cwd=tmp_path)
    text = (ROOT / "examples/data/gettysburg.txt").read_text()
    letters = sorted(set(text))
    corpus = np.array([letters.index(letter) for letter in text])
    rows, n_hidden = (len(corpus) - 1) // 16, 96
    inputs = corpus[: rows * 16].reshape(16, rows).T
    targets = corpus[1 : rows * 16 + 1].reshape(16, rows).T
    torch.manual_seed(3)
    params = [drawn(len(letters), 32)]
    for size in (4 * n_hidden, 32), (4 * n_hidden, n_hidden), (4 * n_hidden,), (4 * n_hidden,):
        params.append(torch.FloatTensor(*size).uniform_(-(n_hidden**-0.5), n_hidden**-0.5).numpy().astype(np.float64))
    params += linear(n_hidden, len(letters))
    first, second = [0] * 7, [0] * 7  # Adam's moments
    losses, at = [], 0
    state = np.zeros((16, n_hidden)), np.zeros((16, n_hidden))
    for step in range(1, 42):
        if at + 24 > rows:
            at, state = 0, (np.zeros((16, n_hidden)), np.zeros((16, n_hidden)))
        loss, grads, state = char_rnn_step(params, inputs[at : at + 24], targets[at : at + 24], *state)
        losses.append(loss)
        at += 24
        norm = np.sqrt(sum((grad**2).sum() for grad in grads))
        grads = [grad * min(1.0, 1 / (norm + 1e-6)) for grad in grads]
        first = [0.9 * m + 0.1 * grad for m, grad in zip(first, grads, strict=True)]
        second = [0.999 * v + 0.001 * grad**2 for v, grad in zip(second, grads, strict=True)]
        rate = 0.01 * np.sqrt(1 - 0.999**step) / (1 - 0.9**step)
        params = [p - rate * m / (np.sqrt(v) + 1e-8) for p, m, v in zip(params, first, second, strict=True)]
    assert numbers(lines[:3]) == pytest.approx(losses[::20], rel=2e-3)
    assert lines[10].startswith("step 199") and numbers(lines[10:11])[0] < 1
    written = "\n".join(lines[11:])
    assert len(written) == 160 and set(written) <= set(letters)


# -- programs whose graph takes turns of its own -----------------------------------------------------------------------


class Adam:
    """Adam's steps on a list of arrays."""

    def __init__(self, params, rate, betas=(0.9, 0.999)):
        self.params, self.rate, self.betas, self.steps = params, rate, betas, 0
        self.first, self.second = [0] * len(params), [0] * len(params)

    def step(self, grads):
        self.steps += 1
        one, two = self.betas
        rate = self.rate * np.sqrt(1 - two**self.steps) / (1 - one**self.steps)
        for k, grad in enumerate(grads):
            self.first[k] = one * self.first[k] + (1 - one) * grad
            self.second[k] = two * self.second[k] + (1 - two) * grad**2
            self.params[k] = self.params[k] - rate * self.first[k] / (np.sqrt(self.second[k]) + 1e-8)


def vae_step(params, x, eps):
    """The loss of a batch, and the gradient of each parameter."""
    w1, b1, w21, b21, w22, b22, w3, b3, w4, b4 = params
    n = len(x)
    h = np.maximum(x @ w1.T + b1, 0)
    mu, logvar = h @ w21.T + b21, h @ w22.T + b22
    std = np.exp(0.5 * logvar)
    z = mu + eps * std
    h3 = np.maximum(z @ w3.T + b3, 0)
    made = sigmoid(h3 @ w4.T + b4)
    bce = -(x * np.log(made + 1e-12) + (1 - x) * np.log(1 - made + 1e-12)).sum()
    loss = (bce - 0.5 * (1 + logvar - mu**2 - np.exp(logvar)).sum()) / n
    g4 = (made - x) / n
    g3 = (g4 @ w4) * (h3 > 0)
    gz = g3 @ w3
    g_mu = gz + mu / n
    g_logvar = gz * eps * std * 0.5 - 0.5 * (1 - np.exp(logvar)) / n
    g1 = (g_mu @ w21 + g_logvar @ w22) * (h > 0)
    grads = []
    for g, before in (g1, x), (g_mu, h), (g_logvar, h), (g3, z), (g4, h3):
        grads += [g.T @ before, g.sum(0)]
    return loss, grads


def test_vae(tmp_path):
    lines = printed("vae", cwd=tmp_path)
    images = np.load(ROOT / "examples/data/digits.npz")["images"].reshape(-1, 64) / 16
    torch.manual_seed(5)
    layers = (64, 50), (50, 4), (50, 4), (4, 50), (50, 64)
    optimizer = Adam([param for layer in layers for param in linear(*layer)], 3e-3)
    losses = []
    for _ in range(2):
        order = torch.randperm(1797).numpy()
        for start in range(0, 1797 - 64, 64):
            loss, grads = vae_step(optimizer.params, images[order[start : start + 64]], drawn(64, 4))
            losses.append(loss)
            optimizer.step(grads)
    assert numbers(lines[:3]) == pytest.approx(losses[:60:20], rel=2e-3)
    assert numbers(lines[13:14])[0] < 27
    assert [len(row) for row in lines[14:]] == [8] * 8 and set("".join(lines[14:])) <= set(" .:*#")


def test_actor_critic(tmp_path):
    lines = printed("actor_critic", cwd=tmp_path)
    torch.manual_seed(2)
    (w, b), (w_action, b_action), (w_value, b_value) = linear(2, 24), linear(24, 2), linear(24, 1)
    loss, place, rewards, logs, values = 0, 0, [], [], []
    for time, sign in enumerate(lines[0].split()[2]):
        h = np.maximum(w @ [place / 4, time / 12] + b, 0)
        scores = w_action @ h + b_action
        place += 1 if sign == ">" else -1
        logs.append(scores["<>".index(sign)] - np.log(np.exp(scores).sum()))
        values.append((w_value @ h + b_value)[0])
        rewards.append(float(place >= 3))
    totals = np.array([sum(0.9**k * r for k, r in enumerate(rewards[t:])) for t in range(12)])
    totals = (totals - totals.mean()) / totals.std(ddof=1)
    apart = np.abs(values - totals)
    loss = (-np.array(logs) * (totals - values)).sum() + np.where(apart < 1, apart**2 / 2, apart - 0.5).sum()
    assert lines[0].startswith("episode  0") and f"reward {sum(rewards):2.0f}" in lines[0]
    assert numbers(lines[:1])[0] == pytest.approx(loss, abs=2e-3)
    assert all(int(line.split("reward")[1].split()[0]) >= 8 for line in lines[-2:])


def test_hogwild(tmp_path):
    before, after = printed("hogwild", cwd=tmp_path)
    torch.manual_seed(1)
    data = torch.randn(300, 10).numpy().astype(np.float64)
    (w1, b1), (w2, b2) = linear(10, 30), linear(30, 3)
    scores = np.maximum(data @ w1.T + b1, 0) @ w2.T + b2
    logs = scores - np.log(np.exp(scores).sum(1, keepdims=True))
    assert numbers([before])[0] == pytest.approx(-logs[np.arange(300), data[:, :3].argmax(1)].mean(), abs=1e-3)
    assert after.startswith("after 600 steps of 3 processes: loss ") and numbers([after])[0] < 0.3


def critic_grads(params, x, weights):
    """The outputs for x, and each parameter's gradient where the outputs' are `weights`."""
    w1, b1, w2, b2 = params
    t = np.tanh(x @ w1.T + b1)
    back = weights[:, None] * w2 * (1 - t**2)
    return t @ w2[0] + b2[0], [back.T @ x, back.sum(0), weights[None] @ t, weights.sum(keepdims=True)]


def penalty_grads(params, x):
    """The penalty at x and its gradients: those of a loss that holds the slopes of the network."""
    w1, b1, w2, _ = params
    t = np.tanh(x @ w1.T + b1)
    s = 1 - t**2
    slopes = (w2 * s) @ w1
    lengths = np.sqrt((slopes**2).sum(1, keepdims=True))
    g = 20 * (lengths - 1) / lengths * slopes / len(x)
    g_s = g @ w1.T * w2
    g_before = g_s * -2 * t * s
    penalty = 10 * ((lengths - 1) ** 2).mean()
    grad_w2 = (g @ w1.T * s).sum(0, keepdims=True)
    return penalty, [(w2 * s).T @ g + g_before.T @ x, g_before.sum(0), grad_w2, np.zeros(1)]


def test_gradient_penalty(tmp_path):
    lines = printed("gradient_penalty", cwd=tmp_path)
    torch.manual_seed(4)
    optimizer = Adam(linear(2, 16) + linear(16, 1), 1e-2, (0.5, 0.9))
    penalties, distances = [], []
    for _ in range(101):
        real, fake = drawn(32, 2) * 0.3 + 2, drawn(32, 2) * 0.3
        alpha = torch.rand(32, 1).numpy().astype(np.float64)
        of_real, up = critic_grads(optimizer.params, real, np.full(32, -1 / 32))
        of_fake, down = critic_grads(optimizer.params, fake, np.full(32, 1 / 32))
        penalty, even = penalty_grads(optimizer.params, alpha * real + (1 - alpha) * fake)
        penalties.append(penalty)
        distances.append(of_real.mean() - of_fake.mean())
        optimizer.step([sum(grads) for grads in zip(up, down, even, strict=True)])
    assert numbers([line.split("distance")[0] for line in lines[:6]]) == pytest.approx(penalties[::20], rel=5e-3)
    assert numbers(lines[:6]) == pytest.approx(distances[::20], rel=5e-3)
