"""Every layer in PyTorch: prints, as JSON, outputs and gradients that the C# layers must reproduce.

The reference values are computed in float64. Where PyTorch's own formula loses digits, an algebraically identical one
stands in its place; the script then requires that both agree but for those digits.

Needs Debian's python3-torch (apt-get install python3-torch); run with /usr/bin/python3.
"""
import math
import numpy as np
import torch
from torch import nn
from cases import exact, grid, largest, print_cases, require_same, require_single_precision, tensor, uniform

sigmoid = torch.sigmoid

# What is hard: zero and its neighbourhood; where PyTorch's softplus turns into the identity (20); where exp leaves the
# range of float32 (88) and of float64 (709); far beyond.
EXTREMES = exact(0, 1e-8, -1e-8, 1e-3, -1e-3, 20.5, -20.5, 30, -30, 88, -88, 700, -700, 1e4, -1e4)
TINY = torch.tensor([[1e-300, -1e-300, 1e-160, -1e-160, 1e-20, -1e-20]])


# sigmoid: PyTorch takes a(1 - a) of the output, which has lost what 1 - a needs once a is near 1: of sigma(x) = 1 there
# is nothing left to subtract. 1 - sigma(x) = sigma(-x) keeps every digit.
def sigmoid_slope(x):
    return sigmoid(x) * sigmoid(-x)


# tanh: likewise PyTorch takes 1 - a**2 of the output; 1 - tanh**2 = 1 / cosh**2.
def tanh_slope(x):
    return (1 / torch.cosh(x)) * (1 / torch.cosh(x))


# softplus: PyTorch returns x itself above 20, where log(1 + exp(x)) - x is still 2e-9.
def softplus(x):
    return torch.clamp(x, min=0) + torch.log1p(torch.exp(-x.abs()))


# ELU: PyTorch takes exp(x) - 1, of which nothing is left near 0.
def elu(alpha):
    return lambda x: torch.where(x > 0, x, alpha * torch.expm1(x))


# GELU: PyTorch takes 1 + erf(x / sqrt 2), of which nothing is left below -8; it is erfc(-x / sqrt 2).
def normal_cumulative(x):
    return torch.erfc(-x * math.sqrt(0.5)) / 2


def normal_density(x):
    return torch.exp(-x * x / 2) / math.sqrt(2 * math.pi)


def gelu(x):
    return x * normal_cumulative(x)


def gelu_slope(x):
    return normal_cumulative(x), x * normal_density(x)


# GELU's tanh form: (1 + tanh(u)) / 2 is sigma(2u), which does not cancel where tanh(u) is near -1.
def two_u(x):
    return 2 * math.sqrt(2 / math.pi) * (x + 0.044715 * x * x * x)


def gelu_tanh(x):
    return x * sigmoid(two_u(x))


def gelu_tanh_slope(x):
    two_u_slope = 2 * math.sqrt(2 / math.pi) * (1 + 3 * 0.044715 * x * x)
    return sigmoid(two_u(x)), x * sigmoid_slope(two_u(x)) * two_u_slope


def silu_slope(x):
    return sigmoid(x), x * sigmoid_slope(x)


# C# name, its options, PyTorch's layer, the formula of the output and the terms of the derivative where PyTorch's own
# lose digits.
ELEMENTWISE = [
    ("ReLU", {}, nn.ReLU(), None, None),
    ("LeakyReLU", {"negativeSlope": 0.01}, nn.LeakyReLU(0.01), None, None),
    ("LeakyReLU", {"negativeSlope": 0.2}, nn.LeakyReLU(0.2), None, None),
    ("Elu", {"alpha": 1.0}, nn.ELU(), elu(1.0), None),
    ("Elu", {"alpha": 0.25}, nn.ELU(0.25), elu(0.25), None),
    ("Hardtanh", {"low": -1.0, "high": 1.0}, nn.Hardtanh(), None, None),
    ("Hardtanh", {"low": 0.0, "high": 6.0}, nn.ReLU6(), None, None),
    ("Sigmoid", {}, nn.Sigmoid(), None, lambda x: (sigmoid_slope(x),)),
    ("Tanh", {}, nn.Tanh(), None, lambda x: (tanh_slope(x),)),
    ("Softplus", {}, nn.Softplus(), softplus, lambda x: (sigmoid(x),)),
    ("Gelu", {"form": "Exact"}, nn.GELU(), gelu, gelu_slope),
    ("Gelu", {"form": "Tanh"}, nn.GELU(approximate="tanh"), gelu_tanh, gelu_tanh_slope),
    ("Silu", {}, nn.SiLU(), None, silu_slope),
]


