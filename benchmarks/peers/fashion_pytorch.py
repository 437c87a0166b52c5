"""Fashion-MNIST in PyTorch, 784-128-10, float32, SGD 0.1, batch 64, batches by slicing a shuffled copy, no DataLoader.

Prints the version, the best seconds of an epoch and the accuracy on the test part after five epochs. Arguments: threads, seed.
"""
import gzip
import sys
import time

import numpy as np
import torch

FOLDER = "/usr/share/datasets/fashion-mnist/"


def read(name, header):
    with gzip.open(FOLDER + name) as file:
        return np.frombuffer(file.read(), np.uint8, offset=header)


torch.set_num_threads(int(sys.argv[1]))
torch.manual_seed(int(sys.argv[2]))
x = torch.from_numpy(read("train-images-idx3-ubyte.gz", 16).reshape(-1, 784).astype(np.float32) / 255)
y = torch.from_numpy(read("train-labels-idx1-ubyte.gz", 8).astype(np.int64))
test_x = torch.from_numpy(read("t10k-images-idx3-ubyte.gz", 16).reshape(-1, 784).astype(np.float32) / 255)
test_y = torch.from_numpy(read("t10k-labels-idx1-ubyte.gz", 8).astype(np.int64))
network = torch.nn.Sequential(torch.nn.Linear(784, 128), torch.nn.ReLU(), torch.nn.Linear(128, 10))
criterion = torch.nn.CrossEntropyLoss()
optimizer = torch.optim.SGD(network.parameters(), lr=0.1)
best = float("inf")
for _ in range(5):
    start = time.perf_counter()
    order = torch.randperm(len(x))
    for i in range(0, len(x), 64):
        rows = order[i : i + 64]
        loss = criterion(network(x[rows]), y[rows])
        optimizer.zero_grad(set_to_none=True)
        loss.backward()
        optimizer.step()
    best = min(best, time.perf_counter() - start)
with torch.no_grad():
    accuracy = (network(test_x).argmax(1) == test_y).float().mean().item()
print(torch.__version__, best, accuracy)
