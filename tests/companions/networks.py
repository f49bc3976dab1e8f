"""A training step of every network in torchvision.models 0.2.0."""

import torch
import torch.nn.functional as F
from torch.autograd import Variable
from torchvision import models

names = sorted(name for name, made in vars(models).items() if name.islower() and callable(made))
assert len(names) == 21, names
torch.manual_seed(0)
for name in names:
    count, size = (2, 299) if name == "inception_v3" else (1, 224)  # two: it normalizes images of a single pixel
    model = getattr(models, name)(num_classes=5)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.01)
    outputs = model(Variable(torch.randn(count, 3, size, size)))
    outputs = outputs if isinstance(outputs, tuple) else (outputs,)
    assert all(output.size() == (count, 5) for output in outputs)
    target = Variable(torch.LongTensor(count).random_(0, 5))
    loss = sum(F.cross_entropy(output, target) for output in outputs)
    loss.backward()
    steps = [(param, param.data.view(-1)[0] - 0.01 * param.grad.data.view(-1)[0]) for param in model.parameters()]
    reached = sum(param.grad.data.abs().max() > 0 for param in model.parameters())
    assert reached > 0.9 * len(steps), (name, reached)
    optimizer.step()
    assert all(abs(param.data.view(-1)[0] - wanted) < 1e-6 for param, wanted in steps), name
    print("%s %.3f" % (name, loss.data[0]))

# what a network knows is in its state
one, other = models.resnet18(num_classes=5), models.resnet18(num_classes=5)
torch.save(one.state_dict(), "resnet.pth")
other.load_state_dict(torch.load("resnet.pth"))
image = Variable(torch.randn(1, 3, 224, 224), volatile=True)
assert torch.equal(one.eval()(image).data, other.eval()(image).data)
print("done")
