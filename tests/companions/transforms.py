"""Every transform of torchvision 0.2.0, on images and on tensors."""

import random
import warnings

import numpy as np
import torch
from PIL import Image
from torchvision import transforms
from torchvision.transforms import functional as F
from torchvision.utils import make_grid, save_image

pixels = np.random.RandomState(0).randint(0, 256, (12, 16, 3)).astype(np.uint8)
image = Image.fromarray(pixels)
tensor = transforms.ToTensor()(image)


def same(picture, array):
    return np.array_equal(np.asarray(picture), array)


# between images, arrays and tensors
assert tensor.size() == (3, 12, 16) and isinstance(tensor, torch.FloatTensor)
assert np.array_equal(tensor.numpy(), (pixels / np.float32(255)).transpose(2, 0, 1))
assert torch.equal(transforms.ToTensor()(pixels), tensor)
assert same(transforms.ToPILImage()(tensor), (tensor.numpy() * 255).astype(np.uint8).transpose(1, 2, 0))
for mode, kind in [("L", torch.FloatTensor), ("I", torch.IntTensor), ("I;16", torch.ShortTensor)]:
    made = transforms.ToTensor()(image.convert("I").convert(mode) if mode == "I;16" else image.convert(mode))
    assert made.size() == (1, 12, 16) and isinstance(made, kind), mode
for array in pixels[:, :, :1], pixels[:, :, :1].astype(np.int32), pixels[:, :, :1].astype(np.float32):
    assert same(transforms.ToPILImage()(array), array[:, :, 0])
shifted = transforms.Normalize((0.5, 0.4, 0.3), (0.1, 0.2, 0.3))(tensor.clone())
assert np.allclose(shifted[1].numpy(), (tensor[1].numpy() - 0.4) / 0.2, atol=1e-6)
whitened = transforms.LinearTransformation(torch.eye(3 * 12 * 16) * 2)(tensor)
assert torch.equal(whitened, tensor * 2)

# sizes
assert transforms.Resize(6)(image).size == (8, 6)
assert transforms.Resize((5, 7), interpolation=Image.ANTIALIAS)(image).size == (7, 5)
assert same(transforms.CenterCrop((4, 6))(image), pixels[4:8, 5:11])
framed = np.pad(pixels, ((2, 2), (2, 2), (0, 0)), "constant", constant_values=7)
assert same(transforms.Pad(2, fill=(7, 7, 7))(image), framed)
assert transforms.Pad((1, 2, 3, 4))(image).size == (20, 18)
assert [crop.size for crop in transforms.FiveCrop(6)(image)] == [(6, 6)] * 5
assert len(transforms.TenCrop((4, 4), vertical_flip=True)(image)) == 10
with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    assert transforms.Scale(6)(image).size == (8, 6)
    assert transforms.RandomSizedCrop(8)(image).size == (8, 8)

# flips, rotations, colours
assert same(F.hflip(image), pixels[:, ::-1]) and same(F.vflip(image), pixels[::-1])
assert same(F.rotate(image, 180), pixels[::-1, ::-1])
assert same(F.adjust_brightness(image, 0.0), pixels * 0) and same(F.adjust_contrast(image, 1.0), pixels)
for change in F.adjust_saturation, F.adjust_hue, F.adjust_gamma:
    assert change(image, 0.3).size == image.size
assert same(F.adjust_gamma(image, 1), pixels)
red = Image.new("RGB", (1, 1), (255, 0, 0))
assert [np.argmax(F.adjust_hue(red, turn).getpixel((0, 0))) for turn in (1 / 3.0, -1 / 3.0)] == [1, 2]
assert transforms.Grayscale(3)(image).mode == "RGB" and transforms.Grayscale()(image).mode == "L"

# at random
random.seed(0)
chosen = transforms.Compose(
    [
        transforms.RandomCrop(10, padding=1),
        transforms.RandomHorizontalFlip(),
        transforms.RandomVerticalFlip(),
        transforms.RandomResizedCrop(8),
        transforms.ColorJitter(0.4, 0.4, 0.4, 0.2),
        transforms.RandomRotation(20),
        transforms.RandomGrayscale(0.5),
        transforms.Lambda(lambda x: x),
        transforms.ToTensor(),
    ]
)
many = torch.stack([chosen(image) for _ in range(20)])
assert many.size() == (20, 3, 8, 8) and many.min() >= 0 and many.max() <= 1
assert len({round(one.sum(), 4) for one in many}) > 15

# images in a row
grid = make_grid(many, nrow=5, padding=2, normalize=True)
assert grid.size() == (3, 4 * 10 + 2, 5 * 10 + 2)
save_image(many, "grid.png", nrow=5)
assert Image.open("grid.png").size == (52, 42)
print("done")
