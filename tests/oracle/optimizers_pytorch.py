"""Every optimizer in PyTorch: prints, as JSON, the parameters that the C# optimizers must reach in 50 steps.

The loss of a parameter is an ill-conditioned quadratic with a sine on top, so that gradients change in size and sign:
dL/dtheta = curvature (theta - centre) + amplitude sin(frequency theta), each number on its own. All is computed in float64.

Needs Debian's python3-torch (apt-get install python3-torch); run with /usr/bin/python3.
"""
import torch
from cases import print_cases, require_single_precision, tensor, tensor_by_largest

STEPS = 50
RECORDED = (1, 2, 5, 10, 50)
AMPLITUDE, FREQUENCY = 0.25, 2.0

# The last number of each parameter starts where its gradient is 0 and stays so: 0/0 must not come of it.
PROBLEM = {
    "weight": {"start": [[2.0, -1.5, 0.75], [-3.0, 0.5, 0.0]], "curvature": [[16.0, 4.0, 1.0], [0.25, 0.0625, 0.0]],
               "centre": [[1.0, -1.0, 2.0], [0.5, -2.0, 0.0]]},
    "bias": {"start": [4.0, -0.25, 0.0], "curvature": [8.0, 0.5, 2.0], "centre": [-1.0, 1.5, 0.0]},
}


class Lion(torch.optim.Optimizer):
    """Chen et al., Symbolic Discovery of Optimization Algorithms (2023), algorithm 2, line by line: PyTorch has no Lion."""

    def __init__(self, parameters, lr=1e-4, betas=(0.9, 0.99), weight_decay=0.0):
        super().__init__(parameters, {"lr": lr, "betas": betas, "weight_decay": weight_decay})

    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            beta1, beta2 = group["betas"]
            for theta in group["params"]:
                m = self.state[theta].setdefault("m", torch.zeros_like(theta))
                c = beta1 * m + (1 - beta1) * theta.grad
                update = torch.sign(c)
                theta -= group["lr"] * (update + group["weight_decay"] * theta)
                m.copy_(beta2 * m + (1 - beta2) * theta.grad)


# C# name, PyTorch's class, and options in both spellings.
OPTIMIZERS = {"Sgd": torch.optim.SGD, "Adam": torch.optim.Adam, "AdamW": torch.optim.AdamW, "RmsProp": torch.optim.RMSprop,
              "Adagrad": torch.optim.Adagrad, "Lion": Lion}
SPELLING = {"learningRate": "lr", "weightDecay": "weight_decay", "epsilon": "eps", "learningRateDecay": "lr_decay",
            "initialAccumulator": "initial_accumulator_value"}
BETAS = {"Adam": (0.9, 0.999), "AdamW": (0.9, 0.999), "Lion": (0.9, 0.99)}

