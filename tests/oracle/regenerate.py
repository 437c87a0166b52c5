#!/usr/bin/python3
"""Writes every fixture anew, or with --check compares what the scripts print today with what is committed.

    /usr/bin/python3 tests/oracle/regenerate.py           write the fixtures
    /usr/bin/python3 tests/oracle/regenerate.py --check   exit code 1 where one differs

Needs Debian's python3-numpy and python3-torch.
"""
import argparse
import importlib.util
import json
import os
import re
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
FIXTURES = HERE / "fixtures"

# Which script prints which fixture.
SCRIPTS = {
    "lesson.json": "lesson_numpy.py",
    "numpy_random.json": "numpy_random.py",
    "layers.json": "layers_pytorch.py",
    "layers-sequences.json": "layers_sequences_pytorch.py",
    "layers-convolution.json": "layers_convolution_pytorch.py",
    "layers-normalization.json": "layers_normalization_pytorch.py",
    "layers-composition.json": "layers_composition_pytorch.py",
    "losses.json": "losses_pytorch.py",
    "losses-sequences.json": "losses_sequences_pytorch.py",
    "networks.json": "networks_pytorch.py",
    "optimizers.json": "optimizers_pytorch.py",
    "initialization.json": "initialization_pytorch.py",
    "safetensors.json": "safetensors_pytorch.py",
    "npy.json": "npy_numpy.py",
}

# The lesson's numbers are the reference that everything was agreed on: checked, never written.
REFERENCE = {"lesson.json"}

# The last bits of a float depend on the processor: vector units, fused multiply-add, the BLAS that is installed. What can
# be pinned is pinned; the rest is compared to a tolerance. Each is far below what the C# tests ask for.
PINNED = {
    "OPENBLAS_CORETYPE": "Haswell",
    "OPENBLAS_NUM_THREADS": "1",
    "OMP_NUM_THREADS": "1",
    "ATEN_CPU_CAPABILITY": "default",
    "NPY_DISABLE_CPU_FEATURES": "AVX2 FMA3 AVX512F AVX512CD AVX512_SKX AVX512_CLX AVX512_CNL AVX512_ICL",
    "PYTHONDONTWRITEBYTECODE": "1",
}
RELATIVE = 1e-13
SMALLEST_NORMAL = sys.float_info.min

# Fixture, path in the document, allowed relative and absolute difference. The first that fits counts.
TOLERANCES = [
    # 2,000 epochs pass a difference in the last bit on and enlarge it.
    ("lesson.json", r"xor\.(losses|final|predictions)\b", 1e-9, 0),
    # A central difference with step 1e-5 has a rounding noise of about 1e-16 / 1e-5, and the norm is that of the noise.
    ("lesson.json", r"gradient_check\.(numeric|difference_norm)\b", 0, 1e-10),
    # Rounded up to two digits, so a last bit can be worth a tenth.
    (".*", r"\.scale\b", 0.1, 0),
    (".*", "", RELATIVE, 0),
]


def run(script):
    """What a script prints."""
    process = subprocess.run([sys.executable, HERE / script], env={**os.environ, **PINNED}, stdout=subprocess.PIPE, text=True)
    if process.returncode != 0:
        sys.exit(f"{script} failed with exit code {process.returncode}")
    return process.stdout


def allowed(fixture, path):
    return next((relative, absolute) for name, pattern, relative, absolute in TOLERANCES
                if re.fullmatch(name, fixture) and re.search(pattern, path))


def differences(fixture, path, committed, computed, scale=None):
    """Where two documents differ: path and what is there in either."""
    numbers = [isinstance(value, (int, float)) and not isinstance(value, bool) for value in (committed, computed)]
    if all(numbers):
        if not same_number(fixture, path, committed, computed, scale):
            yield path, repr(committed), repr(computed)
    elif type(committed) is not type(computed):
        yield path, brief(committed), brief(computed)
    elif isinstance(committed, dict):
        for key in dict.fromkeys([*committed, *computed]):
            inner = f"{path}.{key}" if path else key
            if key in committed and key in computed:
                inner_scale = committed.get("scale") if key == "values" else None
                yield from differences(fixture, inner, committed[key], computed[key], inner_scale)
            else:
                yield inner, *(brief(document[key]) if key in document else "nothing" for document in (committed, computed))
    elif isinstance(committed, list):
        if len(committed) != len(computed):
            yield path, f"{len(committed)} values", f"{len(computed)} values"
            return
        for index, (one, other) in enumerate(zip(committed, computed)):
            # Cases are found by name rather than by number.
            label = one["name"] if isinstance(one, dict) and "name" in one else index
            inner_scale = scale[index] if isinstance(scale, list) else scale
            yield from differences(fixture, f"{path}[{label}]", one, other, inner_scale)
    elif committed != computed:
        yield path, brief(committed), brief(computed)


def same_number(fixture, path, committed, computed, scale):
    if isinstance(committed, int) and isinstance(computed, int):
        return committed == computed
    relative, absolute = allowed(fixture, path)
    magnitude = max(abs(committed), abs(computed), scale or 0)
    return abs(committed - computed) <= max(relative * magnitude, absolute, SMALLEST_NORMAL)


def brief(value):
    text = json.dumps(value)
    return text if len(text) <= 80 else text[:77] + "..."


def check():
    """Prints every difference; returns how many fixtures differ."""
    wrong = 0
    for fixture, script in SCRIPTS.items():
        found = list(differences(fixture, "", json.loads((FIXTURES / fixture).read_text()), json.loads(run(script))))
        for path, committed, computed in found[:20]:
            print(f"{fixture}: {path}: committed {committed}, {script} now prints {computed}")
        if len(found) > 20:
            print(f"{fixture}: and {len(found) - 20} more")
        if not found:
            print(f"{fixture}: as {script} prints it")
        wrong += bool(found)
    for orphan in sorted({file.name for file in FIXTURES.iterdir()} - SCRIPTS.keys()):
        print(f"{orphan}: no script prints it")
        wrong += 1
    return wrong


def write():
    for fixture, script in SCRIPTS.items():
        if fixture in REFERENCE:
            print(f"{fixture}: the reference, left as it is")
            continue
        (FIXTURES / fixture).write_text(run(script))
        print(f"{fixture}: written")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--check", action="store_true", help="compare with the committed fixtures and write nothing")
    arguments = parser.parse_args()
    for module in ("numpy", "torch"):
        if importlib.util.find_spec(module) is None:
            parser.error(f"{sys.executable} has no {module}: install Debian's python3-{module} and run /usr/bin/python3")
    if not arguments.check:
        write()
    elif wrong := check():
        sys.exit(f"{wrong} fixture(s) are not what the scripts print")


if __name__ == "__main__":
    main()
