"""Products of square matrices in NumPy: prints the version, then a line for each size: size, GFLOP/s, the best of many runs.

Arguments: float32 or float64, then the sizes.
"""
import sys
import time

import numpy as np

print(np.__version__)
for size in map(int, sys.argv[2:]):
    a = np.full((size, size), 0.5, dtype=sys.argv[1])
    c = np.empty_like(a)
    best, begin = float("inf"), time.perf_counter()
    while time.perf_counter() - begin < 0.25:
        start = time.perf_counter()
        np.matmul(a, a, out=c)
        best = min(best, time.perf_counter() - start)
    assert abs(c[0, 0] - size / 4) < 1e-3 * size, "wrong kernels for this processor"
    print(size, 2 * size**3 / best / 1e9)