def differentiate(function, x, output_gradient):
    x = x.clone().requires_grad_()
    output = function(x)
    output.backward(output_gradient)
    return output.detach(), x.grad


def elementwise(layer, options, module, formula, slope, x, what, single=True):
    name = " ".join([layer, *map(str, options.values()), what])
    if single:
        require_single_precision(x, name)
    upstream = grid(2, *x.shape, low=0.25, high=2) * torch.where(torch.arange(x.numel()).reshape(x.shape) % 3 == 0, -1, 1)
    output, input_gradient = differentiate(module, x, upstream)
    scale = None
    if formula is not None:
        require_same(output, formula(x), name)
        output = formula(x)
    if slope is not None:
        terms = [upstream * term for term in slope(x)]
        require_same(input_gradient, sum(terms), name)
        input_gradient = sum(terms)
        scale = largest(*terms) if len(terms) > 1 else None
    case = {"name": name, "layer": layer, "options": options, "input": tensor(x), "outputGradient": tensor(upstream),
            "output": tensor(output), "inputGradient": tensor(input_gradient, scale)}
    return case if single else {**case, "doubleOnly": True}


def elementwise_cases():
    for number, row in enumerate(ELEMENTWISE):
        for seed, shape in enumerate([(1, 1), (1, 7), (3, 5), (7, 1), (2, 3, 4), (5, 33)], start=600 + 10 * number):
            yield elementwise(*row, grid(seed, *shape), "x".join(map(str, shape)))
        yield elementwise(*row, EXTREMES, "extremes")
        yield elementwise(*row, TINY, "tiny", single=False)


def linear(x, weight, bias, upstream, what):
    """z = x W + b. PyTorch keeps W transposed, (outputs, inputs)."""
    name = f"Linear {what}"
    for values in (x, weight, upstream, *([] if bias is None else [bias])):
        require_single_precision(values, name)
    x, weight = x.clone().requires_grad_(), weight.clone().requires_grad_()
    bias = None if bias is None else bias.clone().requires_grad_()
    output = nn.functional.linear(x, weight.T, bias)
    output.backward(upstream)
    with torch.no_grad():  # the largest term of each of the four sums
        output_scale = (x[:, :, None] * weight[None]).abs().amax(1)
        if bias is not None:
            output_scale = largest(output_scale, bias)
        input_scale = (upstream[:, None, :] * weight[None]).abs().amax(2)
        weight_scale = (x[:, :, None] * upstream[:, None, :]).abs().amax(0)
    parameters, gradients = {"weight": tensor(weight)}, {"weight": tensor(weight.grad, weight_scale)}
    if bias is not None:
        parameters["bias"], gradients["bias"] = tensor(bias), tensor(bias.grad, upstream.abs().amax(0))
    return {"name": name, "layer": "Linear", "options": {"hasBias": bias is not None}, "input": tensor(x),
            "outputGradient": tensor(upstream), "parameters": parameters, "output": tensor(output, output_scale),
            "inputGradient": tensor(x.grad, input_scale), "parameterGradients": gradients}


def linear_cases():
    sizes = [(1, 1, 1), (1, 3, 5), (3, 5, 2), (7, 1, 4), (4, 2, 8), (9, 7, 1), (17, 33, 9), (13, 5, 33)]
    for seed, (batch, inputs, outputs) in enumerate(sizes):
        for has_bias in (True, False) if batch < 9 else (True,):
            yield linear(grid(seed, batch, inputs), grid(200 + seed, inputs, outputs),
                         grid(300 + seed, outputs) if has_bias else None, grid(400 + seed, batch, outputs),
                         f"{batch}x{inputs} to {outputs}{'' if has_bias else ' without bias'}")
    yield linear(uniform(1, 5, 9), uniform(2, 9, 4), uniform(3, 4), uniform(4, 5, 4), "5x9 to 4 with rounding")
    yield linear(uniform(5, 1, 19), uniform(6, 19, 3), None, uniform(7, 1, 3), "1x19 to 3 with rounding, without bias")
    extremes = exact(1e4, -1e4, 0, 1e-8, -1e-8).reshape(5, 1).T
    yield linear(torch.cat([extremes, -extremes.flip(1), grid(8, 1, 5)]), uniform(9, 5, 3), uniform(10, 3),
                 exact(1, -1, 0.5).expand(3, 3), "3x5 to 3 with extremes in the input")
    yield linear(grid(11, 2, 3), exact(1e4, -1e4, 0, 1e-8, -1e4, 1e4).reshape(3, 2), exact(1e4, -1e4).reshape(2),
                 exact(1e4, -1e4, 1e-8, 1).reshape(2, 2), "2x3 to 2 with extremes in parameters and gradient")


