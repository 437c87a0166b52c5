"""Residual and parallel layers, and changes of shape, in PyTorch: prints, as JSON, outputs and gradients that the C# layers must
reproduce.

PyTorch has no classes for a way around layers and for branches: those here are the ones whose names a model file has. The
weights have this library's layout, (inputs, outputs).

Needs Debian's python3-torch (apt-get install python3-torch); run with /usr/bin/python3.
"""
import torch
from torch import nn
from cases import grid, print_cases, require_single_precision, tensor


class Residual(nn.Sequential):
    def forward(self, x):
        return x + super().forward(x)


class Concatenate(nn.ModuleList):
    def __init__(self, dimension, *branches):
        super().__init__(branches)
        self.dimension = dimension

    def forward(self, x):
        return torch.cat([branch(x) for branch in self], self.dimension)


class Function(nn.Module):
    def __init__(self, function):
        super().__init__()
        self.forward = function


def case(layer, what, options, module, x, seed, names=None):
    """names: C#'s name of each of PyTorch's parameters, in order."""
    name = f"{layer} {what}"
    parameters = dict(zip(names or [], module.parameters()))
    with torch.no_grad():
        for number, parameter in enumerate(parameters.values()):
            parameter.copy_(grid(seed + 10 + number, *parameter.shape, low=-1, high=1))
    x = x.clone().requires_grad_()
    output = module(x)
    upstream = grid(seed + 20, *output.shape)
    output.backward(upstream)
    for values in (x, upstream, *parameters.values()):
        require_single_precision(values, name)

    def ours(values):
        return values.T.contiguous() if values.dim() == 2 else values

    # Sums of some ten products meet in every result: their rounding is proportional to the largest that there is.
    scale = None if not parameters else lambda values: values.detach().abs().max() + 4
    document = {"name": name, "layer": layer, "options": options, "input": tensor(x), "outputGradient": tensor(upstream),
                "output": tensor(output, scale and scale(output)), "inputGradient": tensor(x.grad, scale and scale(x.grad))}
    if parameters:
        document["parameters"] = {key: tensor(ours(value)) for key, value in parameters.items()}
        document["parameterGradients"] = {key: tensor(ours(value.grad), scale(value.grad)) for key, value in parameters.items()}
    return document


def cases():
    for seed, (batch, width) in enumerate([(1, 1), (3, 5), (7, 2), (2, 17)]):
        size = f"{batch}x{width}"
        x = grid(4000 + seed, batch, width)
        yield case("Residual", size, {}, Residual(nn.Linear(width, 3), nn.Tanh(), nn.Linear(3, width)), x, 4100 + 40 * seed,
                   ["layer1.weight", "layer1.bias", "layer2.weight", "layer2.bias"])
        branches = Concatenate(-1, nn.Linear(width, 2), nn.Sequential(nn.Linear(width, 3), nn.Tanh()))
        yield case("Concatenate", size, {"dimension": -1}, branches, x, 4300 + 40 * seed,
                   ["branch1.weight", "branch1.bias", "branch2.layer1.weight", "branch2.layer1.bias"])
    for seed, shape in enumerate([(1, 1, 1, 2), (2, 3, 2, 4), (3, 2, 1, 1)]):
        size = "x".join(map(str, shape))
        for dimension in (1, 2, 3):
            module = Concatenate(dimension, nn.Sigmoid(), nn.Identity())
            yield case("Concatenate", f"{size} along {dimension}", {"dimension": dimension}, module, grid(4500 + seed, *shape), 4510 + seed)
        for order in ((1, 2, 3), (3, 1, 2), (2, 3, 1), (3, 2, 1)):
            module = Function(lambda x: x.permute(0, *order))
            yield case("Transpose", f"{size} to {' '.join(map(str, order))}", {"order": order}, module, grid(4600 + seed, *shape), 4610 + seed)
    yield case("Transpose", "3x2x5 to 2 1", {"order": (2, 1)}, Function(lambda x: x.transpose(1, 2)), grid(4700, 3, 2, 5), 4710)
    yield case("Transpose", "3x4 to 1", {"order": (1,)}, Function(lambda x: x.permute(0, 1)), grid(4720, 3, 4), 4730)
    for seed, (shape, new) in enumerate([((2, 12), (3, 4)), ((2, 3, 4), (2, -1)), ((3, 2, 2), (4,)), ((1, 6), (-1,)), ((2, 8), (2, 2, 2))]):
        module = Function(lambda x: x.reshape(x.shape[0], *new))
        yield case("Reshape", f"{'x'.join(map(str, shape))} to {' '.join(map(str, new))}", {"shape": new}, module, grid(4800 + seed, *shape), 4810 + seed)


def state_dict():
    """Names and shapes in a network of these layers."""
    network = nn.Sequential(
        Residual(nn.Linear(4, 3), nn.Tanh(), nn.Linear(3, 4)),
        Concatenate(-1, nn.Linear(4, 2), nn.Sequential(nn.ReLU(), nn.Linear(4, 3, bias=False))),
        nn.Sequential(nn.Linear(5, 6), Residual(nn.BatchNorm1d(6))))
    return {key: list(value.shape) for key, value in network.state_dict().items() if not key.endswith("num_batches_tracked")}


print_cases(list(cases()), stateDict=state_dict())
