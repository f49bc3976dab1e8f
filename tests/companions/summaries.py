"""tensorboardX 1.0: what a SummaryWriter is given stands in its file."""

import glob
import io
import json
import struct

import numpy as np
import torch
import torch.nn as nn
from PIL import Image
from tensorboardX import SummaryWriter
from tensorboardX.src.event_pb2 import Event
from torch.autograd import Variable

torch.manual_seed(0)
writer = SummaryWriter("logs")
for step in range(3):
    writer.add_scalar("loss/tensor", torch.FloatTensor([step * 2]), step)
    writer.add_scalar("loss/variable", Variable(torch.FloatTensor([step * 3])), step)
    writer.add_scalar("loss/number", step * 4.0, step)
    writer.add_scalars("several", {"a": step, "b": Variable(torch.ones(1))}, step)
model = nn.Linear(5, 4)
for name, param in model.named_parameters():
    writer.add_histogram(name, param, 0)
    writer.add_histogram(name + "/array", param.clone().cpu().data.numpy(), 0, bins="auto")
pictures = torch.rand(2, 3, 4, 6)
writer.add_image("pictures", pictures, 0)
writer.add_image("picture", Variable(pictures[0]), 0)
writer.add_audio("sound", torch.sin(torch.arange(0, 100)), 0)
writer.add_text("note", "It says so.", 0)
writer.add_pr_curve("curve", np.array([0, 1, 1, 0, 1]), np.array([0.1, 0.9, 0.4, 0.6, 0.7]), 0)
writer.add_embedding(torch.rand(4, 5), metadata=list("abcd"), label_img=torch.rand(4, 3, 8, 8), global_step=1)
writer.add_graph(model, Variable(torch.ones(2, 5)))  # says that 0.3 goes by ONNX
writer.export_scalars_to_json("scalars.json")
writer.close()


def events(path):
    with open(path, "rb") as f:
        data = f.read()
    while data:
        (length,) = struct.unpack("<Q", data[:8])
        yield Event.FromString(data[12 : 12 + length])
        data = data[16 + length :]


values = {}
for path in glob.glob("logs/events*"):
    for event in events(path):
        for value in event.summary.value:
            values.setdefault(value.tag, []).append(value)
assert [value.simple_value for value in values["loss/tensor"]] == [0, 2, 4]
assert [value.simple_value for value in values["loss/variable"]] == [0, 3, 6]
assert [value.simple_value for value in values["loss/number"]] == [0, 4, 8]
for name, param in model.named_parameters():
    for tag in name, name + "/array":
        histogram = values[tag][0].histo
        assert histogram.num == param.numel() and abs(histogram.sum - param.data.sum()) < 1e-5
shown = np.asarray(Image.open(io.BytesIO(values["picture"][0].image.encoded_image_string)))
assert np.array_equal(shown, (pictures[0].numpy() * 255).astype(np.uint8).transpose(1, 2, 0))
assert Image.open(io.BytesIO(values["pictures"][0].image.encoded_image_string)).size == (12, 4)
assert values["sound"][0].audio.length_frames == 100 and "curve" in values
with open("scalars.json") as f:
    assert [point[1:] for point in json.load(f)["loss/variable"]] == [[0, 0.0], [1, 3.0], [2, 6.0]]
with open(glob.glob("logs/*/tensors.tsv")[0]) as f:
    assert len(f.readlines()) == 4
print("done")
