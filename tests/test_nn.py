"""Networks: what the recorded answers do not ask, and what must hold between parts."""

import copy
import pickle

import numpy
import pytest

import autograd_legacy as torch
from autograd_legacy import nn
from autograd_legacy.autograd import Variable, gradcheck, gradgradcheck
from autograd_legacy.nn import functional as F
from autograd_legacy.nn import init
from autograd_legacy.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence


def draw(*size, low=-2.0, high=2.0, requires_grad=True):
    return Variable(torch.DoubleTensor(*size).uniform_(low, high), requires_grad=requires_grad)


def largest_difference(a, b):
    return (a.data - b.data).abs().max()


@pytest.fixture(autouse=True)
def seeded():
    torch.manual_seed(7)


# ---- gradients of the functionals, against differences ----

ACTIVATIONS = {
    "relu": F.relu,
    "threshold": lambda x: F.threshold(x, 0.1, 20),
    "hardtanh": F.hardtanh,
    "relu6": F.relu6,
    "elu": lambda x: F.elu(x, 0.7),
    "selu": F.selu,
    "leaky_relu": lambda x: F.leaky_relu(x, 0.3),
    "rrelu": F.rrelu,
    "logsigmoid": F.logsigmoid,
    "softplus": lambda x: F.softplus(x, 2, 3),
    "hardshrink": F.hardshrink,
    "softshrink": F.softshrink,
    "tanhshrink": F.tanhshrink,
    "softsign": F.softsign,
    "glu": F.glu,
    "softmax": lambda x: F.softmax(x, 1),
    "softmin": lambda x: F.softmin(x, 0),
    "log_softmax": lambda x: F.log_softmax(x, 1),
    "normalize": F.normalize,
    "dropout_off": F.dropout,
}


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_gradient_of_activation(name):
    assert gradcheck(ACTIVATIONS[name], [draw(3, 4)])


@pytest.mark.parametrize("name", ["relu", "elu", "selu", "leaky_relu", "hardtanh"])
def test_inplace_activation_agrees(name):
    function = getattr(F, name)
    x = draw(3, 4)
    y = function(x)
    y.sum().backward()
    expected, x.grad = x.grad.data.clone(), None
    h = x * 1
    z = function(h, inplace=True)
    assert z.data_ptr() == h.data_ptr()
    z.sum().backward()
    assert (z.data - y.data).abs().max() == 0
    assert (x.grad.data - expected).abs().max() == 0


def test_prelu_gradient():
    assert gradcheck(F.prelu, [draw(2, 3, 2), draw(3)])
    assert gradcheck(F.prelu, [draw(2, 3), draw(1)])


LOSSES = {
    "mse_loss": lambda x, y: F.mse_loss(x, y),
    "l1_loss": lambda x, y: F.l1_loss(x, y),
    "smooth_l1_loss": lambda x, y: F.smooth_l1_loss(x, y, size_average=False),
    "kl_div": lambda x, y: F.kl_div(x, y),
    "soft_margin_loss": lambda x, y: F.soft_margin_loss(x, y.sign()),
    "hinge_embedding_loss": lambda x, y: F.hinge_embedding_loss(x, y.sign()),
    "bce": lambda x, y: F.binary_cross_entropy(x.sigmoid(), y.sigmoid()),
    "bce_with_logits": lambda x, y: F.binary_cross_entropy_with_logits(x, y.sigmoid()),
    "poisson_nll_loss": lambda x, y: F.poisson_nll_loss(x, y.abs() * 3, full=True),
    "multilabel_soft_margin_loss": lambda x, y: F.multilabel_soft_margin_loss(x, (y > 0).double()),
}


@pytest.mark.parametrize("name", LOSSES)
def test_gradient_of_loss(name):
    y = draw(3, 4, requires_grad=False)
    assert gradcheck(lambda x: LOSSES[name](x, y), [draw(3, 4)])


def classes(*values):
    return Variable(torch.LongTensor(list(values)))


CLASS_LOSSES = {
    "cross_entropy": F.cross_entropy,
    "cross_entropy_weighted": lambda x, t: F.cross_entropy(x, t, weight=torch.DoubleTensor([1, 2, 3, 4])),
    "nll_sum": lambda x, t: F.nll_loss(x, t, size_average=False),
    "multi_margin": F.multi_margin_loss,
    "multi_margin_squared": lambda x, t: F.multi_margin_loss(x, t, p=2),
}


