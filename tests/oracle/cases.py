"""What the PyTorch scripts share: inputs that are exact in single precision, and the form in which cases are printed."""
import json
import math
import numpy as np
import torch

torch.set_default_dtype(torch.float64)
torch.set_num_threads(1)


def grid(seed, *shape, low=-4.0, high=4.0):
    """Multiples of 1/64 from low to high: exact in float32, so that one case serves both precisions."""
    values = np.random.RandomState(seed).randint(int(low * 64), int(high * 64) + 1, shape) / 64
    return torch.tensor(values)


def uniform(seed, *shape):
    """Numbers from -1 to 1 with all 24 bits of a float32 in use: their products have to be rounded."""
    return torch.tensor(np.random.RandomState(seed).uniform(-1, 1, shape).astype(np.float32).astype(np.float64))


def exact(*values):
    """One sample of hand-picked numbers, each rounded to the nearest float32."""
    return torch.tensor(np.array([values], dtype=np.float32).astype(np.float64))


def largest(*terms):
    """The largest magnitude of the terms of each sum: what rounding in that sum is proportional to."""
    return torch.stack(torch.broadcast_tensors(*[term.abs() for term in terms])).amax(0)


def tensor(values, scale=None):
    """A tensor as JSON: its shape and its values row by row.

    "scale" goes with results that are sums in which terms may cancel. It holds, for each value or once for all, the
    largest magnitude among the terms (rounded up to two digits); the error of a result is to be seen in relation to that.
    """
    values = values.detach()
    document = {"shape": list(values.shape), "values": numbers(values)}
    if scale is not None:
        scales = [rounded_up(s) for s in scale.detach().reshape(-1).tolist()]
        document["scale"] = scales if scale.dim() > 0 else scales[0]
    return document


def tensor_by_largest(values):
    """The result of many steps, in which terms of every entry have met: errors in relation to the largest entry."""
    return tensor(values, values.detach().abs().max())


def numbers(values):
    """A flat list in which whole numbers are printed without a fraction, to keep files small."""
    return [int(v) if v == int(v) and abs(v) < 2**53 else v for v in values.reshape(-1).tolist()]


def rounded_up(scale):
    if scale == 0:
        return 0
    digit = 10.0 ** (math.floor(math.log10(scale)) - 1)
    return float(f"{math.ceil(scale / digit) * digit:.2g}")


def require_same(own, alternative, what):
    """An algebraically identical formula must give what PyTorch's own gives, but for the digits that the latter loses."""
    torch.testing.assert_close(own, alternative, rtol=1e-8, atol=1e-8, msg=lambda text: f"{what}: {text}")


def require_single_precision(inputs, what):
    assert torch.equal(inputs, inputs.float().double()), f"{what}: the input is not exact in single precision"


def print_cases(cases, **header):
    """One case a line, so that a change of one case is a change of one line."""
    names = [case["name"] for case in cases]
    assert len(set(names)) == len(names), "two cases have the same name"
    lines = [f' "{name}": {line(value)},\n' for name, value in header.items()]
    print("{\n" + "".join(lines) + ' "cases": [\n  ' + ",\n  ".join(line(case) for case in cases) + "\n ]\n}")


def line(value):
    return json.dumps(value, separators=(",", ":"), allow_nan=False)