CASES = [
    ("Sgd", {"learningRate": 0.01}),
    ("Sgd", {"learningRate": 0.01, "weightDecay": 0.1}),
    ("Sgd", {"learningRate": 0.01, "momentum": 0.9}),
    ("Sgd", {"learningRate": 0.01, "momentum": 0.9, "weightDecay": 0.1}),
    ("Sgd", {"learningRate": 0.01, "momentum": 0.9, "dampening": 0.5}),
    ("Sgd", {"learningRate": 0.01, "momentum": 0.5, "dampening": 0.25, "weightDecay": 0.05}),
    ("Sgd", {"learningRate": 0.01, "momentum": 0.9, "nesterov": True}),
    ("Sgd", {"learningRate": 0.01, "momentum": 0.9, "nesterov": True, "weightDecay": 0.1}),
    ("Adam", {}),
    ("Adam", {"learningRate": 0.05}),
    ("Adam", {"learningRate": 0.05, "weightDecay": 0.1}),
    ("Adam", {"learningRate": 0.05, "beta1": 0.5, "beta2": 0.9}),
    ("Adam", {"learningRate": 0.05, "beta1": 0.0, "beta2": 0.99}),
    ("Adam", {"learningRate": 0.05, "epsilon": 0.5}),
    ("Adam", {"learningRate": 0.05, "beta2": 0.75, "amsgrad": True}),
    ("Adam", {"learningRate": 0.05, "beta1": 0.8, "beta2": 0.9, "epsilon": 1e-3, "weightDecay": 0.05, "amsgrad": True}),
    ("AdamW", {}),
    ("AdamW", {"learningRate": 0.05}),
    ("AdamW", {"learningRate": 0.05, "weightDecay": 0.0}),
    ("AdamW", {"learningRate": 0.05, "weightDecay": 0.5}),
    ("AdamW", {"learningRate": 0.05, "beta1": 0.5, "beta2": 0.9, "epsilon": 0.25}),
    ("AdamW", {"learningRate": 0.05, "beta2": 0.75, "weightDecay": 0.2, "amsgrad": True}),
    # The learning rate changes on the way: PyTorch's momentum adds up gradients, not steps, so that the new rate acts at once.
    ("Sgd", {"learningRate": 0.01, "momentum": 0.9, "learningRateFromStep": [6, 0.002]}),
    ("Adam", {"learningRate": 0.05, "learningRateFromStep": [6, 0.01]}),
    ("AdamW", {"learningRate": 0.05, "weightDecay": 0.5, "learningRateFromStep": [6, 0.01]}),
    ("RmsProp", {}),
    ("RmsProp", {"learningRate": 0.02, "alpha": 0.9}),
    ("RmsProp", {"learningRate": 0.02, "alpha": 0.9, "epsilon": 0.25}),
    ("RmsProp", {"learningRate": 0.02, "weightDecay": 0.1}),
    ("RmsProp", {"learningRate": 0.005, "alpha": 0.9, "momentum": 0.9}),
    ("RmsProp", {"learningRate": 0.02, "alpha": 0.5, "centered": True, "epsilon": 0.1}),
    ("RmsProp", {"learningRate": 0.005, "alpha": 0.9, "momentum": 0.5, "centered": True, "weightDecay": 0.05, "epsilon": 0.01}),
    ("RmsProp", {"learningRate": 0.02, "learningRateFromStep": [6, 0.005]}),
    ("Adagrad", {}),
    ("Adagrad", {"learningRate": 0.1}),
    ("Adagrad", {"learningRate": 0.1, "learningRateDecay": 0.05}),
    ("Adagrad", {"learningRate": 0.1, "weightDecay": 0.1}),
    ("Adagrad", {"learningRate": 0.1, "initialAccumulator": 2.0}),
    ("Adagrad", {"learningRate": 0.1, "epsilon": 0.5, "learningRateDecay": 0.01, "weightDecay": 0.02, "initialAccumulator": 0.25}),
    ("Adagrad", {"learningRate": 0.1, "learningRateFromStep": [6, 0.02]}),
    ("Lion", {}),
    ("Lion", {"learningRate": 0.05}),
    ("Lion", {"learningRate": 0.05, "weightDecay": 0.5}),
    ("Lion", {"learningRate": 0.05, "beta1": 0.5, "beta2": 0.75}),
    ("Lion", {"learningRate": 0.05, "beta1": 0.0, "weightDecay": 0.1}),
    ("Lion", {"learningRate": 0.05, "weightDecay": 0.2, "learningRateFromStep": [6, 0.01]}),
]


def gradient(theta, part):
    return part["curvature"] * (theta - part["centre"]) + AMPLITUDE * torch.sin(FREQUENCY * theta)


def run(optimizer, options):
    problem = {name: {key: torch.tensor(value) for key, value in part.items()} for name, part in PROBLEM.items()}
    for part in problem.values():
        for values in part.values():
            require_single_precision(values, "the problem")
    parameters = {name: part["start"].clone().requires_grad_() for name, part in problem.items()}
    arguments = {SPELLING.get(key, key): value for key, value in options.items() if key != "learningRateFromStep"}
    if "beta1" in arguments or "beta2" in arguments:
        beta1, beta2 = BETAS[optimizer]
        arguments["betas"] = (arguments.pop("beta1", beta1), arguments.pop("beta2", beta2))
    method = OPTIMIZERS[optimizer](parameters.values(), **arguments)
    change_at, changed_rate = options.get("learningRateFromStep", (None, None))
    steps = {}
    for step in range(1, STEPS + 1):
        if step == change_at:
            method.param_groups[0]["lr"] = changed_rate
        for name, parameter in parameters.items():
            parameter.grad = gradient(parameter.detach(), problem[name])
        method.step()
        if step in RECORDED:
            steps[step] = {name: tensor_by_largest(parameter) for name, parameter in parameters.items()}
    name = " ".join([optimizer, *(f"{key} {value}" for key, value in options.items())])
    return {"name": name, "optimizer": optimizer, "options": options, "parametersAfter": steps}


problem = {name: {key: tensor(torch.tensor(value)) for key, value in part.items()} for name, part in PROBLEM.items()}
print_cases([run(*case) for case in CASES], steps=STEPS, amplitude=AMPLITUDE, frequency=FREQUENCY, problem=problem)
