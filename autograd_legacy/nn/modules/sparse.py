"""Embeddings: rows of a trained table, found by number."""

from __future__ import annotations

from ...autograd import Variable
from .. import functional as F
from .._functions.sparse import lookup
from .._tensors import new_tensor
from ..parameter import Parameter
from .module import Module


class Embedding(Module):
    """A table of num_embeddings rows of embedding_dim numbers: N or N x L indices give N x D or N x L x D.

    weight starts normal(0, 1); the row padding_idx starts at 0 and gets no gradient. For the other arguments see
    nn.functional.embedding. IndexError for a padding_idx outside the table.
    """

    def __init__(
        self,
        num_embeddings: int,
        embedding_dim: int,
        padding_idx: int | None = None,
        max_norm: float | None = None,
        norm_type: float = 2,
        scale_grad_by_freq: bool = False,
        sparse: bool = False,
    ):
        super().__init__()
        if padding_idx is not None and not -num_embeddings <= padding_idx < num_embeddings:
            raise IndexError(f"padding_idx {padding_idx} is out of range for {num_embeddings} embeddings")
        self.num_embeddings = num_embeddings
        self.embedding_dim = embedding_dim
        self.padding_idx = padding_idx
        self.max_norm = max_norm
        self.norm_type = norm_type
        self.scale_grad_by_freq = scale_grad_by_freq
        self.sparse = sparse
        self.weight = Parameter(new_tensor(num_embeddings, embedding_dim))
        self.reset_parameters()

    def reset_parameters(self) -> None:
        """Draw the initial values anew."""
        self.weight.data.normal_(0, 1)
        if self.padding_idx is not None:
            self.weight.data[self.padding_idx].fill_(0)

    def forward(self, input: Variable) -> Variable:
        return lookup(
            input,
            self.weight,
            self.padding_idx,
            self.max_norm,
            self.norm_type,
            self.scale_grad_by_freq,
            self.sparse,
        )

    def __repr__(self) -> str:
        text = f"{self.num_embeddings}, {self.embedding_dim}"
        for name, default in (("padding_idx", None), ("max_norm", None), ("norm_type", 2)):
            if getattr(self, name) != default:
                text += f", {name}={getattr(self, name)}"
        for name in ("scale_grad_by_freq", "sparse"):
            if getattr(self, name):
                text += f", {name}=True"
        return f"{type(self).__name__}({text})"


class EmbeddingBag(Module):
    """The sums or means of rows of a trained table. See nn.functional.embedding_bag; weight starts normal(0, 1)."""

    def __init__(
        self,
        num_embeddings: int,
        embedding_dim: int,
        max_norm: float | None = None,
        norm_type: float = 2,
        scale_grad_by_freq: bool = False,
        mode: str = "mean",
    ):
        super().__init__()
        self.num_embeddings = num_embeddings
        self.embedding_dim = embedding_dim
        self.max_norm = max_norm
        self.norm_type = norm_type
        self.scale_grad_by_freq = scale_grad_by_freq
        self.mode = mode
        self.weight = Parameter(new_tensor(num_embeddings, embedding_dim))
        self.reset_parameters()

    def reset_parameters(self) -> None:
        """Draw the initial values anew."""
        self.weight.data.normal_(0, 1)

    def forward(self, input: Variable, offsets: Variable | None = None) -> Variable:
        return F.embedding_bag(
            self.weight, input, offsets, self.max_norm, self.norm_type, self.scale_grad_by_freq, self.mode
        )

    def __repr__(self) -> str:
        text = f"{self.num_embeddings}, {self.embedding_dim}"
        if self.max_norm is not None:
            text += f", max_norm={self.max_norm}"
        if self.norm_type != 2:
            text += f", norm_type={self.norm_type}"
        return f"{type(self).__name__}({text}, mode={self.mode})"