def softmax(x, what):
    name = f"Softmax {what}"
    require_single_precision(x, name)
    upstream = grid(5, *x.shape)
    output, input_gradient = differentiate(nn.Softmax(dim=-1), x, upstream)
    # dL/dx_j = a_j (g_j - sum_k g_k a_k): the sum and the difference cancel.
    scale = output * largest(upstream, (upstream * output).abs().amax(-1, keepdim=True))
    return {"name": name, "layer": "Softmax", "options": {}, "input": tensor(x), "outputGradient": tensor(upstream),
            "output": tensor(output), "inputGradient": tensor(input_gradient, scale)}


def log_softmax(x, what):
    name = f"LogSoftmax {what}"
    require_single_precision(x, name)
    upstream = grid(5, *x.shape)
    output, input_gradient = differentiate(nn.LogSoftmax(dim=-1), x, upstream)
    # log p_j = (x_j - max) - log(sum of exp(x - max)), where the sum begins with 1, whose rounding is an absolute error of the
    # logarithm. dL/dx_j = g_j - p_j sum_k g_k: the difference cancels.
    shifted = x - x.amax(-1, keepdim=True)
    scale = largest(upstream, torch.exp(output) * upstream.abs().amax(-1, keepdim=True))
    return {"name": name, "layer": "LogSoftmax", "options": {}, "input": tensor(x), "outputGradient": tensor(upstream),
            "output": tensor(output, largest(shifted, torch.ones(()))), "inputGradient": tensor(input_gradient, scale)}


SOFTMAX_ROWS = [(1e4, -1e4, 0), (1e4, 1e4, -1e4), (-1e4, -1e4, -1e4), (1e4, 1e4 - 3, 1e4 - 30), (0, 1e-8, -1e-8),
                (0, -80, 5), (-700, -730, -1e4)]


def softmax_cases():
    for seed, shape in enumerate([(1, 1), (1, 3), (3, 5), (7, 1), (2, 3, 4), (9, 33)]):
        for function in (softmax, log_softmax):
            yield function(grid(500 + seed, *shape), "x".join(map(str, shape)))
    for function in (softmax, log_softmax):
        for row in SOFTMAX_ROWS:
            yield function(exact(*row), " ".join(f"{value:g}" for value in row))
        yield function(EXTREMES, "extremes")


def flatten(*shape):
    x = grid(6, *shape)
    upstream = grid(7, shape[0], math.prod(shape[1:]))
    output, input_gradient = differentiate(nn.Flatten(), x, upstream)
    return {"name": f"Flatten {'x'.join(map(str, shape))}", "layer": "Flatten", "options": {}, "input": tensor(x),
            "outputGradient": tensor(upstream), "output": tensor(output), "inputGradient": tensor(input_gradient)}


def flatten_cases():
    for shape in [(1, 1), (1, 5), (3, 5), (2, 3, 4), (1, 2, 2, 2), (3, 1, 5, 2)]:
        yield flatten(*shape)


def dropout(probability, training, seed, *shape):
    """PyTorch draws r from a generator of its own. Its multiply takes an r of NumPy's here, which the C# side draws too."""
    x, upstream = grid(seed, *shape), grid(seed + 1, *shape)
    dropped = nn.Dropout(probability).train(training)(torch.ones(1000))
    assert set(dropped.tolist()) == ({0.0, (1 / torch.tensor(1 - probability)).item()} if training else {1.0})
    mask = torch.tensor(np.random.RandomState(seed).random_sample(shape) >= probability) * (1 / (1 - probability))
    output, input_gradient = differentiate(lambda x: x * mask if training else nn.Dropout(probability).eval()(x), x, upstream)
    return {"name": f"Dropout {probability:g} {'training' if training else 'inference'} {'x'.join(map(str, shape))}",
            "layer": "Dropout", "options": {"probability": probability, "training": training, "seed": seed}, "input": tensor(x),
            "outputGradient": tensor(upstream), "output": tensor(output), "inputGradient": tensor(input_gradient)}


def dropout_cases():
    for seed, shape in enumerate([(1, 7), (3, 5), (2, 3, 4)], start=900):
        for probability in (0.2, 0.5):
            for training in (True, False):
                yield dropout(probability, training, seed, *shape)


print_cases([*linear_cases(), *elementwise_cases(), *softmax_cases(), *flatten_cases(), *dropout_cases()])
