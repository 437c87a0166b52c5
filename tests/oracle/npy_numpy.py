"""Prints files that NumPy wrote, as base64, with the numbers that are in them: every type, order, byte order and rank."""
import base64
import io
import json

import numpy as np


def npy(array):
    stream = io.BytesIO()
    np.save(stream, array, allow_pickle=array.dtype == object)
    return base64.b64encode(stream.getvalue()).decode()


def npz(save, **arrays):
    stream = io.BytesIO()
    save(stream, **arrays)
    return base64.b64encode(stream.getvalue()).decode()


cases = []
for kind in ["f2", "f4", "f8", "i1", "i2", "i4", "i8", "u1", "u2", "u4", "u8", "?"]:
    for byte_order in "<>":
        values = np.arange(6) % 2 == 0 if kind == "?" else np.arange(6) * 2 - (0 if kind[0] == "u" else 3)
        array = values.reshape(2, 3).astype(np.dtype(kind).newbyteorder(byte_order))
        cases.append({"name": f"{byte_order}{kind}", "file": npy(array), "shape": [2, 3], "values": array.astype(float).ravel().tolist()})
for shape in [(), (5,), (2, 3), (2, 3, 4), (2, 1, 3, 2), (0, 3)]:
    for order in "CF":
        array = np.array(np.arange(np.prod(shape, dtype=int)).reshape(shape) + 0.5, order=order)
        cases.append({"name": f"shape {shape} order {order}", "file": npy(array), "shape": list(shape), "values": array.ravel().tolist()})
archives = {
    "stored": npz(np.savez, X=np.arange(6.0).reshape(3, 2), y=np.array([0, 1, 1])),
    "packed": npz(np.savez_compressed, X=np.arange(6.0).reshape(3, 2), y=np.array([0, 1, 1])),
}
refused = {
    "objects": npy(np.array([{"a": 1}, None], dtype=object)),
    "structured": npy(np.zeros(2, dtype=[("a", "<f8"), ("b", "<i4")])),
    "complex": npy(np.zeros(2, dtype=complex)),
    "text": npy(np.array(["a", "bc"])),
    "five dimensions": npy(np.zeros((1, 1, 1, 1, 1))),
}
print(json.dumps({"arrays": cases, "archives": archives, "refused": refused}, indent=1))
