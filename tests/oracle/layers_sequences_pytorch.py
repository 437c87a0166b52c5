"""The layers for sequences in PyTorch: prints, as JSON, outputs and gradients that the C# layers must reproduce.

Everything is batch first, (batch, time, features). Weights have this library's layout, (inputs, outputs).

Needs Debian's python3-torch (apt-get install python3-torch); run with /usr/bin/python3.
"""
import torch
from torch import nn
from cases import grid, largest, print_cases, require_single_precision, tensor


def linear(batch, time, inputs, outputs, has_bias):
    """A linear layer takes the rows of all sequences as one batch."""
    name = f"Linear {batch}x{time}x{inputs} to {outputs}{'' if has_bias else ' without bias'}"
    x, upstream = grid(1, batch, time, inputs), grid(2, batch, time, outputs)
    module = nn.Linear(inputs, outputs, bias=has_bias)
    parameters = {"weight": grid(3, outputs, inputs)} | ({"bias": grid(4, outputs)} if has_bias else {})
    x.requires_grad_()
    module.load_state_dict(parameters)
    output = module(x)
    output.backward(upstream)
    with torch.no_grad():  # the largest term of each sum
        rows, upstream_rows, weight = x.reshape(-1, inputs), upstream.reshape(-1, outputs), module.weight
        output_scale = (rows[:, None, :] * weight).abs().amax(2).reshape(output.shape)
        if has_bias:
            output_scale = largest(output_scale, module.bias)
        input_scale = (upstream_rows[:, :, None] * weight).abs().amax(1).reshape(x.shape)
        weight_scale = (rows[:, :, None] * upstream_rows[:, None, :]).abs().amax(0)
    gradients = {"weight": tensor(module.weight.grad.T, weight_scale)}
    if has_bias:
        gradients["bias"] = tensor(module.bias.grad, upstream_rows.abs().amax(0))
    return {"name": name, "layer": "Linear", "options": {"hasBias": has_bias}, "input": tensor(x), "outputGradient": tensor(upstream),
            "parameters": {key: tensor(value.t()) for key, value in parameters.items()}, "output": tensor(output, output_scale),
            "inputGradient": tensor(x.grad, input_scale), "parameterGradients": gradients}


def linear_cases():
    for batch, time, inputs, outputs, has_bias in [(1, 1, 3, 2, True), (2, 3, 4, 2, True), (3, 2, 1, 5, False), (2, 5, 7, 3, True)]:
        yield linear(batch, time, inputs, outputs, has_bias)


print_cases([*linear_cases()])
