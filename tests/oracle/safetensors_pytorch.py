"""Networks that PyTorch saves: prints, as JSON, the bytes of a safetensors file of the state_dict, an input and the output.

The file is written here in a few lines, from the format's description (https://huggingface.co/docs/safetensors), so that
nothing of this library has a hand in it. Weights keep the type that they are stored in; outputs are computed in float64.

Needs Debian's python3-torch (apt-get install python3-torch); run with /usr/bin/python3.
"""
import base64
import json
import torch
from torch import nn
from cases import grid, print_cases, require_single_precision, tensor, tensor_by_largest

TYPES = {torch.float64: "F64", torch.float32: "F32", torch.float16: "F16", torch.bfloat16: "BF16"}


class SelfAttention(nn.MultiheadAttention):
    def forward(self, x):
        return super().forward(x, x, x)[0]


class LastState(nn.GRU):
    def forward(self, x):
        return super().forward(x)[0][:, -1]


def save(tensors, metadata=None):
    """The bytes of a safetensors file: the length of the header, the header as JSON, the numbers."""
    header, data = ({"__metadata__": metadata} if metadata else {}), b""
    for name, values in tensors.items():
        # NumPy has no bfloat16; as whole numbers of two bytes the bits stay as they are.
        numbers = values.contiguous().view(torch.int16 if values.dtype == torch.bfloat16 else values.dtype).numpy().tobytes()
        header[name] = {"dtype": TYPES[values.dtype], "shape": list(values.shape), "data_offsets": [len(data), len(data) + len(numbers)]}
        data += numbers
    text = json.dumps(header).encode()
    return len(text).to_bytes(8, "little") + text + data


def network(name, layers, module, x, dtype=torch.float32, metadata=None):
    """layers: the same network in the library's words."""
    for number, parameter in enumerate(module.parameters()):
        # Multiples of 1/64 up to 1 are exact in all four types.
        parameter.data = grid(number, *parameter.shape, low=-1, high=1)
    require_single_precision(x, name)
    file = save({key: value.to(dtype) for key, value in module.state_dict().items()}, metadata)
    return {"name": name, "layers": layers, "file": base64.b64encode(file).decode(), "input": tensor(x),
            "output": tensor_by_largest(module.eval()(x))}


def perceptron_module():
    return nn.Sequential(nn.Linear(2, 4), nn.ReLU(), nn.Linear(4, 2))


x = grid(50, 5, 2, low=-2, high=2)
perceptron = "Linear(2, 4), ReLU, Linear(4, 2)"
print_cases([
    network("a perceptron in float32", perceptron, perceptron_module(), x, metadata={"format": "pt"}),
    network("a perceptron in float64", perceptron, perceptron_module(), x, torch.float64),
    network("a perceptron in float16", perceptron, perceptron_module(), x, torch.float16),
    network("a perceptron in bfloat16", perceptron, perceptron_module(), x, torch.bfloat16),
    network("a convolution in groups without bias", "Conv2d(2, 4, kernel (3, 2), stride 2, padding 1, groups 2, no bias), Tanh, Flatten, Linear(36, 3)",
            nn.Sequential(nn.Conv2d(2, 4, (3, 2), stride=2, padding=1, groups=2, bias=False), nn.Tanh(), nn.Flatten(), nn.Linear(36, 3)),
            grid(51, 3, 2, 5, 4, low=-2, high=2)),
    network("attention and a recurrent layer", "MultiHeadAttention(6, 2 heads), Gru(6, 3, last state), Linear(3, 2, no bias)",
            nn.Sequential(SelfAttention(6, 2, batch_first=True), LastState(6, 3, batch_first=True), nn.Linear(3, 2, bias=False)),
            grid(52, 4, 3, 6, low=-2, high=2)),
])
