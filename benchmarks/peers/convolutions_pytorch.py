"""Convolutions in PyTorch, float32. Prints the version, then a line for each: microseconds forward, backward by input, backward by weight and bias.

The best of many runs. Arguments: the number of threads, then batch,inputs,size,outputs,kernel,stride,padding.
"""
import sys
import time

import torch


def microseconds(run):
    for _ in range(5):
        run()
    best = float("inf")
    begin = time.perf_counter()
    while time.perf_counter() - begin < 0.4:
        start = time.perf_counter()
        run()
        best = min(best, time.perf_counter() - start)
    return best * 1e6


torch.set_num_threads(int(sys.argv[1]))
torch.manual_seed(0)
print(torch.__version__)
for job in sys.argv[2:]:
    batch, inputs, size, outputs, kernel, stride, padding = map(int, job.split(","))
    layer = torch.nn.Conv2d(inputs, outputs, kernel, stride, padding)
    x = torch.randn(batch, inputs, size, size)
    with torch.no_grad():
        upstream = torch.randn_like(layer(x))

        def backward(mask):
            torch.ops.aten.convolution_backward(upstream, x, layer.weight, [outputs], [stride] * 2, [padding] * 2, [1, 1], False, [0, 0], 1, mask)

        print(microseconds(lambda: layer(x)), microseconds(lambda: backward([True, False, False])), microseconds(lambda: backward([False, True, True])))