@pytest.mark.parametrize("name", CLASS_LOSSES)
def test_gradient_of_class_loss(name):
    assert gradcheck(lambda x: CLASS_LOSSES[name](x, classes(1, 3, 0)), [draw(3, 4)])


def test_multilabel_margin_loss_by_hand():
    x = Variable(torch.FloatTensor([[0.1, 0.2, 0.4, 0.8]]))
    target = Variable(torch.LongTensor([[3, 0, -1, 1]]))
    # labels 3 and 0 against 1 and 2
    expected = sum(max(0, 1 - (a - b)) for a in (0.8, 0.1) for b in (0.2, 0.4)) / 4
    assert abs(F.multilabel_margin_loss(x, target).data[0] - expected) < 1e-6


def test_triplet_and_embedding_losses_have_gradients():
    y = Variable(torch.DoubleTensor([1, -1, 1]))
    assert gradcheck(lambda a, b, c: F.triplet_margin_loss(a, b, c, swap=True), [draw(3, 4), draw(3, 4), draw(3, 4)])
    assert gradcheck(lambda a, b: F.cosine_embedding_loss(a, b, y, 0.1), [draw(3, 4), draw(3, 4)])
    assert gradcheck(lambda a, b: F.margin_ranking_loss(a, b, y, 0.5), [draw(3), draw(3)])


@pytest.mark.parametrize("loss", [F.smooth_l1_loss, F.kl_div, F.soft_margin_loss, F.binary_cross_entropy])
def test_targets_have_no_gradient(loss):
    with pytest.raises(RuntimeError, match="target"):
        loss(draw(3, low=0.1, high=0.9), draw(3, low=0.1, high=0.9))


def test_losses_never_broadcast():
    with pytest.raises(RuntimeError, match="number of elements"):
        F.mse_loss(draw(2, 3), draw(3, requires_grad=False))


GEOMETRY = {
    "conv1d": (lambda x, w, b: F.conv1d(x, w, b, stride=2, padding=1), (2, 2, 6), (4, 2, 3), (4,)),
    "conv2d": (lambda x, w, b: F.conv2d(x, w, b, padding=1, dilation=(1, 2)), (1, 2, 4, 5), (2, 2, 3, 2), (2,)),
    "conv2d_groups": (lambda x, w, b: F.conv2d(x, w, b, groups=2), (1, 4, 3, 3), (2, 2, 2, 2), (2,)),
    "conv3d": (lambda x, w, b: F.conv3d(x, w, b), (1, 1, 3, 3, 3), (2, 1, 2, 2, 2), (2,)),
    "conv_transpose2d": (
        lambda x, w, b: F.conv_transpose2d(x, w, b, stride=2, output_padding=1),
        (1, 2, 2, 2),
        (2, 2, 2, 2),
        (2,),
    ),
    "bilinear": (lambda x, y, w: F.bilinear(x, y, w), (3, 2), (3, 4), (2, 2, 4)),
}


@pytest.mark.parametrize("name", GEOMETRY)
def test_gradient_of_maps(name):
    function, *sizes = GEOMETRY[name]
    assert gradcheck(function, [draw(*size) for size in sizes])


RESIZING = {
    "max_pool2d": (lambda x: F.max_pool2d(x, 2), (1, 2, 4, 4)),
    "avg_pool1d": (lambda x: F.avg_pool1d(x, 3, 2, 1), (1, 2, 7)),
    "avg_pool3d": (lambda x: F.avg_pool3d(x, 2), (1, 1, 2, 4, 2)),
    "lp_pool2d": (lambda x: F.lp_pool2d(x.abs() + 0.1, 3, 2), (1, 1, 4, 4)),
    "adaptive_max_pool1d": (lambda x: F.adaptive_max_pool1d(x, 3), (1, 2, 7)),
    "adaptive_avg_pool2d": (lambda x: F.adaptive_avg_pool2d(x, (2, None)), (1, 2, 5, 3)),
    "pad_constant": (lambda x: F.pad(x, (1, -1, 2, 0), value=3), (1, 1, 3, 3)),
    "pad_reflect": (lambda x: F.pad(x, (1, 2, 2, 1), mode="reflect"), (1, 1, 3, 3)),
    "pad_replicate": (lambda x: F.pad(x, (1, 2), mode="replicate"), (1, 2, 3)),
    "nearest": (lambda x: F.upsample(x, scale_factor=2), (1, 2, 2, 3)),
    "bilinear": (lambda x: F.upsample(x, size=(3, 5), mode="bilinear"), (1, 2, 2, 3)),
    "pixel_shuffle": (lambda x: F.pixel_shuffle(x, 2), (1, 8, 2, 3)),
    "lrn": (nn.CrossMapLRN2d(3, alpha=0.5), (1, 5, 2, 2)),
}


