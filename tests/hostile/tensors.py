"""Sizes, storages, views, subscripts, NumPy and conversions."""

REFUSED = r"""
t = torch.ones(1000); t.apply_(lambda value: (t.resize_(1), 5)[1])
big = torch.ones(1000, 1000); big[999, Index(0, lambda: big.set_())] = 5
big = torch.ones(1000, 1000); big[999, 0:Index(5, lambda: big.set_(torch.FloatStorage(1)))]
x[[0, Index(1, lambda: x.set_())]]
x[[[0], [Index(1, lambda: x.set_())]]]
x[[0, Index(1, lambda: x.set_())]] = 5
torch.FloatTensor(HUGE, HUGE)
torch.FloatTensor(2**61)
torch.DoubleTensor(2**60, 16)
torch.ByteTensor(2**63 - 1)
torch.ByteTensor(2**64)
torch.LongTensor(2**32, 2**32)
torch.FloatTensor(*[2] * 70)
torch.FloatTensor(*[1] * 65)
torch.FloatTensor(torch.Size([2] * 63))
torch.FloatTensor("abc", 2)
torch.FloatTensor("3")
torch.FloatTensor(b"")[0]
torch.FloatTensor(None)
torch.FloatTensor(2.0)
torch.FloatTensor(2, 3.0)
torch.FloatTensor(True, False)
torch.FloatTensor(1j)
torch.FloatTensor({1: 2})
torch.FloatTensor({1, 2})
torch.FloatTensor(print)
torch.FloatTensor(torch)
torch.FloatTensor(x, x)
torch.FloatTensor(size=(2, 3))
torch.FloatTensor([[1, 2], [3]])
torch.FloatTensor([[1, 2], 3])
torch.FloatTensor([1, [2, 3]])
torch.FloatTensor([[]])
torch.FloatTensor([[], [1]])
torch.FloatTensor(endless())
torch.FloatTensor(deep(100))
torch.FloatTensor(deep(10000))
torch.FloatTensor([1, "a"])
torch.FloatTensor([1, None])
torch.FloatTensor([1, 1j])
torch.FloatTensor([10**400])
torch.LongTensor([1, 2.5])
torch.LongTensor([nan])
torch.ByteTensor([[1, 2], [3, inf]])
torch.FloatTensor(Raising())
torch.FloatTensor(Lying(5, [1, 2]))
torch.FloatTensor(Lying(2**61, [1.0]))
torch.FloatTensor(Lying(-1, [1.0]))
torch.FloatTensor(x.double())
torch.FloatTensor(torch.DoubleStorage(3))
torch.FloatTensor(v)
torch.Tensor(HUGE, HUGE)
torch.HalfTensor(2**62)
torch.Size([1, 2.0])
torch.Size(["a"])
torch.Size(None)
torch.Size(5)
torch.FloatStorage(-1)
torch.FloatStorage(HUGE)
torch.DoubleStorage(2**61)
torch.DoubleStorage(2**64)
torch.FloatStorage("abc")
torch.FloatStorage(2.0)
torch.FloatStorage(None)
torch.FloatStorage([1, "a"])
torch.FloatStorage([[1, 2]])
torch.FloatStorage(1, 2)
torch.FloatStorage(torch.FloatStorage(4), 5)
torch.FloatStorage(torch.FloatStorage(4), -1)
torch.FloatStorage(torch.FloatStorage(4), 2, 3)
torch.FloatStorage(torch.FloatStorage(4), 2, -1)
torch.FloatStorage(torch.FloatStorage(4), 2**63 - 1, 2)
torch.FloatStorage(torch.FloatStorage(4), 1, 2**63 - 1)
torch.FloatStorage(torch.FloatStorage(4), "a")
torch.FloatStorage(torch.DoubleStorage(4))
torch.FloatStorage(4).resize_(-1)
torch.FloatStorage(4).resize_(HUGE)
torch.FloatStorage(4).resize_(2**64)
torch.FloatStorage(4).resize_("a")
torch.FloatStorage(4).resize_(None)
torch.FloatStorage(4)[4]
torch.FloatStorage(4)[-5]
torch.FloatStorage(4)[HUGE]
torch.FloatStorage(4)[-2**64]
torch.FloatStorage(4)["a"]
torch.FloatStorage(4)[::2]
torch.FloatStorage(4)[::-1]
torch.FloatStorage(4)[-1] = 3
torch.FloatStorage(4)[4] = 3
torch.FloatStorage(4)[0] = "a"
torch.FloatStorage(4)[0:2] = "a"
torch.LongStorage(4)[0] = 1.5
torch.FloatStorage(4).fill_("a")
torch.FloatStorage(4).fill_(None)
torch.FloatStorage(4).copy_(None)
torch.FloatStorage(4).copy_(torch.FloatStorage(3))
torch.FloatStorage(4).copy_(x)
torch.FloatStorage(4).type("torch.NoSuchStorage")
torch.FloatStorage(4).type(5)
torch.FloatStorage.from_buffer(b"12345678", "native", count=-5, offset=9)
torch.FloatStorage.from_buffer(b"12345678", "native", offset=-1)
torch.FloatStorage.from_buffer(b"12345678", "native", offset=1)
torch.FloatStorage.from_buffer(b"12345678", "native", count=3)
torch.DoubleStorage.from_buffer(b"12345678", "native", count=2**61)
torch.DoubleStorage.from_buffer(b"12345678", "native", count=2**61 + 1)
torch.FloatStorage.from_buffer(b"12345678", "native", count=2**62 + 1, offset=2**62)
torch.FloatStorage.from_buffer(b"12345678", "sideways")
torch.FloatStorage.from_buffer(b"12345678", 5)
torch.FloatStorage.from_buffer(b"12345678")
torch.FloatStorage.from_buffer("text", "native")
torch.FloatStorage.from_buffer(None, "native")
torch.FloatStorage.from_buffer(Raising(), "native")
torch.FloatStorage.from_file("/no/such/file", False, 5)
torch.FloatStorage.from_file("/", True, 5)
torch.FloatStorage.from_file(None, False, 5)
torch.FloatStorage.from_file("/no/such/file", True, -5)
torch.FloatStorage.from_file(os.devnull, False, 2**61)
s = torch.FloatStorage(10); part = torch.FloatStorage(s, 2, 5); part.resize_(100)
x.resize_(HUGE)
x.resize_(2**40, 2**40)
x.resize_("a")
x.resize_(None)
x.resize_()
x.resize_(2.0)
x.resize_([2, "a"])
x.resize_(*[2] * 70)
x.resize_as_(None)
x.resize_as_(x.double())
torch.from_numpy(np.zeros(4)).resize_(100)
x.numpy(); x.resize_(100)
x.set_(torch.FloatStorage(4), -1)
x.set_(torch.FloatStorage(4), 2**63 - 1, (2,), (1,))
x.set_(torch.FloatStorage(4), 0, (2,), (-1,))
x.set_(torch.FloatStorage(4), 0, (2,), (HUGE,))
x.set_(torch.FloatStorage(4), 0, (3,), (HUGE,))
x.set_(torch.FloatStorage(4), 0, (5,), (HUGE,))
x.set_(torch.FloatStorage(4), 0, (9, 9), (2**61, 2**61))
x.set_(torch.FloatStorage(4), 0, (HUGE, HUGE), (0, 0))
x.set_(torch.FloatStorage(4), 0, (2**40, 2**40), (0, 0))
x.set_(torch.FloatStorage(4), 0, (2, 2), (1,))
x.set_(torch.FloatStorage(4), 0, (2,), (1, 2))
x.set_(torch.FloatStorage(4), 0, [1] * 70, [1] * 70)
x.set_(torch.FloatStorage(4), "a")
x.set_(torch.FloatStorage(4), 0, "ab")
x.set_(torch.FloatStorage(4), 0, (2,), "a")
x.set_(torch.DoubleStorage(4))
x.set_(x.double())
x.set_("a")
x.set_([1, 2])
torch.from_numpy(np.zeros(4, "f4")).set_(torch.from_numpy(np.zeros(4, "f4")).storage(), 3, (9,), (1,))
torch.ones(2, 2).repeat(2**40, 2**40)
torch.ones(4).repeat(2**62 + 1)
torch.ones(4).repeat(HUGE)
torch.ones(4).repeat(-1)
torch.ones(4).repeat(2**64)
torch.ones(4).repeat(0)
torch.ones(2, 2).repeat(2)
torch.ones(4).repeat("a")
torch.ones(4).repeat(2.0)
torch.ones(4).repeat(*[1] * 40)
x.view(5, 5)
x.view(-1, -1)
x.view(-1, 5)
x.view(0)
x.view(-2)
x.view(2**40, 2**40)
x.view(2**64)
x.view(HUGE, 4)
x.view("a")
x.view(None)
x.view(12.0)
x.view()
x.view(*[1] * 70)
x.t().view(12)
x.view_as(None)
x.view_as(vec)
x.expand(5, 4)
x.expand(4)
x.expand(-1, 3, 4)
x.expand(2**62, 3, 4)
torch.ones(1, 1).expand(2**40, 2**40)
torch.ones(1).expand(2**62, 2**62)
torch.ones(1).expand(HUGE).contiguous()
torch.ones(1).expand(2**63 - 1)
torch.ones(1).expand(2**64)
torch.ones(1).expand(*[2] * 64)
x.expand("a")
x.expand(None)
x.expand_as(5)
x.expand_as(vec)
x.sum(2)
x.sum(-3)
x.sum(HUGE)
x.sum(2**64)
x.sum("a")
x.sum(None)
x.sum(0.0)
x.sum(True)
x.sum([0])
x.transpose(0, 7)
x.transpose(-9, 0)
x.transpose(2**31, 0)
x.transpose(2**32, 0)
x.transpose(0)
x.t(1)
torch.ones(2, 2, 2).t()
vec.t()
x.permute(0)
x.permute(0, 0)
x.permute(0, 5)
x.permute("a", 1)
v.permute(0, 5)
v.permute(0, 0)
x.narrow(0, 2, 5)
x.narrow(0, -1, 1)
x.narrow(0, 0, 0)
x.narrow(0, 0, -1)
x.narrow(0, 1, 2**63 - 1)
x.narrow(0, 2**63 - 1, 2**63 - 1)
x.narrow(5, 0, 1)
x.narrow(0, "a", 1)
x.select(0, 3)
x.select(0, -1)
x.select(0, HUGE)
x.select(2, 0)
x.select(0, None)
empty.select(0, 0)
x.squeeze(2)
x.squeeze("a")
x.unsqueeze(4)
x.unsqueeze(-9)
x.unsqueeze(2**32)
empty.unsqueeze(0)
x.unfold(0, 9, 1)
x.unfold(0, 1, 0)
x.unfold(0, 0, 1)
x.unfold(0, -1, 1)
x.unfold(0, 1, -1)
x.unfold(2, 1, 1)
x.unfold(0, HUGE, HUGE)
torch.ones(*[1] * 64).unfold(0, 1, 1)
torch.ones(*[1] * 64).unsqueeze(0)
torch.ones(*[1] * 64)[None]
x.split(0)
x.split("a")
x.split(1, 5)
x.chunk(0)
x.chunk(2, 5)
torch.cat([])
torch.cat([x, torch.ones(2, 3)])
torch.cat([x, x.double()])
torch.cat([x, vec])
torch.cat([x, x], 2)
torch.cat([x, x], -3)
torch.cat([x, x], HUGE)
torch.cat([x, None])
torch.cat([x, 5])
torch.cat([x, v])
torch.cat(5)
torch.cat(None)
torch.cat("ab")
torch.cat([x, x], 0, out=5)
torch.cat([x, x], 0, out=x.double())
torch.stack([])
torch.stack([x, vec])
torch.stack([x, x], 9)
x[3]
x[-4]
x[HUGE]
x[-2**64]
x[2**64]
x[0, 0, 0]
x[0, 4]
x[::-1]
x[::0]
x[1:1]
x[5:9]
x[..., ...]
x[1.0]
x[True]
x["a"]
x[{}]
x[1j]
x[b"a"]
x[Raising()]
x[print]
x[:, 1.0]
x[:, "a"]
x[np.array([0, 1])]
x[np.float64(1)]
x[torch.LongTensor([5])]
x[torch.LongTensor([-9])]
x[torch.LongTensor([HUGE])]
x[longs]
x[torch.IntTensor([0])]
x[torch.FloatTensor([0])]
x[x]
x[torch.ByteTensor([1, 0])]
x[torch.ByteTensor([[2] * 4] * 3)]
x[[0, 9]]
x[[0, -9]]
x[[0, HUGE]]
x[[0, 2**64]]
x[[0, 1.5]]
x[[0, None], [0, 1.0]]
x[[0, 1], [0, 1, 2]]
x[[]]
x[[[]]]
x[[0, 1], [0, 1], [0, 1]]
x[[Raising()]]
x[[Index(0, lambda: 1 / 0)]]
x[endless()]
x[Index(0, lambda: 1 / 0)]
x[Index(HUGE)]
x[Index(2**70)]
x[Index(0):Index(0)]
x[0:Raising()]
big = torch.ones(1000, 1000); big[999, Index(0, lambda: big.set_(torch.FloatStorage(1)))]
big = torch.ones(1000, 1000); big[Index(0, lambda: big.set_(torch.FloatStorage(1))), 999]
big = torch.ones(9, 9, 9); big[0, Index(0, lambda: big.set_(torch.FloatStorage(1))), 0]
x[0] = "a"
x[0] = None
x[0] = [1, 2, 3, 4]
x[0] = np.zeros(4)
x[0] = vec
x[0] = 1j
x[0, 0] = torch.ones(2)
x[3] = 1
x[0, 9] = 1
x[HUGE] = 1
x[bytes_] = "a"
x[bytes_] = torch.ones(2)
x[torch.ByteTensor([1])] = 5
x[torch.LongTensor([7])] = 5
x[torch.LongTensor([-7])] = 5
x[torch.LongTensor([0, 1])] = torch.ones(3, 4)
x[[0, 7]] = 5
x[[0, 1]] = torch.ones(3)
x[[0, 1]] = "a"
x[0] = x.double()[[0, 1]]
torch.LongTensor(3)[0] = 1.5
torch.HalfTensor(3)[:] = 1.0
del x[0]
v[9]
v[0, "a"]
v[torch.LongTensor([9])]
v[[0, 9]]
v[0] = 5
x.index_select(0, torch.LongTensor([5]))
x.index_select(0, torch.LongTensor([-1]))
x.index_select(0, torch.LongTensor([HUGE]))
x.index_select(5, at)
x.index_select(0, longs)
x.index_select(0, at.int())
x.index_select(0, [0, 1])
x.index_select(0, torch.LongTensor())
empty.index_select(0, at)
x.index_add_(0, torch.LongTensor([5]), torch.ones(1, 4))
x.index_add_(0, at, torch.ones(3, 4))
x.index_add_(0, at, torch.ones(2, 3))
x.index_add_(0, at, x.double())
x.index_add_(1, torch.LongTensor([-1]), torch.ones(3, 1))
x.index_copy_(0, torch.LongTensor([5]), torch.ones(1, 4))
x.index_copy_(0, at, torch.ones(2, 5))
x.index_copy_(0, at, torch.FloatTensor())
x.index_fill_(0, torch.LongTensor([3]), 1)
x.index_fill_(0, at, "a")
x.index_fill_(9, at, 1)
x.gather(1, torch.LongTensor([[9]] * 3))
x.gather(1, torch.LongTensor([[-1]] * 3))
x.gather(1, torch.LongTensor([9]))
x.gather(0, torch.LongTensor([[0, 0, 0, 0, 0]]))
x.gather(3, longs)
x.gather(1, longs.int())
x.gather(1, torch.LongTensor())
x.scatter_(1, torch.LongTensor([[9]] * 3), 1.0)
x.scatter_(1, torch.LongTensor([[-1]] * 3), 1.0)
x.scatter_(1, torch.LongTensor([[0]] * 3), torch.ones(2, 1))
x.scatter_(1, torch.LongTensor([[0]] * 3), torch.ones(3, 1).double())
x.scatter_(1, torch.LongTensor([[0]] * 3), "a")
x.scatter_add_(1, torch.LongTensor([[9]] * 3), torch.ones(3, 1))
x.scatter_add_(0, torch.LongTensor([[0] * 4]), torch.ones(3))
x.take(torch.LongTensor([10**12]))
x.take(torch.LongTensor([12]))
x.take(torch.LongTensor([-13]))
x.take(at.int())
x.put_(torch.LongTensor([12]), torch.ones(1))
x.put_(torch.LongTensor([-13]), torch.ones(1))
x.put_(at, torch.ones(3))
x.put_(at, torch.ones(2).double())
x.masked_select(torch.ByteTensor([1, 0]))
x.masked_select(torch.ByteTensor([[3] * 4] * 3))
x.masked_select(torch.ones(3, 4))
x.masked_fill_(torch.ByteTensor([1, 0]), 1)
x.masked_fill_(bytes_, "a")
x.masked_fill_(bytes_ * 7, 1)
x.masked_scatter_(bytes_, torch.ones(2))
x.masked_scatter_(bytes_, torch.ones(9).double())
x.masked_scatter_(torch.ByteTensor([[1] * 4] * 4), torch.ones(16))
torch.from_numpy(np.arange(4.0)[::-1])
torch.from_numpy(np.arange(16.0).reshape(4, 4)[::-1, ::2])
torch.from_numpy(np.array([object()]))
torch.from_numpy(np.array(["a"]))
torch.from_numpy(np.array([1j]))
torch.from_numpy(np.array([True]))
torch.from_numpy(np.arange(4, dtype=">f4"))
torch.from_numpy(np.arange(4, dtype=">i8"))
torch.from_numpy(np.zeros((2, 0)))
torch.from_numpy(np.zeros(4, "u4"))
torch.from_numpy(np.zeros(3, [("a", "f4"), ("b", "i1")])["a"])
torch.from_numpy(np.zeros(3, "M8[s]"))
torch.from_numpy([1, 2])
torch.from_numpy(None)
torch.from_numpy(Array(shape=(2,), typestr="<f4", data=(0, False), version=3))
torch.from_numpy(np.lib.stride_tricks.as_strided(np.zeros(4, "f4"), (2,), (3,)))
torch.from_numpy(np.frombuffer(b"x" * 9, "u1")[1:].view("f4"))
torch.CharTensor([1]).numpy()
x.half().numpy()
np.asarray(v)[0] / torch
dlpack.from_dlpack(None)
dlpack.from_dlpack("a")
dlpack.from_dlpack(object())
dlpack.to_dlpack(5)
dlpack.to_dlpack(v)
c = dlpack.to_dlpack(x); dlpack.from_dlpack(c); dlpack.from_dlpack(c)
x.type("torch.NoSuchTensor")
x.type("os.system")
x.type(5)
x.type_as(5)
x.new("a")
x.new(HUGE)
x.new(x.double())
x.cuda()
x.copy_(vec)
x.copy_("a")
x.copy_(None)
x.fill_("a")
x.fill_(None)
x.fill_(1j)
x.apply_(5)
x.apply_(lambda value: "a")
x.apply_(lambda value: 1 / 0)
x.map_(5, max)
x.map_(x.double(), max)
x.map_(vec, max)
x.map2_(x, vec, max)
int(x)
float(x)
bool(x)
len(5 * x[0, 0])
x.item()
torch.zeros(2**40, 2**40)
torch.zeros("a")
torch.zeros(2.0)
torch.zeros()
torch.ones(HUGE)
torch.zeros(3, out=5)
torch.eye(0)
torch.eye(-3)
torch.eye(2**40)
torch.eye("a")
torch.eye(3, 2**62)
torch.arange(0, HUGE)
torch.arange(0, 5, 0)
torch.arange(5, 0)
torch.arange(nan)
torch.arange(0, inf)
torch.arange(0, 1, 1e-300)
torch.arange("a")
torch.arange(0, 5, nan)
torch.range(0, HUGE)
torch.linspace(0, 1, HUGE)
torch.linspace(0, 1, -1)
torch.linspace(0, 1, 0)
torch.linspace("a", 1)
torch.linspace(0, 1, 2.0)
torch.logspace(0, 1, 2**61)
"""

