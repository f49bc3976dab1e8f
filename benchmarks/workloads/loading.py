"""Batches of a TensorDataset, and of images that worker processes decode (which needs Pillow)."""

import atexit
import io
import os
import shutil
import tempfile


def workloads(torch):
    data = torch.utils.data
    dataset = data.TensorDataset(torch.randn(16000, 1000), torch.randn(16000, 10))
    pictures = []

    def load(**options):
        for _ in data.DataLoader(dataset, batch_size=64, **options):
            pass

    def decode():
        if not pictures:
            pictures.append(Pictures(torch))
        for _ in data.DataLoader(pictures[0], batch_size=32, shuffle=True, num_workers=2):
            pass

    return {
        "16000 x 1000 by 64": load,
        "16000 x 1000 by 64, shuffled": lambda: load(shuffle=True),
        "1000 JPEG images by 32, 2 workers": decode,
    }


class Pictures:
    """Photographs of 160 x 120, as near as noise on a gradient comes, each in a file: tensors of 3 x 96 x 96."""

    def __init__(self, torch, count=1000):
        import numpy
        from PIL import Image

        self.torch, self.numpy, self.image = torch, numpy, Image
        self.folder = tempfile.mkdtemp()
        atexit.register(shutil.rmtree, self.folder)
        draws = numpy.random.RandomState(0)
        slope = numpy.linspace(0, 200, 160)[None, :, None] + numpy.zeros((120, 1, 3))
        self.files = []
        for i in range(count):
            noisy = (slope + draws.randint(0, 56, (120, 160, 3))).astype(numpy.uint8)
            encoded = io.BytesIO()
            Image.fromarray(noisy).save(encoded, "JPEG", quality=90)
            self.files.append(os.path.join(self.folder, f"{i}.jpg"))
            with open(self.files[-1], "wb") as f:
                f.write(encoded.getvalue())

    def __len__(self):
        return len(self.files)

    def __getitem__(self, index):
        left, top = index % 64, index % 24
        with self.image.open(self.files[index]) as picture:
            pixels = self.numpy.asarray(picture.convert("RGB").crop((left, top, left + 96, top + 96)))
        planes = self.torch.from_numpy(self.numpy.ascontiguousarray(pixels.transpose(2, 0, 1)))
        return planes.float().div(255), index % 10