@pytest.mark.parametrize("name", RESIZING)
def test_gradient_of_resizing(name):
    function, size = RESIZING[name]
    assert gradcheck(function, [draw(*size)])


def test_gradient_of_batch_norm_in_training():
    def normalized(x, w, b):
        return F.batch_norm(x, torch.DoubleTensor(3).zero_(), torch.DoubleTensor(3).fill_(1), w, b, training=True)

    assert gradcheck(normalized, [draw(4, 3, 2), draw(3), draw(3)])


def test_grid_sample_of_identity_is_identity():
    x = draw(2, 1, 3, 4)
    theta = Variable(torch.DoubleTensor([[[1, 0, 0], [0, 1, 0]]]).expand(2, 2, 3).contiguous())
    assert largest_difference(F.grid_sample(x, F.affine_grid(theta, x.size())), x) < 1e-12


def test_unpooling_puts_back():
    x = draw(1, 1, 4, 4)
    y, where = F.max_pool2d(x, 2, return_indices=True)
    back = F.max_unpool2d(y, where, 2, 2)
    assert largest_difference(F.max_pool2d(back.abs(), 2), y.abs()) == 0
    assert (back.data != 0).sum() == 4


def test_fractional_pooling_stays_inside():
    x = draw(2, 3, 7, 9)
    y, where = nn.FractionalMaxPool2d(2, output_size=(3, 4), return_indices=True)(x)
    assert tuple(y.size()) == (2, 3, 3, 4)
    flat = x.contiguous().view(2, 3, -1).gather(2, where.view(2, 3, -1))
    assert largest_difference(flat.view(2, 3, 3, 4), y) == 0
    assert where.grad_fn is y.grad_fn and not where.requires_grad


def test_fractional_pooling_has_two_derivatives():
    samples = torch.DoubleTensor(1, 2, 2).uniform_()
    pool = nn.FractionalMaxPool2d(2, output_size=(3, 3), _random_samples=samples)
    x = draw(1, 2, 5, 6)
    assert gradcheck(pool, (x,)) and gradgradcheck(pool, (x,))


# ---- dropout ----


def test_dropout_keeps_the_mean():
    y = F.dropout(Variable(torch.ones(20000)), 0.3, training=True)
    assert abs(y.data.mean() - 1) < 0.03


def test_feature_dropout_drops_whole_channels():
    y = F.dropout2d(Variable(torch.ones(8, 16, 3, 3)), 0.5, training=True).data.view(128, 9)
    assert ((y == y[:, :1].expand_as(y)).sum(1) == 9).all()


def test_dropout_in_eval_is_a_copy():
    x = draw(3)
    y = nn.Dropout().eval()(x)
    assert largest_difference(x, y) == 0
    assert y.data_ptr() != x.data_ptr()


# ---- recurrent networks ----

MODES = [(nn.RNN, {}), (nn.RNN, {"nonlinearity": "relu"}), (nn.LSTM, {}), (nn.GRU, {})]


def of(hidden):
    return hidden if isinstance(hidden, tuple) else (hidden,)


@pytest.mark.parametrize(("kind", "options"), MODES)
def test_cell_and_layer_agree(kind, options):
    layer = kind(3, 4, **options)
    cell = {nn.RNN: nn.RNNCell, nn.LSTM: nn.LSTMCell, nn.GRU: nn.GRUCell}[kind](3, 4, **options)
    for own, other in zip(cell.parameters(), layer.parameters(), strict=True):
        own.data.copy_(other.data)
    x = Variable(torch.randn(5, 2, 3))
    zeros = Variable(torch.zeros(2, 4))
    state = (zeros, zeros) if kind is nn.LSTM else zeros
    output, last = layer(x)
    for step in range(5):
        state = cell(x[step], state)
        assert largest_difference(of(state)[0], output[step]) < 1e-6
    for a, b in zip(of(state), of(last), strict=True):
        assert largest_difference(a, b[0]) < 1e-6


