"""The network of samples/character-transformer.cs in PyTorch, float32, AdamW, on windows of a text.

Prints the version, the seconds of all steps and the mean loss of the last twentieth of them. Arguments: threads, steps, the files of the text.
"""
import math
import sys
import time

import numpy as np
import torch
from torch import nn

CONTEXT, WIDTH, HEADS, BLOCKS, BATCH = 64, 64, 4, 2, 32


class Block(nn.Module):
    def __init__(self):
        super().__init__()
        self.norm1 = nn.LayerNorm(WIDTH)
        self.attention = nn.MultiheadAttention(WIDTH, HEADS, batch_first=True)
        self.norm2 = nn.LayerNorm(WIDTH)
        self.body = nn.Sequential(nn.Linear(WIDTH, 4 * WIDTH), nn.GELU(), nn.Linear(4 * WIDTH, WIDTH))
        self.register_buffer("later", torch.ones(CONTEXT, CONTEXT, dtype=torch.bool).triu(1))

    def forward(self, x):
        seen = self.norm1(x)
        x = x + self.attention(seen, seen, seen, attn_mask=self.later, need_weights=False)[0]
        return x + self.body(self.norm2(x))


class Network(nn.Module):
    def __init__(self, letters):
        super().__init__()
        self.letters = nn.Embedding(letters, WIDTH)
        self.places = nn.Parameter(torch.randn(CONTEXT, WIDTH) * 0.02)
        self.blocks = nn.Sequential(*[Block() for _ in range(BLOCKS)])
        self.norm = nn.LayerNorm(WIDTH)
        self.output = nn.Linear(WIDTH, letters)

    def forward(self, x):
        return self.output(self.norm(self.blocks(self.letters(x) + self.places)))


torch.set_num_threads(int(sys.argv[1]))
torch.manual_seed(1)
steps = int(sys.argv[2])
text = "".join(open(name, encoding="utf-8-sig", newline="").read() for name in sys.argv[3:])
alphabet = sorted(set(text))
codes = torch.tensor([alphabet.index(letter) for letter in text])
split = int(len(codes) * 0.9)
network = Network(len(alphabet))
criterion = nn.CrossEntropyLoss()
optimizer = torch.optim.AdamW(network.parameters(), lr=3e-3)
warmup = 0.05 * steps
schedule = torch.optim.lr_scheduler.LambdaLR(optimizer, lambda step: min(1, (step + 1) / warmup) if step < warmup else 0.5 * (1 + math.cos(math.pi * (step - warmup) / (steps - warmup))))
generator = np.random.RandomState(1)
window = torch.arange(CONTEXT)
losses = []


def draw(begin, end):
    places = torch.from_numpy(generator.randint(begin, end - CONTEXT, (BATCH, 1))) + window
    return criterion(network(codes[places]).reshape(-1, len(alphabet)), codes[places + 1].reshape(-1))


start = time.perf_counter()
for step in range(1, steps + 1):
    loss = draw(0, split)
    optimizer.zero_grad(set_to_none=True)
    loss.backward()
    torch.nn.utils.clip_grad_norm_(network.parameters(), 1)
    optimizer.step()
    schedule.step()
    losses.append(loss.item())
    if step % max(1, steps // 20) == 0:  # as often as the sample looks at the end of the text
        with torch.no_grad():
            draw(split, len(codes)).item()
last = losses[-max(1, steps // 20):]
print(torch.__version__, time.perf_counter() - start, sum(last) / len(last))
