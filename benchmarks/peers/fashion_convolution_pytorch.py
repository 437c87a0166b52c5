"""The network of samples/fashion-convolution.cs in PyTorch, float32, batch 64, Adam, batches by slicing, no DataLoader.

Prints the version, the seconds of an epoch (of so many samples, the best) and the accuracy on the test part. Arguments: threads, epochs, samples.
"""
import gzip
import math
import sys
import time

import numpy as np
import torch
from torch import nn

FOLDER = "/usr/share/datasets/fashion-mnist/"


def read(name, header):
    with gzip.open(FOLDER + name) as file:
        return np.frombuffer(file.read(), np.uint8, offset=header)


torch.set_num_threads(int(sys.argv[1]))
torch.manual_seed(1)
epochs, samples = int(sys.argv[2]), int(sys.argv[3])
x = torch.from_numpy(read("train-images-idx3-ubyte.gz", 16).reshape(-1, 1, 28, 28).astype(np.float32) / 255)[:samples]
y = torch.from_numpy(read("train-labels-idx1-ubyte.gz", 8).astype(np.int64))[:samples]
test_x = torch.from_numpy(read("t10k-images-idx3-ubyte.gz", 16).reshape(-1, 1, 28, 28).astype(np.float32) / 255)
test_y = torch.from_numpy(read("t10k-labels-idx1-ubyte.gz", 8).astype(np.int64))
network = nn.Sequential(
    nn.Conv2d(1, 16, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2),
    nn.Conv2d(16, 32, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2),
    nn.Flatten(), nn.Linear(32 * 7 * 7, 128), nn.ReLU(), nn.Dropout(0.25), nn.Linear(128, 10))
criterion = nn.CrossEntropyLoss()
optimizer = torch.optim.Adam(network.parameters(), lr=1e-3)
steps = epochs * math.ceil(len(x) / 64)
schedule = torch.optim.lr_scheduler.LambdaLR(optimizer, lambda step: 0.5 * (1 + math.cos(math.pi * step / steps)))
best = float("inf")
for _ in range(epochs):
    start = time.perf_counter()
    order = torch.randperm(len(x))
    for i in range(0, len(x), 64):
        rows = order[i : i + 64]
        loss = criterion(network(x[rows]), y[rows])
        optimizer.zero_grad(set_to_none=True)
        loss.backward()
        optimizer.step()
        schedule.step()
    best = min(best, time.perf_counter() - start)
network.eval()
with torch.no_grad():
    correct = sum((network(test_x[i : i + 256]).argmax(1) == test_y[i : i + 256]).sum().item() for i in range(0, len(test_x), 256))
print(torch.__version__, best, correct / len(test_x))