@pytest.mark.parametrize(("kind", "options"), MODES)
@pytest.mark.parametrize("bidirectional", [False, True])
def test_packed_sequences_are_the_sequences_one_by_one(kind, options, bidirectional):
    layer = kind(3, 4, num_layers=2, bidirectional=bidirectional, **options)
    x = Variable(torch.randn(5, 3, 3))
    lengths = [5, 3, 2]
    packed, last = layer(pack_padded_sequence(x, lengths))
    output, given = pad_packed_sequence(packed)
    assert given == lengths
    for i, length in enumerate(lengths):
        alone, alone_last = layer(x[:length, i : i + 1])
        assert largest_difference(output[:length, i : i + 1], alone) < 1e-6
        for a, b in zip(of(last), of(alone_last), strict=True):
            assert largest_difference(a[:, i : i + 1], b) < 1e-6


@pytest.mark.parametrize(("kind", "options"), MODES)
def test_gradient_of_recurrent_layer(kind, options):
    layer = kind(2, 3, bidirectional=True, **options).double()
    weights = list(layer.parameters())
    assert gradcheck(lambda x, *_: layer(x)[0], [draw(3, 2, 2), *weights])


@pytest.mark.parametrize(("kind", "options"), MODES)
@pytest.mark.parametrize("reverse", [False, True])
def test_second_gradient_of_packed_recurrent_layer(kind, options, reverse):
    layer = kind(2, 2, bidirectional=True, **options).double()
    column = slice(2, 4) if reverse else slice(0, 2)

    def run(x, h, c, *_):
        state = (h, c) if kind is nn.LSTM else h
        output, last = layer(pack_padded_sequence(x, [3, 1]), state)
        return output[0][:, column].sum() * of(last)[-1][int(reverse)] + 0 * c[0]

    inputs = [draw(3, 2, 2), draw(2, 2, 2), draw(2, 2, 2), layer.weight_hh_l0, layer.bias_hh_l0_reverse]
    assert gradcheck(run, inputs)
    assert gradgradcheck(run, inputs)


def test_weights_of_a_recurrent_layer_may_be_computed():
    layer = nn.LSTM(3, 4)
    raw = nn.Parameter(layer.weight_hh_l0.data.clone())
    del layer._parameters["weight_hh_l0"]
    layer.weight_hh_l0 = raw * 0.5
    layer(Variable(torch.randn(5, 2, 3)))[0].sum().backward()
    assert raw.grad.data.abs().sum() > 0


def test_wrong_input_width_of_recurrent_layer():
    with pytest.raises(RuntimeError, match="3 features, got 4"):
        nn.LSTM(3, 2)(Variable(torch.randn(2, 1, 4)))


# ---- modules ----


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.first = nn.Linear(4, 3)
        self.rest = nn.Sequential(nn.Tanh(), nn.BatchNorm1d(3), nn.Linear(3, 2))
        self.scale = nn.Parameter(torch.ones(1))

    def forward(self, x):
        return self.rest(self.first(x)) * self.scale


def test_module_learns():
    net, target = Net(), Variable(torch.randn(8, 2))
    x = Variable(torch.randn(8, 4))
    losses = []
    for _ in range(60):
        net.zero_grad()
        loss = F.mse_loss(net(x), target)
        loss.backward()
        for p in net.parameters():
            p.data -= 0.1 * p.grad.data
        losses.append(loss.data[0])
    assert losses[-1] < losses[0] / 2


def test_pickled_module_computes_the_same():
    net = Net().eval()
    x = Variable(torch.randn(3, 4))
    for other in (pickle.loads(pickle.dumps(net)), copy.deepcopy(net)):
        assert largest_difference(net(x), other(x)) == 0
        assert all(isinstance(p, nn.Parameter) for p in other.parameters())
        assert other.first.weight is not net.first.weight


def test_state_dict_names_what_load_state_dict_misses():
    state = Net().state_dict()
    del state["rest.1.running_mean"]
    with pytest.raises(KeyError, match=r"rest\.1\.running_mean"):
        Net().load_state_dict(state)
    Net().load_state_dict(state, strict=False)


