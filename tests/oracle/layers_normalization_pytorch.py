"""Every layer that normalises in PyTorch: prints, as JSON, outputs, gradients and running statistics that the C# layers must
reproduce.

The reference values are computed in float64. PyTorch 1.13 has no RMSNorm: it stands here in two lines, derived by autograd.

Needs Debian's python3-torch (apt-get install python3-torch); run with /usr/bin/python3.
"""
import torch
from torch import nn
from cases import grid, largest, print_cases, require_single_precision, tensor


class RmsNorm(nn.Module):
    def __init__(self, shape, epsilon, affine):
        super().__init__()
        self.dimensions = tuple(range(-len(shape), 0))
        self.epsilon = epsilon
        self.weight = nn.Parameter(torch.ones(shape)) if affine else None

    def forward(self, x):
        normalized = x / torch.sqrt((x * x).mean(self.dimensions, keepdim=True) + self.epsilon)
        return normalized if self.weight is None else normalized * self.weight


def case(layer, what, module, options, x, seed, axes, mean, root):
    """axes: what is normalised over; mean and root: what x becomes (x - mean) / root with."""
    name = f"{layer} {what}"
    parameters = dict(module.named_parameters())
    with torch.no_grad():
        for number, parameter in enumerate(parameters.values()):
            parameter.copy_(grid(seed + 10 + number, *parameter.shape, low=-2, high=2))
    upstream = grid(seed + 20, *x.shape)
    for values in (x, upstream, *parameters.values()):
        require_single_precision(values, name)
    x = x.clone().requires_grad_()
    output = module(x)
    output.backward(upstream)
    with torch.no_grad():
        # The largest term of each sum. x - mean cancels, so that what is left of x and of the mean in the normalised value
        # is what rounding is proportional to; the rest follows the formulas.
        hat = largest(x, mean) / root
        gamma = spread(parameters.get("weight"), x, axes)
        terms = [gamma * hat, *([spread(parameters["bias"], x, axes)] if "bias" in parameters else [])]
        g = (upstream * gamma).abs()
        input_scale = largest(g, g.mean(axes, keepdim=True), hat * (g * hat).mean(axes, keepdim=True)) / root
        reduced = rows_of(x, parameters["weight"], axes) if "weight" in parameters else None
        scales = {"weight": (upstream * hat).abs(), "bias": upstream.abs()}
        gradients = {key: tensor(parameter.grad, scales[key].amax(reduced).reshape(parameter.shape)) for key, parameter in parameters.items()}
    document = {"name": name, "layer": layer, "options": options, "input": tensor(x), "outputGradient": tensor(upstream),
                "output": tensor(output, largest(*terms)), "inputGradient": tensor(x.grad, input_scale)}
    # Nothing is left to normalise where all values are alike: the gradient of x is what rounding and epsilon leave.
    if (x.numel() == root.numel() or "all" in what) and "inference" not in what:
        document["cancels"] = True
    if parameters:
        document.update(parameters={key: tensor(value) for key, value in parameters.items()}, parameterGradients=gradients)
    return document


def spread(parameter, x, axes):
    """A parameter in a shape that goes with x: of a channel, or of the last dimensions."""
    if parameter is None:
        return torch.ones(())
    return parameter.reshape([1, -1] + [1] * (x.dim() - 2)) if 0 in axes else parameter


def rows_of(x, weight, axes):
    return axes if 0 in axes else tuple(range(x.dim() - weight.dim()))


def batch_norm(layer, seed, x, training, epsilon=1e-5, momentum=0.1, affine=True, tracks=True, what=""):
    module = getattr(nn, layer)(x.shape[1], epsilon, momentum, affine, tracks).train(training)
    axes = (0, *range(2, x.dim()))
    before = {}
    if tracks:
        module.running_mean.copy_(grid(seed + 1, x.shape[1]))
        module.running_var.copy_(grid(seed + 2, x.shape[1], low=0.25, high=3))
        before = {key: tensor(getattr(module, key).clone()) for key in ("running_mean", "running_var")}
    uses_batch = training or not tracks
    shape = [1, -1] + [1] * (x.dim() - 2)
    mean = x.mean(axes, keepdim=True) if uses_batch else module.running_mean.clone().reshape(shape)
    variance = x.var(axes, unbiased=False, keepdim=True) if uses_batch else module.running_var.clone().reshape(shape)
    options = {"training": training, "epsilon": epsilon, "momentum": momentum, "affine": affine}
    words = [f"{key} {value:g}" for key, value, usual in (("epsilon", epsilon, 1e-5), ("momentum", momentum, 0.1)) if value != usual]
    words = ["x".join(map(str, x.shape)), "training" if training else "inference", *words, *([] if affine else ["not affine"]),
             *([] if tracks else ["no statistics"]), *([what] if what else [])]
    document = case(layer, " ".join(words), module, options, x, seed, axes, mean, torch.sqrt(variance + epsilon))
    if tracks:
        old = module.running_mean.abs() + 4
        mean_scale = largest(old, x.abs().amax(axes))
        after = {"running_mean": tensor(module.running_mean, mean_scale if training else None),
                 "running_var": tensor(module.running_var, mean_scale ** 2 if training else None)}
        document.update(statistics=before, statisticsAfter=after)
    return document


