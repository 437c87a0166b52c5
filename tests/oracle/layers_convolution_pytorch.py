"""Layers that move a window over images, in PyTorch: prints, as JSON, outputs and gradients that the C# layers must reproduce.

The names and the layout of the parameters are those of the module's state_dict().

Needs Debian's python3-torch (apt-get install python3-torch); run with /usr/bin/python3.
"""
import warnings
import torch
from torch import nn
from cases import exact, grid, largest, print_cases, require_single_precision, tensor, uniform

warnings.filterwarnings("ignore", "scatter_reduce")


def pair(setting):
    return list(setting) if isinstance(setting, tuple) else [setting, setting]


def windows(x, kernel, stride, padding, dilation, fill):
    """What each window shows, (batch, channels, taps, windows), and where in its channel that is; -1 in the padding."""
    batch, channels, height, width = x.shape
    (ky, kx), (sy, sx), (py, px), (dy, dx) = map(pair, (kernel, stride, padding, dilation))
    rows = (height + 2 * py - dy * (ky - 1) - 1) // sy + 1
    columns = (width + 2 * px - dx * (kx - 1) - 1) // sx + 1
    y = torch.arange(rows).reshape(1, 1, -1, 1) * sy - py + torch.arange(ky).reshape(-1, 1, 1, 1) * dy
    x_ = torch.arange(columns).reshape(1, 1, 1, -1) * sx - px + torch.arange(kx).reshape(1, -1, 1, 1) * dx
    places = torch.where((y >= 0) & (y < height) & (x_ >= 0) & (x_ < width), y * width + x_, -1).reshape(ky * kx, rows * columns)
    shown = torch.cat([x.reshape(batch, channels, -1), torch.full((batch, channels, 1), fill)], 2)[:, :, places]
    return shown, places


def largest_by_place(terms, places, length):
    """The largest of the terms (batch, channels, taps, windows) that come from each of the places of a channel."""
    batch, channels = terms.shape[:2]
    target = torch.zeros(batch, channels, length + 1)
    index = torch.where(places < 0, length, places).expand(terms.shape).reshape(batch, channels, -1)
    return target.scatter_reduce(2, index, terms.abs().reshape(batch, channels, -1), "amax")[:, :, :length]


