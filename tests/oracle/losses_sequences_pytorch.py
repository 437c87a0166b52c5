"""The losses over sequences in PyTorch: prints, as JSON, values and gradients that the C# losses must reproduce.

Logits are (batch, time, classes) here; PyTorch wants (batch, classes, time). Class indices are (batch, time).

Needs Debian's python3-torch (apt-get install python3-torch); run with /usr/bin/python3.
"""
import torch
from torch.nn import functional
from cases import grid, largest, print_cases, require_single_precision, tensor


def cross_entropy(seed, batch, time, classes, kind):
    name = f"SoftmaxCrossEntropy {batch}x{time}x{classes} {kind}"
    z = grid(seed, batch, time, classes)
    require_single_precision(z, name)
    indices = (torch.arange(batch * time) * 5 % classes).reshape(batch, time)
    one_hot = functional.one_hot(indices, classes).double()
    y = (0.75 * one_hot + 0.25 * one_hot.flip(2)) if kind == "soft" else one_hot
    z.requires_grad_()
    value = functional.cross_entropy(z.transpose(1, 2), indices if kind == "class indices" else y.transpose(1, 2))
    value.backward()
    with torch.no_grad():  # as in losses_pytorch.py
        rows = batch * time
        value_scale = (y * (z - z.amax(2, keepdim=True)).abs().clamp(min=1)).amax() / rows
        gradient_scale = largest(functional.softmax(z, 2), y) / rows
    target = indices.double() if kind == "class indices" else y
    return {"name": name, "loss": "SoftmaxCrossEntropy", "prediction": tensor(z), "target": tensor(target),
            "value": tensor(value, value_scale), "gradient": tensor(z.grad, gradient_scale)}


def cases():
    for seed, shape in enumerate([(1, 1, 3), (2, 3, 5), (3, 7, 2), (4, 2, 1)], start=700):
        for kind in ("class indices", "one-hot", "soft"):
            yield cross_entropy(seed, *shape, kind)


print_cases([*cases()])
