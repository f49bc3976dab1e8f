"""Rows of a table: `Embedding.apply(indices, table, padding_idx, max_norm, norm_type, scale_grad_by_freq, sparse)`."""

from .. import sparse
from ..applied import applied

Embedding, EmbeddingBag = applied("Embedding", sparse.lookup), applied("EmbeddingBag", sparse.embedding_bag)