def convolution(x, weight, bias, seed, what, stride=1, padding=0, dilation=1, groups=1, upstream=None):
    name = f"Conv2d {what}"
    outputs, group_inputs, *kernel = weight.shape
    module = nn.Conv2d(x.shape[1], outputs, tuple(kernel), stride, padding, dilation, groups, bias is not None)
    state = {"weight": weight} if bias is None else {"weight": weight, "bias": bias}
    assert {key: value.shape for key, value in module.state_dict().items()} == {key: value.shape for key, value in state.items()}
    module.load_state_dict(state)
    upstream = grid(seed, *module(x).shape) if upstream is None else upstream
    for values in (x, upstream, *state.values()):
        require_single_precision(values, name)
    x = x.clone().requires_grad_()
    output = module(x)
    output.backward(upstream)
    with torch.no_grad():  # the largest term of each of the four sums
        shown, places = windows(x, tuple(kernel), stride, padding, dilation, 0.0)
        output_scale, weight_scale, input_terms = [], [], []
        for group in range(groups):
            seen = shown[:, group * group_inputs:(group + 1) * group_inputs]
            rows = slice(group * outputs // groups, (group + 1) * outputs // groups)
            w = weight[rows].reshape(1, outputs // groups, group_inputs, -1, 1)
            dz = upstream[:, rows].reshape(x.shape[0], outputs // groups, 1, 1, -1)
            output_scale.append((w * seen[:, None]).abs().amax((2, 3)))
            weight_scale.append((dz * seen[:, None]).abs().amax((0, 4)))
            input_terms.append((w * dz).abs().amax(1))
        output_scale = torch.cat(output_scale, 1)
        if bias is not None:
            output_scale = largest(output_scale, bias[None, :, None])
        input_scale = largest_by_place(torch.cat(input_terms, 1), places, x.shape[2] * x.shape[3])
        weight_scale = torch.cat(weight_scale)
    gradients = {"weight": tensor(module.weight.grad, weight_scale)}
    if bias is not None:
        gradients["bias"] = tensor(module.bias.grad, upstream.abs().amax((0, 2, 3)))
    options = {"kernel": kernel, "stride": pair(stride), "padding": pair(padding), "dilation": pair(dilation), "groups": groups,
               "hasBias": bias is not None}
    return {"name": name, "layer": "Conv2d", "options": options, "input": tensor(x), "outputGradient": tensor(upstream),
            "parameters": {key: tensor(value) for key, value in state.items()}, "output": tensor(output, output_scale),
            "inputGradient": tensor(x.grad, input_scale), "parameterGradients": gradients}


def pooling(kind, x, kernel, seed, what, stride=None, padding=0, dilation=1, counts_padding=True):
    name = f"{kind} {what}"
    stride = kernel if stride is None else stride
    if kind == "MaxPool2d":
        module = nn.MaxPool2d(kernel, stride, padding, dilation)
    else:
        module = nn.AvgPool2d(kernel, stride, padding, count_include_pad=counts_padding)
    upstream = grid(seed, *module(x).shape)
    for values in (x, upstream):
        require_single_precision(values, name)
    x = x.clone().requires_grad_()
    output = module(x)
    output.backward(upstream)
    options = {"kernel": pair(kernel), "stride": pair(stride), "padding": pair(padding), "dilation": pair(dilation)}
    with torch.no_grad():  # the largest term of each of the two sums
        shown, places = windows(x, kernel, stride, padding, dilation, 0.0)
        terms = upstream.reshape(*upstream.shape[:2], 1, -1).expand(shown.shape)
        if kind == "AveragePool2d":
            counted = shown.shape[2] if counts_padding else (places >= 0).sum(0)
            options["countsPadding"] = counts_padding
            output_scale, terms = (shown / counted).abs().amax(2), terms / counted
        else:
            output_scale = None  # no sum
            _, largest_places = nn.functional.max_pool2d(x, kernel, stride, padding, dilation, return_indices=True)
            terms = torch.where(places == largest_places.reshape(*upstream.shape[:2], 1, -1), terms, 0.0)
        input_scale = largest_by_place(terms, places, x.shape[2] * x.shape[3])
    return {"name": name, "layer": kind, "options": options, "input": tensor(x), "outputGradient": tensor(upstream), "parameters": {},
            "output": tensor(output, output_scale), "inputGradient": tensor(x.grad, input_scale), "parameterGradients": {}}


def pooling_cases():
    sizes = [
        # input, kernel, settings
        ((1, 1, 1, 1), 1, {}),
        ((2, 3, 4, 6), 2, {}),
        ((1, 2, 5, 7), 2, {}),  # a row and a column that no window sees
        ((2, 2, 5, 6), 3, {"stride": 2, "padding": 1}),
        ((1, 3, 4, 5), (2, 3), {"stride": 1}),
        ((2, 1, 7, 6), (3, 2), {"stride": (1, 3), "padding": (1, 1)}),
        ((1, 2, 6, 6), 3, {"stride": 3, "padding": (1, 0)}),
        ((1, 1, 3, 4), (3, 4), {}),  # the window is the image
        ((1, 1, 3, 40), (2, 3), {"stride": (1, 2), "padding": (0, 1)}),  # more windows in a row than a register holds
        ((1, 1, 4, 35), (1, 2), {"stride": 1}),
    ]
    for seed, (shape, kernel, settings) in enumerate(sizes, start=1500):
        x = grid(seed, *shape)
        text = " ".join(["x".join(map(str, shape)), "kernel", str(kernel), *(f"{key} {value}" for key, value in settings.items())])
        yield pooling("MaxPool2d", x, kernel, seed + 100, text, **settings)
        yield pooling("AveragePool2d", x, kernel, seed + 100, text, **settings)
        if settings.get("padding"):
            yield pooling("AveragePool2d", x, kernel, seed + 100, f"{text} padding not counted", counts_padding=False, **settings)
    yield pooling("MaxPool2d", grid(1600, 2, 2, 7, 8), (3, 2), 1601, "with dilation", stride=(1, 2), padding=1, dilation=(2, 3))
    yield pooling("MaxPool2d", grid(1602, 1, 2, 6, 5), 2, 1603, "with dilation 4", stride=1, dilation=4)
    # Windows that do not overlap: where one number is tied in two windows, which of them take it is no slope of either side.
    yield pooling("MaxPool2d", grid(1604, 1, 2, 6, 6, low=-1 / 64, high=1 / 64), (2, 3), 1605, "with ties")
    extremes = exact(1e4, -1e4, 0, 1e-8, -1e-8, 1, 1e4, 1e-8, -1).reshape(1, 1, 3, 3)
    yield pooling("MaxPool2d", extremes, 2, 1606, "with extremes", stride=1)
    yield pooling("AveragePool2d", extremes, 2, 1606, "with extremes", stride=1, padding=1)
    yield pooling("AveragePool2d", uniform(1607, 1, 2, 5, 5), 3, 1608, "with rounding", stride=2, padding=1)


def convolution_cases():
    sizes = [
        # input, outputs, kernel, settings
        ((1, 1, 1, 1), 1, (1, 1), {}),
        ((2, 1, 4, 5), 2, (3, 3), {}),
        ((2, 3, 4, 4), 5, (1, 1), {}),
        ((1, 2, 5, 4), 3, (3, 3), {"padding": 1}),
        ((3, 2, 3, 4), 4, (2, 3), {"padding": (1, 2)}),
        ((1, 1, 7, 6), 2, (3, 3), {"stride": 2, "padding": 1}),
        ((2, 2, 5, 7), 1, (2, 2), {"stride": (3, 2)}),
        ((1, 2, 7, 7), 2, (3, 2), {"dilation": (2, 3)}),
        ((1, 1, 8, 7), 2, (3, 3), {"stride": 2, "padding": 2, "dilation": 2}),
        ((2, 4, 4, 3), 6, (2, 2), {"groups": 2, "padding": 1}),
        ((1, 3, 5, 5), 3, (3, 3), {"groups": 3, "padding": 1, "stride": 2}),
        ((1, 2, 3, 4), 4, (3, 4), {}),  # the window is the image
        ((1, 2, 6, 3), 3, (2, 3), {"stride": (2, 1)}),  # one column
        ((1, 1, 2, 5), 2, (2, 2), {"stride": (1, 3)}),  # one row, and columns that no window sees
        ((1, 1, 1, 1), 1, (3, 3), {"padding": 3, "stride": 4}),  # windows that see padding alone
        ((1, 2, 3, 4), 13, (2, 2), {}),
    ]
    for seed, (shape, outputs, kernel, settings) in enumerate(sizes, start=1000):
        weight = grid(seed + 100, outputs, shape[1] // settings.get("groups", 1), *kernel)
        text = " ".join(["x".join(map(str, shape)), "to", str(outputs), "kernel", "x".join(map(str, kernel)), *(f"{key} {value}" for key, value in settings.items())])
        yield convolution(grid(seed, *shape), weight, None if seed % 3 == 2 else grid(seed + 200, outputs), seed + 300, text, **settings)
    yield convolution(uniform(1, 2, 3, 5, 5), uniform(2, 4, 3, 3, 3), uniform(3, 4), 4, "with rounding", padding=1, upstream=uniform(4, 2, 4, 5, 5))
    yield convolution(uniform(5, 1, 4, 6, 5), uniform(6, 4, 2, 2, 3), None, 7, "with rounding, stride and groups", stride=2, groups=2, upstream=uniform(7, 1, 4, 3, 2))
    extremes = exact(1e4, -1e4, 0, 1e-8, -1e-8, 1, 1e4, 1e-8, -1).reshape(1, 1, 3, 3)
    yield convolution(extremes, uniform(8, 2, 1, 2, 2), uniform(9, 2), 10, "with extremes in the input", padding=1)
    yield convolution(grid(11, 1, 1, 3, 3), exact(1e4, -1e4, 1e-8, 1).reshape(1, 1, 2, 2), exact(-1e4).reshape(1), 12, "with extremes in parameters and gradient", upstream=exact(1e4, -1e4, 1e-8, 0).reshape(1, 1, 2, 2))


print_cases([*convolution_cases(), *pooling_cases()])
