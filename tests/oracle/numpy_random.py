"""NumPy's legacy random numbers: prints, as JSON, the streams the C# generator must reproduce.

Each stream is 100,000 values after np.random.seed: the SHA-256 of their little-endian bytes, the values at
"positions", and "next", one np.random.rand() after the stream, which shows that no draw was lost or added.

Needs Debian's python3-numpy (apt-get install python3-numpy); run with /usr/bin/python3.
"""
import hashlib
import json
import math
import numpy as np

SEEDS = [0, 1, 42, 2**32 - 1]
COUNT = 100_000

# MT19937 computes 624 words at a time: 624 draws of 32 bits, 312 of 64.
POSITIONS = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9,
             226, 227, 310, 311, 312, 313, 396, 397, 622, 623, 624, 625, 935, 936, 1247, 1248,
             4_095, 9_999, 31_415, 50_000, 62_399, 62_400, 77_777, 99_983, 99_998, 99_999]

INTEGER_RANGES = [
    (0, 16),                    # a power of two: nothing is rejected
    (0, 10),                    # 4 bits, 6 of 16 values rejected
    (7, 8),                     # one value: nothing is drawn
    (-100, 57),                 # from a negative number
    (0, 2**32),                 # the widest range for which 32 bits are drawn
    (0, 2**32 + 1),             # the narrowest for which 64 are
    (-2**40, 2**41 + 12_345),
    (-2**63, 2**63 - 1),        # nearly every 64-bit integer: the distance overflows a signed number
]


def sha256(values, dtype):
    return hashlib.sha256(np.ascontiguousarray(values, dtype=dtype).tobytes()).hexdigest()


def samples(values):
    return [values[p].item() for p in POSITIONS if p < len(values)]


def quantised(values):
    """Whole multiples of 2**-30: the same on platforms whose logarithms differ in the last bit."""
    return np.floor(np.asarray(values) * 2.0**30).astype("<i8")


def draws(function, seed, draw, dtype, **arguments):
    np.random.seed(seed)
    values = draw()
    stream = {"function": function, "seed": seed, **arguments, "sha256": sha256(values, dtype)}
    if function == "randn":
        stream["quantisedSha256"] = sha256(quantised(values), "<i8")
    return {**stream, "samples": samples(values), "next": np.random.rand()}


def streams():
    for seed in SEEDS:
        yield draws("rand", seed, lambda: np.random.rand(COUNT), "<f8")
        yield draws("randn", seed, lambda: np.random.randn(COUNT), "<f8")
        yield draws("uniform", seed, lambda: np.random.uniform(-3.5, 7.25, COUNT), "<f8", low=-3.5, high=7.25)
        for low, high in INTEGER_RANGES:
            yield draws("randint", seed, lambda: np.random.randint(low, high, COUNT, dtype=np.int64), "<i8",
                        low=low, high=high)


def permutations():
    """Several sizes after one another from one seed."""
    for seed in SEEDS:
        np.random.seed(seed)
        for count in [1, 2, 10, 1_000, 100_000]:
            order = np.random.permutation(count)
            yield {"seed": seed, "count": count, "sha256": sha256(order, "<i4"), "samples": samples(order),
                   "next": np.random.rand()}


def shuffles():
    """0, 1, …, 999 shuffled twice in a row. NumPy shuffles lists and arrays by different code; both must agree."""
    for seed in SEEDS:
        as_array, as_list = np.arange(1_000), list(range(1_000))
        np.random.seed(seed)
        rounds = []
        for _ in range(2):
            np.random.shuffle(as_array)
            rounds.append({"sha256": sha256(as_array, "<i4"), "samples": samples(as_array)})
        after = np.random.rand()

        np.random.seed(seed)
        np.random.shuffle(as_list)
        np.random.shuffle(as_list)
        assert as_list == as_array.tolist() and after == np.random.rand()
        yield {"seed": seed, "rounds": rounds, "next": after}


def kept_normals():
    """An odd number of normals keeps one, which other draws leave alone."""
    for seed in SEEDS:
        np.random.seed(seed)
        yield {"seed": seed, "randn3": np.random.randn(3).tolist(), "rand2": np.random.rand(2).tolist(),
               "randint2": np.random.randint(0, 10, 2).tolist(), "randn2": np.random.randn(2).tolist(),
               "next": np.random.rand()}


def interleaved():
    """All kinds of single draws in turn: 32-bit and 64-bit ones fall across the edges of the generator's blocks."""
    for seed in SEEDS:
        np.random.seed(seed)
        values = []
        for _ in range(2_000):
            values.append(np.random.randint(0, 10))
            values.append(quantised(np.random.rand()).item())
            values.append(np.random.randint(-5, 2**33))
            values.append(quantised(np.random.randn()).item())
            values.append(quantised(np.random.uniform(-3.5, 7.25)).item())
            values.extend(np.random.permutation(3).tolist())
        values = np.array(values, dtype="<i8")
        yield {"seed": seed, "sha256": sha256(values, "<i8"), "samples": samples(values)}


def logarithms():
    """randn calls the C library's logarithm, and C libraries differ in its last bit (so does glibc on a processor
    without fused multiply-add). Where these agree, randn must agree bit for bit."""
    return {"count": 65_535, "divisor": 65_536,
            "sha256": sha256([math.log(k / 65_536) for k in range(1, 65_536)], "<f8")}


def lesson():
    np.random.seed(42)
    return {"seed": 42, "randn2x8": np.random.randn(2, 8).ravel().tolist(),
            "randn8x1": np.random.randn(8, 1).ravel().tolist()}


def one_per_line(rows):
    return "[\n  " + ",\n  ".join(json.dumps(row) for row in rows) + "\n ]"


parts = {
    "count": json.dumps(COUNT),
    "positions": json.dumps(POSITIONS),
    "logarithms": json.dumps(logarithms()),
    "lesson": json.dumps(lesson()),
    "streams": one_per_line(streams()),
    "permutations": one_per_line(permutations()),
    "shuffles": one_per_line(shuffles()),
    "keptNormals": one_per_line(kept_normals()),
    "interleaved": one_per_line(interleaved()),
}
print("{\n " + ",\n ".join(f'"{name}": {text}' for name, text in parts.items()) + "\n}")
