"""The layers for sequences in PyTorch: prints, as JSON, outputs and gradients that the C# layers must reproduce.

Everything is batch first, (batch, time, features). Weights have this library's layout, (inputs, outputs).

Needs Debian's python3-torch (apt-get install python3-torch); run with /usr/bin/python3.
"""
import torch
from torch import nn
from cases import grid, largest, print_cases, require_single_precision, tensor, tensor_by_largest


def linear(batch, time, inputs, outputs, has_bias):
    """A linear layer takes the rows of all sequences as one batch."""
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
    return {"name": f"Linear {batch}x{time}x{inputs} to {outputs}{'' if has_bias else ' without bias'}", "layer": "Linear",
            "options": {"hasBias": has_bias}, "input": tensor(x), "outputGradient": tensor(upstream),
            "parameters": {key: tensor(value.t()) for key, value in parameters.items()}, "output": tensor(output, output_scale),
            "inputGradient": tensor(x.grad, input_scale), "parameterGradients": gradients}


def linear_cases():
    for batch, time, inputs, outputs, has_bias in [(1, 1, 3, 2, True), (2, 3, 4, 2, True), (3, 2, 1, 5, False), (2, 5, 7, 3, True)]:
        yield linear(batch, time, inputs, outputs, has_bias)


def embedding(entries, dimension, *shape):
    x = grid(5, *shape, low=0, high=(entries - 1) / 64) * 64  # whole numbers
    upstream = grid(6, *shape, dimension)
    module = nn.Embedding(entries, dimension)
    module.load_state_dict({"weight": grid(7, entries, dimension)})
    output = module(x.long())
    output.backward(upstream)
    # The largest term of the sums over the places where a row was looked up.
    one_hot = nn.functional.one_hot(x.long().reshape(-1), entries)
    scale = (one_hot[:, :, None] * upstream.reshape(-1, 1, dimension)).abs().amax(0)
    return {"name": f"Embedding of {entries}x{dimension} {'x'.join(map(str, shape))}", "layer": "Embedding",
            "options": {"entries": entries, "dimension": dimension}, "input": tensor(x), "outputGradient": tensor(upstream),
            "parameters": {"weight": tensor(module.weight)}, "stateDict": state_dict(module), "output": tensor(output),
            "parameterGradients": {"weight": tensor(module.weight.grad, scale)}}


def embedding_cases():
    for entries, dimension, shape in [(1, 1, (1, 1)), (5, 3, (2, 4)), (9, 2, (3, 7)), (4, 5, (6,)), (3, 2, (2, 2, 3))]:
        yield embedding(entries, dimension, *shape)


class PositionEmbedding(nn.Module):
    """PyTorch has no such module; this is how one writes it there."""

    def __init__(self, length, dimension):
        super().__init__()
        self.weight = nn.Parameter(torch.empty(length, dimension))

    def forward(self, x):
        return x + self.weight[: x.shape[1]]


def position_embedding(length, batch, time, dimension):
    x, upstream = grid(8, batch, time, dimension), grid(9, batch, time, dimension)
    module = PositionEmbedding(length, dimension)
    module.load_state_dict({"weight": grid(10, length, dimension)})
    x.requires_grad_()
    output = module(x)
    output.backward(upstream)
    scale = torch.zeros(length, dimension)
    scale[:time] = upstream.abs().amax(0)
    return {"name": f"PositionEmbedding of {length} {batch}x{time}x{dimension}", "layer": "PositionEmbedding", "options": {"length": length},
            "input": tensor(x), "outputGradient": tensor(upstream), "parameters": {"weight": tensor(module.weight)},
            "stateDict": state_dict(module), "output": tensor(output, largest(x, module.weight[:time])), "inputGradient": tensor(x.grad),
            "parameterGradients": {"weight": tensor(module.weight.grad, scale)}}


def position_embedding_cases():
    for length, shape in [(1, (1, 1, 1)), (4, (2, 4, 3)), (9, (3, 5, 2))]:
        yield position_embedding(length, *shape)


def module_case(name, layer, options, module, forward, x, upstream, state=True):
    """A module whose matrices are (outputs, inputs) there. In its results terms of every entry have met."""
    x.requires_grad_()
    values = {key: grid(20 + number, *value.shape, low=-1, high=1) for number, (key, value) in enumerate(module.state_dict().items())}
    for inputs in (x, upstream, *values.values()):
        require_single_precision(inputs, name)
    module.load_state_dict(values)
    output = forward(x)
    output.backward(upstream)
    parameters = dict(module.named_parameters())
    return {"name": name, "layer": layer, "options": options, "input": tensor(x), "outputGradient": tensor(upstream),
            "parameters": {key: tensor(value.t()) for key, value in parameters.items()}, **({"stateDict": state_dict(module)} if state else {}),
            "output": tensor_by_largest(output), "inputGradient": tensor_by_largest(x.grad),
            "parameterGradients": {key: tensor_by_largest(value.grad.t()) for key, value in parameters.items()}}


def state_dict(module):
    return {key: tensor(value) for key, value in module.state_dict().items()}


def attention(batch, time, heads, size, is_causal, has_bias, state=False):
    dimension = heads * size
    module = nn.MultiheadAttention(dimension, heads, bias=has_bias, batch_first=True)
    mask = torch.ones(time, time, dtype=torch.bool).triu(1) if is_causal else None
    what = f"{batch}x{time}x{dimension}, {heads} heads{', causal' if is_causal else ''}{'' if has_bias else ', without bias'}"
    return module_case(f"MultiHeadAttention {what}", "MultiHeadAttention", {"heads": heads, "isCausal": is_causal, "hasBias": has_bias}, module,
                       lambda x: module(x, x, x, attn_mask=mask, need_weights=False)[0],
                       grid(11, batch, time, dimension, low=-1, high=1), grid(12, batch, time, dimension), state)


def attention_cases():
    for number, (batch, time, heads, size) in enumerate([(1, 1, 1, 1), (2, 3, 2, 2), (1, 5, 3, 1), (3, 4, 1, 3), (2, 9, 4, 2)]):
        for is_causal in (False, True):
            for has_bias in (True, False) if number < 4 else (True,):
                yield attention(batch, time, heads, size, is_causal, has_bias, state=number == 1)


def recurrent(layer, batch, time, inputs, hidden, last_only, has_bias, state=False):
    module = {"Lstm": nn.LSTM, "Gru": nn.GRU}[layer](inputs, hidden, bias=has_bias, batch_first=True)
    what = f"{batch}x{time}x{inputs} to {hidden}{', last state' if last_only else ''}{'' if has_bias else ', without bias'}"
    return module_case(f"{layer} {what}", layer, {"hidden": hidden, "lastOnly": last_only, "hasBias": has_bias}, module,
                       lambda x: module(x)[0][:, -1] if last_only else module(x)[0], grid(13, batch, time, inputs),
                       grid(14, batch, hidden) if last_only else grid(15, batch, time, hidden), state)


def recurrent_cases():
    for layer in ("Lstm", "Gru"):
        for number, (batch, time, inputs, hidden) in enumerate([(1, 1, 1, 1), (2, 3, 3, 2), (1, 6, 2, 3), (3, 4, 1, 5), (4, 9, 5, 3)]):
            for last_only in (False, True):
                for has_bias in (True, False) if number < 4 else (True,):
                    yield recurrent(layer, batch, time, inputs, hidden, last_only, has_bias, state=number == 1)


print_cases([*linear_cases(), *embedding_cases(), *position_embedding_cases(), *attention_cases(), *recurrent_cases()])
