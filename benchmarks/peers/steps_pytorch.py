"""Training steps in PyTorch, float32: forward, cross-entropy, backward, SGD; or the forward pass alone. Prints a line for each network: layers, batch, microseconds.

The best of several runs of many steps, all on the same batch, which is where the time of a step is and nothing else.
Arguments: train or infer, the number of threads, then networks as 784-128-10/64.
"""
import sys
import time

import torch

torch.set_num_threads(int(sys.argv[2]))
torch.set_grad_enabled(sys.argv[1] == "train")
print(torch.__version__)
for job in sys.argv[3:]:
    layers, batch = job.split("/")
    sizes = [int(size) for size in layers.split("-")]
    torch.manual_seed(0)
    modules = []
    for inputs, outputs in zip(sizes, sizes[1:]):
        modules += [torch.nn.Linear(inputs, outputs), torch.nn.ReLU()]
    network = torch.nn.Sequential(*modules[:-1])
    criterion = torch.nn.CrossEntropyLoss()
    optimizer = torch.optim.SGD(network.parameters(), lr=0.01)
    x = torch.randn(int(batch), sizes[0])
    y = torch.randint(0, sizes[-1], (int(batch),))

    def step():
        if not torch.is_grad_enabled():
            network(x)
            return
        loss = criterion(network(x), y)
        optimizer.zero_grad(set_to_none=True)
        loss.backward()
        optimizer.step()

    for _ in range(20):
        step()
    best = float("inf")
    begin = time.perf_counter()
    while time.perf_counter() - begin < 0.4:
        start = time.perf_counter()
        for _ in range(10):
            step()
        best = min(best, (time.perf_counter() - start) / 10)
    print(job, best * 1e6)
