"""Whole networks in PyTorch: prints, as JSON, the loss, every gradient, and what 20 steps of training make of them.

All is computed in float64. Weights have this library's layout, (inputs, outputs): z = x W + b.

Needs Debian's python3-torch (apt-get install python3-torch); run with /usr/bin/python3.
"""
import torch
from torch import nn
from torch.nn import functional
from cases import exact, grid, print_cases, require_single_precision, tensor, tensor_by_largest

STEPS = 20
ACTIVATIONS = {"ReLU": torch.relu, "Sigmoid": torch.sigmoid, "Tanh": torch.tanh, "Gelu": functional.gelu}


def network(name, layers, loss_name, loss, x, target, learning_rate):
    """layers: the sizes of a linear layer, or the name of an activation."""
    parameters = {}
    for number, (inputs, outputs) in enumerate((layer for layer in layers if isinstance(layer, tuple)), start=1):
        parameters[f"layer{number}.weight"] = grid(10 + number, inputs, outputs, low=-1, high=1)
        parameters[f"layer{number}.bias"] = grid(20 + number, outputs, low=-0.5, high=0.5)
    for values in (x, target, *parameters.values()):
        require_single_precision(values, name)
    case = {"name": name, "layers": [list(layer) if isinstance(layer, tuple) else layer for layer in layers], "loss": loss_name,
            "input": tensor(x), "target": tensor(target), "parameters": named(parameters, tensor), "learningRate": learning_rate}

    def forward(x):
        number = 0
        for layer in layers:
            if isinstance(layer, tuple):
                number += 1
                x = x @ parameters[f"layer{number}.weight"] + parameters[f"layer{number}.bias"]
            else:
                x = ACTIVATIONS[layer](x)
        return x

    x = x.requires_grad_()
    for values in parameters.values():
        values.requires_grad_()
    optimizer = torch.optim.SGD(parameters.values(), lr=learning_rate)
    losses = []
    for step in range(STEPS):
        x.grad = None
        optimizer.zero_grad()
        output = forward(x)
        value = loss(output, target)
        value.backward()
        losses.append(value.item())
        if step == 0:
            case |= {"output": tensor_by_largest(output), "inputGradient": tensor_by_largest(x.grad),
                     "parameterGradients": named({key: values.grad for key, values in parameters.items()})}
        optimizer.step()
    return case | {"losses": tensor(torch.tensor(losses)), "parametersAfterTraining": named(parameters)}


def named(tensors, form=tensor_by_largest):
    return {name: form(values) for name, values in tensors.items()}


def cross_entropy(logits, indices):
    return functional.cross_entropy(logits, indices.long())


xor = torch.tensor([[0.0, 0], [0, 1], [1, 0], [1, 1]])
print_cases([
    network("2-8-1 ReLU, Sigmoid, MeanSquaredError", [(2, 8), "ReLU", (8, 1), "Sigmoid"], "MeanSquaredError",
            functional.mse_loss, xor, torch.tensor([[0.0], [1], [1], [0]]), 0.5),
    network("5-7-4-3 Tanh, Gelu, SoftmaxCrossEntropy", [(5, 7), "Tanh", (7, 4), "Gelu", (4, 3)], "SoftmaxCrossEntropy",
            cross_entropy, grid(1, 6, 5, low=-2, high=2), torch.tensor([0.0, 2, 1, 1, 0, 2]), 0.25),
    network("3-5-2 Tanh, BinaryCrossEntropyWithLogits, one sample", [(3, 5), "Tanh", (5, 2)], "BinaryCrossEntropyWithLogits",
            functional.binary_cross_entropy_with_logits, exact(0.5, -1.25, 2), exact(1, 0), 0.5),
])
