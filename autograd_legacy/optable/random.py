"""Random numbers: the streams of 0.3.1's generator. u is the next unit, a number in [0, 1) of 53 random bits."""

from .row import ALL, FLOATING, TENSOR, TORCH, VARIABLE, Kernel

GENERATOR = "*, object generator=None"


def law(name, parameters, doc, dtypes=FLOATING, **others):
    """A law to fill a tensor from; `parameters` as calls spell them, "name=default" each."""
    operands = "".join(f", {parameter.split()[-1].partition('=')[0]}" for parameter in parameters)
    others = {"where": (TENSOR,)} | others
    return Kernel(
        signature=f"{name}(x{operands}, generator)",
        impl=f"random.{name}",
        doc=doc,
        calls=(f"{name}({', '.join(('self', *parameters))}, {GENERATOR})",),
        dtypes=dtypes,
        **others,
    )


ROWS = (
    law(
        "uniform_",
        ("real from=0", "real to=1"),
        "Fills with u * (to - from) + from; floats take u from 24 bits of one word.",
    ),
    law(
        "normal_",
        ("real mean=0", "real std=1"),
        "Fills with normals: from units x, y sqrt(-2 log(1 - y)) cos(2 pi x) std + mean, then the same with sin.",
    ),
    law("exponential_", ("real lambd=1",), "Fills with -1 / lambd * log(1 - u)."),
    law("cauchy_", ("real median=0", "real sigma=1"), "Fills with median + sigma * tan(pi * (u - 1/2))."),
    law(
        "log_normal_",
        ("real mean=1", "real std=2"),
        "Fills with exp(n), the n being the numbers of normal_(mean, std).",
        where=(TENSOR, VARIABLE),
    ),
    law(
        "geometric_",
        ("real p",),
        "Fills with int(log(1 - u) / log(p)) + 1: how many trials it takes where p, in (0, 1), is the chance to go on.",
        dtypes=ALL,
        where=(TENSOR, VARIABLE),
    ),
    Kernel(
        signature="bernoulli_(x, p, generator)",
        impl="random.bernoulli_",
        doc="Fills with 1 where u <= p, else 0; p is a number or has an element for each of x.",
        calls=(
            f"bernoulli_(self, real p=0.5, {GENERATOR})",
            f"bernoulli_(self, FloatTensor p, {GENERATOR})",
            f"bernoulli_(self, DoubleTensor p, {GENERATOR})",
        ),
        where=(TENSOR,),
    ),
    Kernel(
        signature="bernoulli(x, generator)",
        impl="random.bernoulli",
        doc="1 where u <= x, else 0: x holds the chances.",
        calls=(f"bernoulli(self, {GENERATOR})",),
        dtypes=FLOATING,
        grads=dict(x="zeros_like(grad)"),
        constant="out",
        leaves_node=True,
    ),
    Kernel(
        signature="random_(x, generator)",
        impl="random.random_",
        doc="Fills with whole numbers, evenly from all that the type can tell apart; none is negative.",
        calls=(f"random_(self, {GENERATOR})",),
        where=(TENSOR,),
    ),
    Kernel(
        signature="random_below_(x, high, generator)",
        impl="random.random_below_",
        doc="Fills with whole numbers in [0, to).",
        calls=(f"random_(self, int to, {GENERATOR})",),
        where=(TENSOR,),
    ),
    Kernel(
        signature="random_between_(x, low, high, generator)",
        impl="random.random_between_",
        doc="Fills with whole numbers in [from, to).",
        calls=(f"random_(self, int from, int to, {GENERATOR})",),
        where=(TENSOR,),
    ),
    Kernel(
        signature="normal(means, std, generator)",
        impl="random.normal",
        doc="Normals with these means and standard deviations, tensors of equal count; one of them may be a number.",
        calls=(
            f"normal(Tensor means, Tensor std, {GENERATOR})",
            f"normal(Tensor means, real std=1, {GENERATOR})",
            f"normal(real mean=0, Tensor std, {GENERATOR})",
        ),
        dtypes=FLOATING,
        where=(TORCH, VARIABLE),
        constant="out",
        grads=dict(means="zeros_like(grad)", std="zeros_like(grad)"),
        leaves_node=True,
    ),
    Kernel(
        signature="multinomial(x, num_samples, replacement, generator)",
        node="CategoricalBackward",
        impl="random.multinomial",
        doc="Indices drawn with chances in proportion to the weights x, from each row where x has rows.",
        calls=(
            f"multinomial(self, int num_samples, bool replacement=False, {GENERATOR})",
            f"variable: multinomial(self, int num_samples=1, bool replacement=False, {GENERATOR})",
        ),
        dtypes=FLOATING,
        constant="out",
        leaves_node=True,
    ),
    Kernel(
        signature="rand(size, generator)",
        impl="random.rand",
        doc="A tensor of the default type or of out's, filled by uniform_(0, 1).",
        calls=(f"rand(ints ..., {GENERATOR})",),
        dtypes=FLOATING,
        where=(TORCH,),
    ),
    Kernel(
        signature="randn(size, generator)",
        impl="random.randn",
        doc="A tensor of the default type or of out's, filled by normal_(0, 1).",
        calls=(f"randn(ints ..., {GENERATOR})",),
        dtypes=FLOATING,
        where=(TORCH,),
    ),
    Kernel(
        signature="randperm(n, generator)",
        impl="random.randperm",
        doc="0 ... n - 1 in random order, as a LongTensor or of out's type.",
        calls=(f"randperm(int n, {GENERATOR})",),
        where=(TORCH,),
    ),
)