def batch_norm_cases():
    number = 0
    for layer, shapes in (("BatchNorm1d", [(4, 3), (7, 1), (5, 2, 3), (3, 17), (1, 2, 5)]), ("BatchNorm2d", [(2, 3, 2, 2), (1, 1, 3, 4), (3, 2, 1, 5)])):
        for shape in shapes:
            number += 1
            for training in (True, False):
                yield batch_norm(layer, 2000 + 40 * number, grid(2000 + 40 * number, *shape), training)
        x = grid(2900, 4, 2, *([2, 2] if layer == "BatchNorm2d" else []))
        for training in (True, False):
            yield batch_norm(layer, 2900, x, training, epsilon=0.125, momentum=0.5)
            yield batch_norm(layer, 2910, x, training, affine=False)
            yield batch_norm(layer, 2920, x, training, tracks=False)
            yield batch_norm(layer, 2930, x, training, affine=False, tracks=False)
        yield batch_norm(layer, 2940, x, True, momentum=0.0)
        yield batch_norm(layer, 2950, x, True, momentum=1.0)
        # A mean that is large beside the deviation, and no deviation at all.
        yield batch_norm(layer, 2960, x / 16 + 4096, True, what="around 4096")
        yield batch_norm(layer, 2970, torch.full_like(x, 2.5), True, what="all the same")


def last_dimensions(layer, seed, x, dimensions, epsilon=1e-5, affine=True, what=""):
    shape = x.shape[-dimensions:]
    axes = tuple(range(x.dim() - dimensions, x.dim()))
    if layer == "LayerNorm":
        module, mean = nn.LayerNorm(shape, epsilon, affine), x.mean(axes, keepdim=True)
        square = x.var(axes, unbiased=False, keepdim=True)
    else:
        module, mean = RmsNorm(shape, epsilon, affine), torch.zeros(())
        square = (x * x).mean(axes, keepdim=True)
    options = {"dimensions": dimensions, "epsilon": epsilon, "affine": affine}
    words = ["x".join(map(str, x.shape)), f"over {dimensions}", *([] if epsilon == 1e-5 else [f"epsilon {epsilon:g}"]),
             *([] if affine else ["not affine"]), *([what] if what else [])]
    return case(layer, " ".join(words), module, options, x, seed, axes, mean, torch.sqrt(square + epsilon))


def last_dimensions_cases():
    for layer in ("LayerNorm", "RmsNorm"):
        for number, (shape, dimensions) in enumerate([((1, 4), 1), ((3, 5), 1), ((2, 3, 4), 1), ((2, 3, 4), 2), ((2, 2, 2, 3), 3), ((3, 33), 1), ((2, 1), 1)]):
            yield last_dimensions(layer, 3000 + 40 * number, grid(3000 + 40 * number, *shape), dimensions)
        x = grid(3900, 3, 2, 4)
        yield last_dimensions(layer, 3900, x, 1, affine=False)
        yield last_dimensions(layer, 3910, x, 2, epsilon=0.125)
        yield last_dimensions(layer, 3920, x, 2, epsilon=1e-3, affine=False)
        yield last_dimensions(layer, 3930, x / 16 + 4096, 1, what="around 4096")
        yield last_dimensions(layer, 3940, torch.full_like(x, 2.5), 1, what="all the same")
        yield last_dimensions(layer, 3950, torch.zeros_like(x), 1, what="all zero")


def state_dict():
    """Names and shapes in a network of these layers. num_batches_tracked may be missing: load_state_dict puts a 0 in its place."""
    network = nn.Sequential(nn.BatchNorm1d(4), nn.LayerNorm([4]), RmsNorm([4], 1e-6, True), nn.BatchNorm1d(4, affine=False),
                            nn.BatchNorm1d(4, track_running_stats=False), nn.LayerNorm([4], elementwise_affine=False))
    state = {key: value for key, value in network.state_dict().items() if not key.endswith("num_batches_tracked")}
    network.load_state_dict(dict(state))
    return {key: list(value.shape) for key, value in state.items()}


print_cases([*batch_norm_cases(), *last_dimensions_cases()], stateDict=state_dict())
