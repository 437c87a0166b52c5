"""Every loss in PyTorch: prints, as JSON, values and gradients that the C# losses must reproduce.

The reference values are computed in float64. Where PyTorch's own formula loses digits, an algebraically identical one
stands in its place; the script then requires that both agree but for those digits.

Needs Debian's python3-torch (apt-get install python3-torch); run with /usr/bin/python3.
"""
import torch
from torch.nn import functional
from cases import exact, grid, largest, print_cases, require_same, require_single_precision, tensor

SHAPES = [(1, 1), (1, 4), (4, 1), (3, 5), (7, 1), (2, 3, 4), (9, 33)]
LOGITS = exact(0, 1e-8, -1e-8, 1, -1, 20.5, -20.5, 40, -50, 88, -88, 700, -700, 1e4, -1e4)


def case(loss, what, function, prediction, target, value=None, gradient=None, value_scale=None, gradient_scale=None, options=None):
    """value and gradient take the place of PyTorch's own where the latter lose digits."""
    name = f"{loss} {what}"
    require_single_precision(prediction, name)
    require_single_precision(target, name)
    x = prediction.clone().requires_grad_()
    own = function(x, target)
    own.backward()
    if value is not None:
        require_same(own, value, name)
    if gradient is not None:
        require_same(x.grad, gradient, name)
    return {"name": name, "loss": loss, **({} if options is None else {"options": options}),
            "prediction": tensor(prediction), "target": tensor(target),
            "value": tensor(own if value is None else value, value_scale),
            "gradient": tensor(x.grad if gradient is None else gradient, gradient_scale)}


def shape_name(shape):
    return "x".join(map(str, shape))


def mean_squared_error_cases():
    for seed, shape in enumerate(SHAPES):
        yield case("MeanSquaredError", shape_name(shape), functional.mse_loss, grid(seed, *shape), grid(50 + seed, *shape))
    yield case("MeanSquaredError", "extremes", functional.mse_loss, exact(1e4, -1e4, 1e4, 0, 1e-8, -1e4),
               exact(-1e4, 1e4, 1e4, 1e-8, 0, -9999.5))
    yield case("MeanSquaredError", "tiny", functional.mse_loss, exact(1e-8, -1e-8, 3e-8), exact(0, 1e-8, 1e-8))


def probabilities(seed, *shape):
    return grid(seed, *shape, low=0, high=1)


def binary_cross_entropy(what, p, y):
    # The clamps are PyTorch's. Near p = 0 its log(1 - p) has lost the digits of p in 1 - p; log1p(-p) has not. In the
    # gradient its 1e-12 is a constant in single precision, 9.99999996e-13.
    terms = y * torch.log(p).clamp(min=-100) + (1 - y) * torch.log1p(-p).clamp(min=-100)
    gradient = (p - y) / (p * (1 - p)).clamp(min=1e-12) / p.numel()
    return case("BinaryCrossEntropy", what, functional.binary_cross_entropy, p, y, -terms.mean(), gradient)


def binary_cross_entropy_cases():
    for seed, shape in enumerate(SHAPES):
        yield binary_cross_entropy(shape_name(shape), probabilities(100 + seed, *shape), probabilities(150 + seed, *shape))
        yield binary_cross_entropy(f"{shape_name(shape)} with targets 0 and 1", probabilities(200 + seed, *shape),
                                   probabilities(250 + seed, *shape).round())
    for p in (0.0, 1.0, 1e-8, 1 - 2**-24, 1e-20, 1e-30):
        for y in (0.0, 1.0, 0.25):
            yield binary_cross_entropy(f"p = {p}, y = {y}", exact(p), exact(y))
    yield binary_cross_entropy("clamped and ordinary", exact(0, 1, 0, 1, 0.5, 0.125), exact(0, 1, 1, 0, 1, 0.375))


def binary_cross_entropy_with_logits(what, z, y):
    # PyTorch takes (1 - y)z + max(-z, 0) + log(exp(-max(-z, 0)) + exp(-z - max(-z, 0))), in which 1 + exp(-40) is 1. Both
    # terms of y softplus(-z) + (1 - y) softplus(z) are positive: nothing cancels. For the gradient, sigma(z) - y is
    # written (1 - y) sigma(z) - y sigma(-z).
    tail = torch.log1p(torch.exp(-z.abs()))
    value = (y * (torch.clamp(-z, min=0) + tail) + (1 - y) * (torch.clamp(z, min=0) + tail)).mean()
    gradient = ((1 - y) * torch.sigmoid(z) - y * torch.sigmoid(-z)) / z.numel()
    return case("BinaryCrossEntropyWithLogits", what, functional.binary_cross_entropy_with_logits, z, y, value, gradient,
                gradient_scale=largest(torch.sigmoid(z), y) / z.numel())