def test_attributes_of_integer_children_are_not_listed():
    assert "0" not in dir(nn.Sequential(nn.ReLU()))


def test_backward_hook_can_change_the_gradient():
    layer = nn.Tanh()
    handle = layer.register_backward_hook(lambda module, grad_in, grad_out: (grad_in[0] * 0 + 3,))
    x = Variable(torch.ones(2), requires_grad=True)
    layer(x).sum().backward()
    assert x.grad.data.tolist() == [3, 3]
    handle.remove()
    x.grad = None
    layer(x).sum().backward()
    assert x.grad.data.tolist() != [3, 3]


def test_replicas_send_their_gradients_home():
    net = nn.Linear(2, 1)
    replicas = nn.parallel.replicate(net, [-1, -1])
    x = Variable(torch.randn(4, 2))
    inputs = nn.parallel.scatter((x,), [-1, -1])
    outputs = nn.parallel.parallel_apply(replicas, inputs)
    y = nn.parallel.gather(outputs, -1)
    assert largest_difference(y, net(x)) < 1e-6
    y.sum().backward()
    assert net.weight.grad is not None
    assert (net.weight.grad.data - x.data.sum(0).view(1, 2)).abs().max() < 1e-6


def test_weight_norm_is_a_reparametrization():
    x = Variable(torch.randn(3, 2, 5))
    layer = nn.Conv1d(2, 4, 3)
    before = layer(x)
    nn.utils.weight_norm(layer, dim=0)
    assert largest_difference(layer(x), before) < 1e-6
    layer(x).sum().backward()
    assert layer.weight_g.grad is not None and layer.weight_v.grad is not None
    nn.utils.remove_weight_norm(layer)
    assert largest_difference(layer(x), before) < 1e-6
    with pytest.raises(ValueError, match="not found"):
        nn.utils.remove_weight_norm(layer)


def test_clipped_gradients_have_the_norm():
    net = nn.Linear(3, 2)
    (net(Variable(torch.randn(4, 3))) ** 2).sum().backward()
    before = nn.utils.clip_grad_norm(net.parameters(), 0.5)
    after = nn.utils.clip_grad_norm(net.parameters(), 1e9)
    assert before > 0.5
    assert abs(after - 0.5) < 1e-4


@pytest.mark.parametrize("size", [(3, 5), (5, 3), (4, 2, 2)])
def test_orthogonal_matrices(size):
    w = init.orthogonal(torch.DoubleTensor(*size)).view(size[0], -1)
    gram = w.mm(w.t()) if w.size(0) <= w.size(1) else w.t().mm(w)
    assert (gram - torch.eye(gram.size(0)).double()).abs().max() < 1e-10


def test_kaiming_keeps_the_variance():
    w = init.kaiming_normal(torch.Tensor(200, 300))
    assert abs(w.std() - (2 / 300) ** 0.5) < 0.005


@pytest.mark.parametrize(
    ("build", "error", "text"),
    [
        (lambda: nn.Conv2d(3, 4, 2, groups=2), ValueError, "in_channels"),
        (lambda: nn.Embedding(3, 2, padding_idx=3), IndexError, "padding_idx 3"),
        (lambda: nn.Dropout(1.5), ValueError, "1.5"),
        (lambda: nn.RNN(2, 2, nonlinearity="sigmoid"), ValueError, "sigmoid"),
        (lambda: nn.Sequential(nn.ReLU())[1], IndexError, "1"),
        (lambda: nn.Conv1d(1, 1, 2)(Variable(torch.randn(1, 4))), ValueError, "Expected 3D"),
        (lambda: nn.BatchNorm1d(2)(Variable(torch.randn(1, 2))), ValueError, "more than 1 value"),
        (lambda: F.upsample(Variable(torch.randn(1, 1, 2, 2)), scale_factor=1.5), ValueError, "Integer"),
        (lambda: F.relu(torch.ones(2)), RuntimeError, "must be a Variable"),
    ],
)
def test_refusals_say_what_is_wrong(build, error, text):
    with pytest.raises(error, match=text):
        build()


