"""First weights: prints, as JSON, the distribution that PyTorch asks for and the numbers that NumPy draws from it.

PyTorch's own random numbers are of another generator. So the bounds and the standard deviations are taken from its calls
of uniform_ and normal_, and the values from NumPy's legacy generator: randn() times the deviation, uniform(-bound, bound).

Needs Debian's python3-torch (apt-get install python3-torch); run with /usr/bin/python3.
"""
from unittest import mock
import numpy as np
import torch
from torch import nn
from cases import print_cases, tensor

SEED = 42


def he_normal(layer):
    nn.init.kaiming_normal_(layer.weight, mode="fan_in", nonlinearity="relu")
    nn.init.zeros_(layer.bias)


def he_uniform(layer):
    nn.init.kaiming_uniform_(layer.weight, mode="fan_in", nonlinearity="relu")
    nn.init.zeros_(layer.bias)


def glorot_normal(layer):
    nn.init.xavier_normal_(layer.weight)
    nn.init.zeros_(layer.bias)


def glorot_uniform(layer):
    nn.init.xavier_uniform_(layer.weight)
    nn.init.zeros_(layer.bias)


def pytorch_default(layer):
    layer.reset_parameters()


INITIALIZERS = {"HeNormal": he_normal, "HeUniform": he_uniform, "GlorotNormal": glorot_normal,
                "GlorotUniform": glorot_uniform, "PyTorchDefault": pytorch_default}


def asked_for(initialize, layer):
    """What the initialiser asks of the weight's and the bias's memory: ("uniform", low, high) or ("normal", mean, deviation)."""
    calls = {}

    def recorder(distribution, first, second):
        def record(values, *arguments, **named):
            arguments = dict(zip((first, second), arguments)) | named
            calls["weight" if values is layer.weight else "bias"] = (distribution, arguments[first], arguments[second])
            return values
        return record

    with mock.patch.object(torch.Tensor, "uniform_", recorder("uniform", "from", "to")), \
            mock.patch.object(torch.Tensor, "normal_", recorder("normal", "mean", "std")):
        initialize(layer)
    return calls


def draw(random, call, shape):
    if call is None:
        return {"values": tensor(torch.zeros(shape))}
    distribution, first, second = call
    if distribution == "normal":
        assert first == 0
        values = random.standard_normal(shape) * second
        return {"distribution": distribution, "deviation": second, "values": tensor(torch.tensor(values))}
    assert first == -second
    values = torch.tensor(random.uniform(first, second, shape))
    # -bound + 2 bound u: near 0 the digits of the sum are those of the bound.
    return {"distribution": distribution, "bound": second, "values": tensor(values, torch.tensor(second))}


def case(name, initialize, inputs, outputs):
    layer = nn.Linear(inputs, outputs)
    calls = asked_for(initialize, layer)
    random = np.random.RandomState(SEED)
    return {"name": f"{name} {inputs}x{outputs}", "initializer": name, "inputs": inputs, "outputs": outputs, "seed": SEED,
            "weight": draw(random, calls["weight"], (inputs, outputs)), "bias": draw(random, calls.get("bias"), (outputs,))}


print_cases([case(name, initialize, inputs, outputs) for name, initialize in INITIALIZERS.items()
             for inputs, outputs in [(1, 1), (2, 8), (8, 1), (5, 3), (9, 13)]])