ANSWERED = r"""
assert torch.FloatTensor(Lying(2, [1, 2, 3, 4, 5, 6, 7, 8] * 5000)).tolist() == [1, 2]
assert torch.FloatTensor([Lying(2, [1.0] * 90000), [1, 2]]).tolist() == [[1, 1], [1, 2]]
t = torch.LongTensor.__new__(torch.LongTensor); refused(copy.copy, t); refused(copy.deepcopy, t); refused(pickle.dumps, t); refused(t.share_memory_)
s = torch.FloatStorage(10).fill_(1); part = s[2:5]; s.resize_(100000); part.fill_(2); assert part.tolist() == [2] * 3 and s[0] == 1
s = torch.FloatStorage(10).fill_(1); part = s[2:5]; s.__init__(5); assert part.tolist() == [1] * 3
s = torch.FloatStorage(10).fill_(1); part = s[2:5]; s.resize_(100); s.resize_(1000); s.share_memory_(); assert part.tolist() == [1] * 3
items = [1.0] * 8; items[1] = Acting(5, lambda: items.extend([1.0] * 100000)); assert torch.FloatTensor(items).sum() == 12
items = [1.0] * 8; items[1] = Acting(5, items.clear); assert torch.FloatTensor(items).sum() == 12
assert x.split(-1) == ()
base = torch.ones(4); view = base[1:3]; base.resize_(100000).fill_(2); assert view.tolist() == [2, 2]
s = torch.FloatStorage(1000); t = torch.FloatTensor(s); s.resize_(1); t.fill_(3); assert t.sum() == 3000
s = torch.FloatStorage(1000); t = torch.FloatTensor(s); s.resize_(1); s.resize_(5000); t.fill_(3); assert t.sum() == 3000
s = torch.FloatStorage(10).fill_(7); t = torch.FloatTensor(s); s.resize_(0); s.resize_(10); assert t.fill_(1).sum() == 10
t = torch.ones(1000); t.storage().resize_(1); t.storage().share_memory_(); assert t.fill_(2).sum() == 2000
t = torch.ones(1000); u = t[500:]; t.share_memory_(); assert u.fill_(2).sum() == 1000 and t.sum() == 1500
a = np.ones(1000); t = torch.from_numpy(a); del a; junk = np.zeros(1000); assert t.sum() == 1000
a = np.ones(1000); t = torch.from_numpy(a); view = t[10:20]; del a, t; junk = np.zeros(1000); assert view.sum() == 10
t = torch.ones(1000); a = t.numpy(); del t; junk = torch.zeros(1000); assert a.sum() == 1000
t = torch.ones(1000); a = t.numpy(); t.share_memory_(); junk = torch.zeros(1000); assert a.sum() == 1000
t = torch.ones(1000); part = t.storage()[10:20]; t.share_memory_(); junk = torch.zeros(1000); assert sum(part) == 10
s = torch.FloatStorage(10).fill_(1); part = s[2:5]; del s; junk = torch.zeros(10); assert part.tolist() == [1, 1, 1]
a = np.arange(4.0); a.flags.writeable = False; assert torch.from_numpy(a).sum() == 6
t = torch.arange(0, 6); t[1:].add_(t[:-1]); assert t.tolist() == [0, 1, 3, 5, 7, 9]
t = torch.arange(0, 6); t[:-1].add_(t[1:]); assert t.tolist() == [1, 3, 5, 7, 9, 5]
t = torch.arange(0, 5000); want = (t[1:] + t[:-1]).tolist(); t[1:].add_(t[:-1]); assert t[1:].tolist() == want
t = torch.arange(0, 5000); want = (t[1:] * t[:-1]).tolist(); torch.mul(t[:-1], t[1:], out=t[1:]); assert t[1:].tolist() == want
t = torch.arange(0, 5000); want = t[:-3].exp().tolist(); torch.exp(t[:-3], out=t[3:]); assert t[3:].tolist() == want
t = torch.arange(0, 9).view(3, 3); want = (t + t.t()).tolist(); t.add_(t.t()); assert t.tolist() == want
t = torch.arange(0, 9).view(3, 3); t.copy_(t.t()); assert t.tolist() in ([[0, 3, 6], [3, 4, 7], [6, 7, 8]], [[0, 3, 6], [1, 4, 7], [2, 5, 8]])
a = np.arange(6, dtype="f4"); t, u = torch.from_numpy(a[:-1]), torch.from_numpy(a[1:]); u.add_(t); assert a.tolist() == [0, 1, 3, 5, 7, 9]
s = torch.FloatStorage(range(6)); t, u = torch.FloatTensor(s[0:5]), torch.FloatTensor(s[1:6]); u.add_(t); assert s.tolist() == [0, 1, 3, 5, 7, 9]
t = torch.arange(0, 9).view(3, 3); want = t.mm(t).tolist(); torch.mm(t, t, out=t); assert t.tolist() == want
t = torch.arange(0, 9).view(3, 3); want = t.t().mm(t).tolist(); torch.mm(t.t(), t, out=t); assert t.tolist() == want
a = np.arange(9, dtype="f4").reshape(3, 3); t, u = torch.from_numpy(a), torch.from_numpy(a); want = t.mm(t).tolist(); torch.mm(t, t, out=u); assert u.tolist() == want
t = torch.arange(0, 9).view(3, 3); want = t.cumsum(0).tolist(); torch.cumsum(t, 0, out=t); assert t.tolist() == want
t = torch.arange(0, 9).view(3, 3); want = t.cumsum(0).tolist(); u = t.t(); torch.cumsum(t, 0, out=u); assert u.tolist() == want
t = torch.arange(0, 9); want = t[:-1].cumsum(0).tolist(); torch.cumsum(t[:-1], 0, out=t[1:]); assert t[1:].tolist() == want
t = torch.arange(0, 9).view(3, 3); want = t.sum(0).tolist(); torch.sum(t, 0, out=t[0]); assert t[0].tolist() == want
t = torch.arange(9, 0, -1); want = t[:-1].sort()[0].tolist(); torch.sort(t[:-1], 0, out=(t[1:], torch.LongTensor())); assert t[1:].tolist() == want
t = torch.arange(0, 6); want = t.index_select(0, torch.LongTensor([5, 4, 3, 2, 1, 0])).tolist(); torch.index_select(t, 0, torch.LongTensor([5, 4, 3, 2, 1, 0]), out=t); assert t.tolist() == want
t = torch.arange(0, 6); i = torch.LongTensor([5, 4, 3, 2, 1]); want = t.gather(0, i).tolist(); torch.gather(t, 0, i, out=t[1:]); assert t[1:].tolist() == want
t = torch.arange(0, 6); i = torch.LongTensor([5, 4, 3, 2, 1]); want = t.take(i).tolist(); torch.take(t, i, out=t[1:]); assert t[1:].tolist() == want
t = torch.LongTensor([2, 0, 1]); torch.gather(t, 0, t, out=t); assert t.tolist() == [1, 2, 0]
t = torch.arange(0, 6); torch.cat([t[:3], t[3:]], 0, out=t); assert t.tolist() == [0, 1, 2, 3, 4, 5]
t = torch.arange(0, 6).view(2, 3); torch.cat([t[1:], t[:1]], 0, out=t); assert t.tolist() == [[3, 4, 5], [0, 1, 2]]
t = torch.arange(0, 9).view(3, 3); want = t.t().tril().tolist(); torch.tril(t.t(), out=t); assert t.tolist() == want
t = torch.arange(0, 9).view(3, 3); want = t.tril().tolist(); u = t.t(); torch.tril(t, out=u); assert u.tolist() == want
t = torch.arange(0, 3); want = torch.cross(t, t + 1).tolist(); torch.cross(t, t + 1, out=t); assert t.tolist() == want
t = torch.arange(0, 4); torch.masked_select(t, torch.ByteTensor([0, 1, 1, 1]), out=t[:3]); assert t.tolist() == [1, 2, 3, 3]
t = torch.arange(0, 4); t[1:] = t[:-1]; assert t.tolist() == [0, 0, 0, 0]
t = torch.ones(1).expand(5); assert t.sum() == 5 and t.clone().add_(1).tolist() == [2] * 5
t = torch.ones(1, 3); t.t_(); assert tuple(t.size()) == (3, 1)
t = torch.ones(2, 3); u = t.transpose_(0, 1); assert u is t and tuple(t.size()) == (3, 2)
t = torch.ones(2); t.set_(); assert t.dim() == 0 and t.tolist() == []
t = torch.ones(2); t.set_(torch.FloatStorage(), 0, (3,), (0,)); assert t.fill_(1).sum() == 3
assert tuple(torch.zeros(2, -2).size()) == (2,)
assert tuple(torch.zeros(0, 2**62).size()) == ()
assert torch.FloatTensor(-1).dim() == 0
assert torch.FloatTensor(torch.Size([2, 0, HUGE])).size() == torch.Size([2])
assert torch.IntTensor([2**40 + 5]).tolist() == [5]
assert torch.ByteTensor([-1, 256]).tolist() == [255, 0]
assert torch.FloatTensor([1e300]).tolist() == [inf]
assert torch.LongTensor([Acting(5, lambda: None)]).tolist() == [5]
assert torch.ones(3).narrow(0, Acting(1, lambda: None), 1).tolist() == [1]
t = torch.ones(1000); assert t.add(Acting(1, lambda: t.set_())).sum() in (0, 2000)
t = torch.ones(1000, 1000); t.mul_(Acting(3, lambda: t.set_())); assert t.nelement() in (0, 10**6)
t = torch.ones(300, 300); assert torch.addmm(Acting(1, lambda: t.set_()), t, t, t).nelement() == 90000
t = torch.ones(1000); t.fill_(Acting(2, lambda: t.set_())); assert t.sum() in (0, 2000)
t = torch.ones(1000); t[5] = Acting(2, lambda: t.set_()); assert t.nelement() in (0, 1000)
t = torch.ones(1000); t[5:50] = Acting(2, lambda: t.set_()); assert t.nelement() in (0, 1000)
t = torch.ones(1000); t[torch.LongTensor([999])] = Acting(2, lambda: t.set_()); assert t.nelement() in (0, 1000)
t = torch.ones(1000); assert [t.resize_(2) for item in t][0].nelement() == 2
t = torch.ones(1000); t.tolist(); t.resize_(5); assert t.tolist() == [1] * 5
t = torch.FloatTensor.__new__(torch.FloatTensor); assert t.tolist() == [] and t.storage().size() == 0
t = torch.FloatTensor.__new__(torch.FloatTensor); t.data_ptr(); t.clone(); repr(t); t.size(); t.stride(); t.is_contiguous()
assert torch.LongTensor([1]) << 100 is not None
assert (torch.LongTensor([-2**63]) + -1).tolist() == [2**63 - 1]
assert torch.LongTensor([-2**63]).neg().tolist() == [-2**63]
assert torch.LongTensor([-2**63]).abs().tolist() == [-2**63]
assert torch.FloatTensor([nan, inf, -inf, 1e30]).long().nelement() == 4
assert torch.DoubleTensor([nan, inf, -inf, 1e300]).byte().nelement() == 4
assert x.tril(2**63 - 1).equal(x) and x.triu(-2**63).equal(x)
assert x.tril(-2**63).sum() == 0 and x.triu(2**63 - 1).sum() == 0
assert torch.arange(0, 4).diag(2).size() == (6, 6)
assert x[Index(1)].tolist() == [4, 5, 6, 7] and x[Index(0):Index(1)].size() == (1, 4)
assert x[np.int64(1)].tolist() == [4, 5, 6, 7]
"""