def binary_cross_entropy_with_logits_cases():
    for seed, shape in enumerate(SHAPES):
        yield binary_cross_entropy_with_logits(shape_name(shape), grid(300 + seed, *shape), probabilities(350 + seed, *shape))
    for y in (0.0, 1.0, 0.75):
        yield binary_cross_entropy_with_logits(f"extremes, y = {y}", LOGITS, torch.full_like(LOGITS, y))
    for z, y in [(40, 1), (-50, 0), (88, 1), (-88, 0), (1e4, 1), (1e4, 0), (-1e4, 1), (0, 0.5)]:
        yield binary_cross_entropy_with_logits(f"z = {z:g}, y = {y}", exact(z), exact(y))


def softmax_cross_entropy(what, z, target, smoothing=0.0, weights=None):
    """Class indices where the target has one dimension, probabilities where it has two."""
    rows, classes = z.shape
    indices = target.dim() == 1
    y = one_hot(target, classes) if indices else target
    w = None if weights is None else torch.tensor(weights)
    options = None if smoothing == 0 and weights is None else {"labelSmoothing": smoothing, **({} if weights is None else {"classWeights": weights})}
    total = rows if w is None or not indices else w[target.long()].sum()
    if options is not None:
        y = (y * (1 - smoothing) + smoothing / classes) * (1 if w is None else w)
    # log p_j = (z_j - max) - log(sum of exp(z - max)), where the sum begins with 1, whose rounding is an absolute error of
    # the logarithm: the digits of a loss near 0 are those of numbers near 1. The gradient is the difference p - y.
    below_maximum = z - z.amax(1, keepdim=True)
    value_scale = (y * below_maximum.abs().clamp(min=1)).amax() / total
    gradient_scale = largest(functional.softmax(z, 1) * y.sum(1, keepdim=True), y) / total

    def cross_entropy(x, target):
        return functional.cross_entropy(x, target.long() if indices else target, weight=w, label_smoothing=smoothing)

    return case("SoftmaxCrossEntropy", what, cross_entropy, z, target, value_scale=value_scale, gradient_scale=gradient_scale, options=options)


def classes_of(seed, rows, classes):
    return probabilities(seed, rows).mul(64).remainder(classes)


def one_hot(indices, classes):
    return functional.one_hot(indices.long(), classes).double()


def soft(seed, rows, classes):
    """Rows of multiples of 1/64 that sum to 1: 64 balls drawn into the classes."""
    return torch.stack([one_hot(classes_of(seed + row, 64, classes), classes).mean(0) for row in range(rows)])


def softmax_cross_entropy_cases():
    for seed, (rows, classes) in enumerate([(1, 1), (1, 3), (4, 2), (3, 5), (7, 1), (9, 33)]):
        z = grid(400 + seed, rows, classes)
        indices = classes_of(450 + seed, rows, classes)
        name = shape_name((rows, classes))
        yield softmax_cross_entropy(f"{name} class indices", z, indices)
        yield softmax_cross_entropy(f"{name} one-hot", z, one_hot(indices, classes))
        yield softmax_cross_entropy(f"{name} soft", z, soft(1000 + 100 * seed, rows, classes))
    yield softmax_cross_entropy("2x3 soft, sums other than 1", grid(500, 2, 3), exact(0.25, 0.5, 0.125, 1, 0, 0.75).reshape(2, 3))
    rows = [(1e4, -1e4, 0), (1e4, 1e4, -1e4), (-1e4, -1e4, -1e4), (1e4, 1e4 - 3, 1e4 - 30), (0, 1e-8, -1e-8), (0, -80, 5)]
    for row in rows:
        name, z = " ".join(f"{value:g}" for value in row), exact(*row)
        for index in range(3):
            yield softmax_cross_entropy(f"{name} class {index}", z, torch.tensor([float(index)]))
        yield softmax_cross_entropy(f"{name} soft", z, exact(0.25, 0.125, 0.625))
    z = torch.cat([exact(*row) for row in rows])
    yield softmax_cross_entropy("extremes class indices", z, torch.tensor([0.0, 1, 2, 2, 1, 0]))
    yield softmax_cross_entropy("extremes one-hot", z, one_hot(torch.tensor([2, 0, 1, 0, 0, 2]), 3))


def adjusted_cross_entropy_cases():
    weights = [0.5, 2.0, 1.0, 0.25, 3.0, 0.75]
    for seed, (rows, classes) in enumerate([(1, 1), (1, 3), (4, 2), (3, 5), (7, 6)]):
        z, indices, name = grid(1600 + seed, rows, classes), classes_of(1650 + seed, rows, classes), shape_name((rows, classes))
        for targets, kind in ((indices, "class indices"), (soft(1700 + 100 * seed, rows, classes), "soft")):
            yield softmax_cross_entropy(f"{name} {kind}, smoothing 0.25", z, targets, 0.25)
            yield softmax_cross_entropy(f"{name} {kind}, weights", z, targets, 0.0, weights[:classes])
            yield softmax_cross_entropy(f"{name} {kind}, smoothing 0.125 and weights", z, targets, 0.125, weights[:classes])
    yield softmax_cross_entropy("2x3 class indices, smoothing 1", grid(1690, 2, 3), torch.tensor([0.0, 2.0]), 1.0)


