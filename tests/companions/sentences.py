"""torchtext 0.2.3: fields, vocabularies with vectors, iterators that sort by length, a classifier, a language model."""

import io

import torch
import torch.nn as nn
import torch.nn.functional as F
from torch.autograd import Variable
from torch.nn.utils.rnn import pack_padded_sequence
from torchtext import data, datasets, vocab

SENTENCES = [
    ("a good film", "pos"),
    ("what a good and merry tale it tells", "pos"),
    ("dull", "neg"),
    ("a dull and sorry thing", "neg"),
    ("good", "pos"),
    ("not one good minute so dull it is", "neg"),
]
with io.open("train.tsv", "w") as f:
    f.writelines("%s\t%s\n" % pair for pair in SENTENCES)
with io.open("vectors.txt", "w") as f:
    f.writelines("%s %f %f %f\n" % (word, i, 2 * i, -i) for i, word in enumerate(["good", "dull", "tale"], 1))

# fields and vocabulary
TEXT = data.Field(lower=True, include_lengths=True)
LABEL = data.LabelField()
(train,) = data.TabularDataset.splits(
    path=".", train="train.tsv", format="tsv", fields=[("text", TEXT), ("label", LABEL)]
)
TEXT.build_vocab(train, vectors=vocab.Vectors("vectors.txt", cache="."))
LABEL.build_vocab(train)
words = TEXT.vocab
assert words.itos[:2] == ["<unk>", "<pad>"] and words.stoi["no such word"] == 0 and len(words) == 19
assert words.freqs["good"] == 4 and set(words.itos[2:5]) == {"a", "dull", "good"}
assert words.vectors[words.stoi["dull"]].tolist() == [2, 4, -2] and words.vectors[words.stoi["a"]].sum() == 0
again = vocab.Vectors("vectors.txt", cache=".")  # from the file that the first one saved
assert again.vectors.tolist() == [[1, 2, -1], [2, 4, -2], [3, 6, -3]]

# batches of like lengths, on packed sequences
torch.manual_seed(0)
iterator = data.BucketIterator(
    train, batch_size=3, sort_key=lambda x: len(x.text), sort_within_batch=True, repeat=False, device=-1
)


class Classifier(nn.Module):
    def __init__(self):
        super(Classifier, self).__init__()
        self.embed = nn.Embedding(len(words), 3, padding_idx=1)
        self.embed.weight.data.copy_(words.vectors)
        self.lstm = nn.LSTM(3, 8, bidirectional=True)
        self.out = nn.Linear(16, 2)

    def forward(self, text, lengths):
        packed = pack_padded_sequence(self.embed(text), lengths.tolist())
        h, _ = self.lstm(packed)[1]
        return self.out(torch.cat([h[0], h[1]], 1))


model = Classifier()
optimizer = torch.optim.Adam(model.parameters(), lr=0.03)
for epoch in range(40):
    for batch in iterator:
        text, lengths = batch.text
        assert lengths.tolist() == sorted(lengths.tolist(), reverse=True) and text.size() == (lengths[0], 3)
        loss = F.cross_entropy(model(text, lengths), batch.label)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
right = 0
for batch in data.Iterator(train, batch_size=2, train=False, sort_key=lambda x: len(x.text), device=-1):
    assert batch.text[0].volatile and "Variable containing" not in str(batch)
    right += (model(*batch.text).max(1)[1] == batch.label).sum().data[0]
assert right == len(SENTENCES), right

# a text as one long column of words
with io.open("words.txt", "w") as f:
    f.write("\n".join(" ".join("w%d" % ((i * i + j) % 7) for i in range(10)) for j in range(10)))
WORD = data.Field(batch_first=False)
language = datasets.LanguageModelingDataset("words.txt", WORD)
WORD.build_vocab(language)
for i, batch in enumerate(data.BPTTIterator(language, batch_size=4, bptt_len=7, repeat=False, device=-1)):
    assert batch.text.size() == batch.target.size() and batch.text.size(1) == 4
    assert torch.equal(batch.text.data[1:], batch.target.data[:-1])
assert i == 3

# numbers as they are, and words made of letters
NUMBER = data.Field(sequential=False, use_vocab=False, tensor_type=torch.FloatTensor)
NESTED = data.NestedField(data.Field(tokenize=list, init_token="<w>", eos_token="</w>"))
fields = [("number", NUMBER), ("letters", NESTED)]
both = data.Dataset([data.Example.fromlist(["1.5", "ab c"], fields), data.Example.fromlist([2, "d"], fields)], fields)
NESTED.build_vocab(both)
batch = next(iter(data.Iterator(both, batch_size=2, sort=False, shuffle=False, device=-1)))
assert isinstance(batch.number, Variable) and batch.number.data.tolist() == [1.5, 2]
assert batch.letters.size() == (2, 2, 4)
print("done")
