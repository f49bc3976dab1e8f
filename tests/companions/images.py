"""MNIST, CIFAR, ImageFolder, FakeData and more, read from files that are made here, by a DataLoader with workers."""

import gzip
import hashlib
import os
import pickle
import struct

import numpy as np
import torch
from PIL import Image
from scipy.io import savemat
from torch.utils.data import DataLoader
from torchvision import datasets, transforms

draws = np.random.RandomState(0)


def write(path, data):
    folder = os.path.dirname(path)
    if not os.path.isdir(folder):
        os.makedirs(folder)
    with open(path, "wb") as f:
        f.write(data)
    return hashlib.md5(data).hexdigest()


def batches(dataset, **options):
    return list(DataLoader(dataset, batch_size=4, num_workers=2, **options))


# MNIST: downloaded, here from files, turned into tensors, saved, and loaded
digits = {}
for part, count in ("train", 10), ("t10k", 6):
    digits[part] = draws.randint(0, 256, (count, 28, 28)).astype(np.uint8), draws.randint(0, 10, count).astype(np.uint8)
    shown, labels = digits[part]
    head = struct.pack(">IIII", 2051, count, 28, 28), struct.pack(">II", 2049, count)
    write("served/%s-images-idx3-ubyte.gz" % part, gzip.compress(head[0] + shown.tobytes()))
    write("served/%s-labels-idx1-ubyte.gz" % part, gzip.compress(head[1] + labels.tobytes()))
for cls in datasets.MNIST, datasets.FashionMNIST:
    cls.urls = ["file://%s/served/%s" % (os.getcwd(), url.rpartition("/")[2]) for url in cls.urls]
    for train, part in (True, "train"), (False, "t10k"):
        dataset = cls(cls.__name__, train=train, transform=transforms.ToTensor(), download=True)
        shown = torch.cat([x for x, _ in batches(dataset)]).numpy()
        assert np.array_equal(shown[:, 0], digits[part][0] / np.float32(255))
        assert [int(y) for _, ys in batches(dataset) for y in ys] == digits[part][1].tolist()

# CIFAR: pickles of Python 2
for cls, key in (datasets.CIFAR10, "labels"), (datasets.CIFAR100, "fine_labels"):
    for entry in cls.test_list:
        content = {"data": draws.bytes(3072 * 10000), key: [7] * 10000}
        content["data"] = np.frombuffer(content["data"], np.uint8).reshape(10000, 3072)
        entry[1] = write(os.path.join("cifar", cls.base_folder, entry[0]), pickle.dumps(content, 2))
    cls.train_list = []  # checked, but not read for the test images
    dataset = cls("cifar", train=False, transform=transforms.ToTensor())
    assert len(dataset) == 10000 and dataset[3][1] == 7
    assert np.array_equal(dataset[3][0].numpy() * np.float32(255), content["data"][3].reshape(3, 32, 32))

# a folder for each class
for name, colour in ("cat", 10), ("dog", 200):
    os.makedirs("folder/" + name)
    for i in range(5):
        Image.new("RGB", (20 + i, 30), (colour, colour + i, 0)).save("folder/%s/%d.png" % (name, i))
dataset = datasets.ImageFolder("folder", transforms.Compose([transforms.Resize((8, 8)), transforms.ToTensor()]))
assert dataset.classes == ["cat", "dog"] and len(dataset) == 10
loaded = batches(dataset)
assert torch.cat([y for _, y in loaded]).tolist() == [0] * 5 + [1] * 5
assert torch.cat([x for x, _ in loaded])[7, :, 4, 4].mul(255).round().tolist() == [200, 202, 0]

# images that are drawn
dataset = datasets.FakeData(9, (3, 8, 8), 4, transforms.ToTensor())
before = torch.get_rng_state()
first, again = batches(dataset), batches(dataset, pin_memory=True)
assert all(torch.equal(x, z) and torch.equal(y, w) for (x, y), (z, w) in zip(first, again, strict=True))
assert [len(y) for _, y in first] == [4, 4, 1] and all(y.min() >= 0 and y.max() < 4 for _, y in first)

# 1593 lines of 256 bits and of the ten classes
bits, hot = draws.randint(0, 2, (1593, 256)), np.eye(10, dtype=int)[draws.randint(0, 10, 1593)]
lines = "".join(" ".join(map(str, row)) + "\n" for row in np.concatenate([bits, hot], 1).tolist())
datasets.SEMEION.md5_checksum = write("semeion/semeion.data", lines.encode())
picture, label = datasets.SEMEION("semeion", transform=transforms.ToTensor())[5]
assert np.array_equal(picture[0].numpy().reshape(-1), bits[5]) and hot[5, int(label)] == 1

# STL10: bytes, column by column
labels, shown = draws.randint(1, 11, 6).astype(np.uint8), draws.randint(0, 256, (6, 3, 96, 96)).astype(np.uint8)
for files in datasets.STL10.train_list, datasets.STL10.test_list:
    for entry in files:
        data = labels if "_y" in entry[0] else shown
        entry[1] = write(os.path.join("stl", datasets.STL10.base_folder, entry[0]), data.tobytes())
picture, label = datasets.STL10("stl", split="test", transform=transforms.ToTensor())[5]
assert np.array_equal(picture.numpy() * np.float32(255), shown[5].transpose(0, 2, 1)) and label == labels[5] - 1

# SVHN: files of Matlab
shown, labels = draws.randint(0, 256, (32, 32, 3, 7)).astype(np.uint8), np.array([[10, 1, 2, 3, 4, 5, 6]], np.uint8).T
savemat("test_32x32.mat", {"X": shown, "y": labels})
with open("test_32x32.mat", "rb") as f:
    md5 = hashlib.md5(f.read()).hexdigest()
datasets.SVHN.split_list["test"][2] = md5
dataset = datasets.SVHN(".", split="test", transform=transforms.ToTensor())
assert np.array_equal(dataset[2][0].numpy() * 255, shown[:, :, :, 2].transpose(2, 0, 1)) and dataset[0][1] in (0, 10)
print("done")