def absolute_and_huber_cases():
    for seed, shape in enumerate(SHAPES):
        p, y = grid(1200 + seed, *shape), grid(1250 + seed, *shape)
        yield case("MeanAbsoluteError", shape_name(shape), functional.l1_loss, p, y)
        for delta in (1.0, 0.5, 3.0):
            yield huber(f"{shape_name(shape)} delta {delta:g}", p, y, delta)
    p, y = exact(1e4, -1e4, 1e4, 0, 1e-8, -1e4, 2), exact(-1e4, 1e4, 1e4, 1e-8, 0, -9999.5, 2)
    yield case("MeanAbsoluteError", "extremes and corners", functional.l1_loss, p, y)
    yield huber("extremes and corners", p, y, 0.5)


def huber(what, p, y, delta):
    return case("Huber", what, lambda x, target: functional.huber_loss(x, target, delta=delta), p, y, options={"delta": delta})


def hinge_cases():
    """Of classes PyTorch's multi_margin_loss; of +1 and -1 the formula with relu, whose slope on the corner is 0 as there."""
    for seed, shape in enumerate(SHAPES):
        signs = probabilities(1300 + seed, *shape).mul(64).remainder(2) * 2 - 1
        for margin in (1.0, 0.5):
            yield case("Hinge", f"{shape_name(shape)} signs, margin {margin:g}", lambda x, y: torch.relu(margin - y * x).mean(),
                       grid(1350 + seed, *shape), signs, options={"margin": margin})
    for seed, (rows, classes) in enumerate([(1, 1), (1, 3), (4, 2), (3, 5), (9, 33)]):
        for margin in (1.0, 2.0):
            yield case("Hinge", f"{shape_name((rows, classes))} classes, margin {margin:g}",
                       lambda x, y: functional.multi_margin_loss(x, y.long(), margin=margin),
                       grid(1400 + seed, rows, classes), classes_of(1450 + seed, rows, classes), options={"margin": margin})
    extremes = exact(1e4, -1e4, 0, 1e-8, 1, 2)
    yield case("Hinge", "extremes and corners, signs", lambda x, y: torch.relu(1 - y * x).mean(), extremes, exact(1, 1, -1, 1, 1, -1), options={"margin": 1})
    yield case("Hinge", "extremes and corners, classes", lambda x, y: functional.multi_margin_loss(x, y.long()), extremes, torch.tensor([4.0]), options={"margin": 1})


def kullback_leibler_cases():
    for seed, (rows, classes) in enumerate([(1, 1), (1, 3), (4, 2), (3, 5), (7, 6)]):
        logarithms = grid(1500 + seed, rows, classes, low=-4, high=0)
        yield kullback_leibler(shape_name((rows, classes)), logarithms, soft(1510 + 50 * seed, rows, classes))
    yield kullback_leibler("2x3x4", grid(1590, 2, 3, 4, low=-4, high=0), probabilities(1591, 2, 3, 4))
    yield kullback_leibler("extremes", exact(-1e4, -700, -1e-8, 0), exact(0.25, 0, 0.75, 0))


def kullback_leibler(what, logarithms, y):
    def function(x, target):
        return functional.kl_div(x, target, reduction="batchmean")

    scale = largest(y * logarithms, torch.xlogy(y, y)).amax() / len(y)
    return case("KullbackLeibler", what, function, logarithms, y, value_scale=scale)


def penalty_cases():
    """On parameters, not on predictions: these stand in the place of the prediction, and the target says nothing."""
    for seed, shape in enumerate([(1, 1), (3, 5), (2, 3, 4), (9, 33)]):
        for l1, l2 in ((0.5, 0.0), (0.0, 0.25), (0.125, 0.5)):
            yield penalty(f"{shape_name(shape)} l1 {l1:g} l2 {l2:g}", grid(1800 + seed, *shape), l1, l2)
    yield penalty("extremes and the corner", exact(1e4, -1e4, 0, 1e-8, -1e-8), 0.5, 0.25)


def penalty(what, theta, l1, l2):
    return case("Penalty", what, lambda x, target: l1 * x.abs().sum() + l2 / 2 * (x * x).sum(), theta, torch.zeros_like(theta), options={"l1": l1, "l2": l2})


print_cases([*mean_squared_error_cases(), *binary_cross_entropy_cases(), *binary_cross_entropy_with_logits_cases(),
             *softmax_cross_entropy_cases(), *adjusted_cross_entropy_cases(), *absolute_and_huber_cases(), *hinge_cases(),
             *kullback_leibler_cases(), *penalty_cases()])