HOOKED = {  # module: the gradients that its backward hook is shown, "-" for one that is not wanted
    nn.ReLU(): "g",
    nn.ELU(): "g",
    nn.Dropout(): "g",
    nn.Softmax(1): "g",
    nn.MaxPool2d(2): "g",
    nn.AvgPool2d(2): "g",
    nn.Upsample(scale_factor=2): "g",
    nn.PReLU(): "gg",
    nn.Conv2d(4, 2, 3): "ggg",
    nn.ConvTranspose2d(4, 2, 3): "ggg",
    nn.Conv2d(4, 2, 3, bias=False): "gg-",
    nn.BatchNorm2d(4): "ggg",
    nn.BatchNorm2d(4, affine=False): "g--",
}


@pytest.mark.parametrize("module", HOOKED, ids=str)
def test_a_backward_hook_sees_what_can_have_a_gradient(module):
    seen = []
    handle = module.register_backward_hook(lambda module, given, output: seen.append((given, output)))
    x = Variable(torch.randn(2, 4, 6, 6), requires_grad=True)
    y = module(x)
    y.sum().backward()
    handle.remove()
    [(given, output)] = seen
    assert "".join("-" if g is None else "g" for g in given) == HOOKED[module] and given[0].size() == x.size()
    assert [g.size() for g in output] == [y.size()]


def test_a_backward_hook_replaces_what_it_saw():
    """As guided backpropagation does."""
    relu = nn.ReLU()
    relu.register_backward_hook(lambda module, given, output: (given[0].clamp(min=0),))
    x = Variable(torch.ones(3), requires_grad=True)
    relu(x).backward(torch.Tensor([1, -1, 2]))
    assert x.grad.data.tolist() == [1, 0, 2]
    norm = nn.BatchNorm1d(2)
    norm.register_backward_hook(lambda module, given, output: given[:2])
    with pytest.raises(
        RuntimeError, match=r"'<lambda>' has returned an incorrect number of values \(got 2, but expected 3\)"
    ):
        norm(Variable(torch.randn(3, 2))).sum().backward()


def test_lengths_may_be_an_array():
    packed = pack_padded_sequence(Variable(torch.randn(5, 3, 4)), numpy.array([5, 4, 2]))
    assert [type(size) for size in packed.batch_sizes] == [int] * 5
    assert nn.LSTM(4, 3)(packed)[0].data.size() == (11, 3)


def test_cells_of_programs():
    class Cell(nn.modules.rnn.RNNCellBase):
        def __init__(self):
            super().__init__()
            self.input_size, self.hidden_size = 2, 3

    cell = Cell()
    assert repr(cell) == "Cell(2, 3)" and list(cell.parameters()) == []
    with pytest.raises(RuntimeError, match="got 3, expected 2"):
        cell.check_forward_input(Variable(torch.ones(1, 3)))


def test_checks_of_a_network_s_arguments():
    net, x, h = nn.GRU(2, 3), Variable(torch.ones(4, 5, 2)), Variable(torch.ones(1, 5, 3))
    net.check_forward_args(x, h, None)
    with pytest.raises(RuntimeError, match=r"Expected hidden size \(1, 5, 3\)"):
        net.check_forward_args(x, h[:, :4], None)


def test_a_tensor_padded_is_a_variable():
    assert isinstance(F.pad(torch.ones(1, 1, 2, 2), (1, 1)), Variable)


def test_functions_that_modules_call_by_their_backend():
    """As AWD-LSTM does for a dropout of whole words."""
    embed, words = nn.Embedding(5, 3, padding_idx=2), Variable(torch.LongTensor([[1, 2], [4, 1]]))
    options = embed.padding_idx, embed.max_norm, embed.norm_type, embed.scale_grad_by_freq, embed.sparse
    found = embed._backend.Embedding.apply(words, embed.weight * 2, *options)
    assert torch.equal(found.data, embed(words).data * 2)
    cell, x, state = nn.LSTMCell(3, 2), Variable(torch.randn(4, 3)), [Variable(torch.randn(4, 2)) for _ in "hc"]
    wanted = cell(x, tuple(state))
    given = cell._backend.LSTMCell(x, state, cell.weight_ih, cell.weight_hh, cell.bias_ih, cell.bias_hh)
    assert all(torch.equal(a.data, b.data) for a, b in zip(given, wanted, strict=True))
    with pytest.raises(NotImplementedError, match="no_such"):
        cell._backend.no_such()
