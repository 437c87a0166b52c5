namespace ChainRule.Lessons.Text;

/// <summary>The lesson in English.</summary>
internal static class EnglishText
{
    public static LessonText Lesson { get; } = new()
    {
        Language = Language.English,
        Title = "Backpropagation by hand",
        Introduction = "PyTorch finds every gradient of a network with one line, loss.backward(). Here we do the work of that line ourselves: six short sections, from the slope of one function to a network that learns, and a proof that each gradient is right.",
        Activations = new()
        {
            Title = "Activations and their derivatives",
            Introduction = "Without activation functions a network could only draw straight lines. To train it we need their slopes: if the input moves a little, how much does the output move?",
            SigmoidNote = "σ′ is never larger than 0.25. Each sigmoid on the way back leaves at most a quarter of the gradient; far from 0 it leaves almost nothing.",
            ReluNote = "ReLU passes a gradient on whole, or not at all. Exactly at 0 it has a corner and so no slope; by convention we take 0. Section 5 shows where that matters.",
        },
        Neuron = new()
        {
            Title = "Backpropagation through one neuron",
            Introduction = "The smallest network has one weight, one bias and one sigmoid. It sees x = 2 and should answer 1; w and b are random (seed {0}). The forward pass keeps z and a, because the way back needs them.",
            Forward = "Forward",
            Backward = "Backward: one slope for each step, last step first; along the road slopes multiply",
            Note = "A negative slope says: if the weight grows, the loss falls. A step against the slope, w ← w − learning rate · dL/dw, therefore makes the weight larger and the answer better.",
        },
        Network = new()
        {
            Title = "Backpropagation through two layers",
            Introduction = "Now with arrays: x → [W1, b1] → ReLU → [W2, b2] → sigmoid. The rows of X are the m samples of a batch. Each line of the backward pass undoes one line of the forward pass, last line first.",
            Forward = "Forward",
            Backward = "Backward",
            Update = "Update",
            Shape = "Shape",
            OneNumber = "one number",
            LearningRate = "learning rate",
            ReadingNote = "Two rules explain all transposes and sums. A gradient has the shape of the thing it belongs to, and only one order of the factors gives that shape. And what all samples share (W and b) collects the gradients of all samples: Σ adds over the batch, and so does a matrix product with Xᵀ or a1ᵀ.",
            Initialization = "W starts as randn · √(2 / fan-in), b as 0. The script that this lesson follows calls that Xavier initialisation; it is He's (He et al., 2015), made for ReLU. Xavier Glorot's (2010) divides by fan-in + fan-out.",
            AgreementIntroduction = "Is the backward pass right? Four opinions on the same gradients, for XOR's four samples and a 2-{0}-1 network (seed {1}) before its first step: the formulas above by hand; the engine's own layers; automatic differentiation, one number at a time; and central differences. Each row shows the parameter's largest entry and, at the end, the largest difference over all of its entries.",
            Entry = "Entry",
            ByHand = "By hand",
            Engine = "Engine",
            Autodiff = "Autodiff",
            Numeric = "Numeric",
            LargestDifference = "Largest diff.",
            Agreement = "All opinions agree, up to rounding.",
            Disagreement = "The opinions differ: one of them is wrong.",
            KinkNote = "* kink: for the sample (0, 0), z1 = b1 = 0 lies exactly on ReLU's corner. A central difference straddles the corner and means nothing there, so it does not count in the last column. Section 5 has the details.",
        },
        Xor = new()
        {
            Title = "Learning XOR",
            Introduction = "XOR is 1 where exactly one of its two inputs is 1. No single straight line parts its 0s from its 1s, so one neuron cannot learn it. Two layers can.",
            Setting = "Network 2-{0}-1, seed {1}, learning rate {2}, {3} epochs; every step uses all four samples.",
            Training = "training, loss {0}",
            Epoch = "Epoch",
            Loss = "Loss",
            LossAxis = "Loss (mean squared error)",
            PlotTitle = "Learning XOR by hand-written backpropagation (2-{0}-1, learning rate {1})",
            Curve = "Loss against epoch (logarithmic)",
            Target = "Target",
            Prediction = "Prediction",
            Learnt = "All four answers are right: the network has learnt XOR.",
            NotLearnt = "Not all four answers are right: the network has not learnt XOR. Try more epochs, another seed, more hidden units or, if the loss stands still at a high value, a smaller learning rate.",
            Engine = "The engine, trained on the same data from the same start, went through the same {0} losses. Largest relative difference: {1}.",
            Saved = "Loss curve saved: {0}",
            Diverged = "The loss stopped being a number at epoch {0}, with learning rate {1}: the steps were so large that the weights overflowed.",
            DivergedAdvice = "Try a smaller learning rate, for example --learning-rate {0}.",
            Stuck = "From epoch {0} on every gradient is exactly 0, with learning rate {1}: the sigmoid is saturated or all ReLUs are off, and no step changes anything any more. Try a smaller learning rate, more hidden units or another seed.",
            Cancelled = "Stopped after {0} of {1} epochs; what was learnt until then is shown.",
        },
        GradientCheck = new()
        {
            Title = "Gradient check",
            Introduction = "Backpropagation claims a slope for every weight. The definition of the derivative can test the claim: move one weight a little to each side and see how much the loss moves, (L(θ + h) − L(θ − h)) / 2h. That is far too slow for training, and just right for a proof.",
            Setting = "Network 2-{0}-1, seed {1}, h = {2}.",
            Parameter = "Parameter",
            RelativeError = "Max relative error",
            Verdict = "Verdict",
            Pass = "pass",
            Kink = "kink",
            Noise = "noise",
            Fail = "FAIL",
            PassNote = "pass: analytic and numeric slopes agree to within rounding, for every entry.",
            KinkReason = "kink: the check of b1 looks like a failure and is none. The biases start at 0, so for the sample (0, 0) every z1 = 0·W1 + b1 is exactly 0, the corner of ReLU. There the loss has two slopes, one on each side, and no derivative.",
            KinkNumbers = "b1[{0}] in numbers: slope to the left {1} (the unit is off), to the right {2} (it is on). The central difference is the mean of both, {3}. Backpropagation says {4}: relu′(0) = 0 is the slope to the left. Both are right about what they measure.",
            FailNote = "FAIL: the gradient of {0} is wrong.",
        },
        Chain = new()
        {
            Title = "The chain rule drawn",
            Introduction = "One sample, ({0}) with target {1}, on its way through the XOR network before training, and its gradient on the same road the other way. Of the hidden units, unit {2} is shown: it has the largest gradient.",
            Forward = "Forward: values flow to the right",
            Backward = "Backward: gradients flow to the left",
            Units = "The same numbers for all hidden units:",
            Unit = "Unit",
            MoreUnits = "(the first {0} of {1} units)",
            Products = "Each gradient is a product of factors: first their names, then their formulas, then their numbers.",
            OneLine = "That is all that Backward on a network does: it asks each layer, last one first, for the gradient of its input, hands it on to the layer before, and each layer adds dL/dθ to the gradients of its own parameters on the way. One step of training is three lines, and four in PyTorch:",
            CSharp = "C#, with this engine",
            PyTorch = "Python, with PyTorch",
            OneLineNote = "The second line of C# and the third of Python are this section.",
        },
        Summary = new()
        {
            Title = "Summary",
            StepsTitle = "Training repeats four steps",
            Steps =
            [
                "Forward: compute the prediction, layer by layer, and keep what the way back needs.",
                "Loss: measure how far the prediction is from the target.",
                "Backward: carry dL from the loss to every weight by the chain rule.",
                "Update: move every weight a little against its slope.",
            ],
            FormulasTitle = "Three formulas do the work",
            OutputLayer = "output layer",
            HiddenLayer = "hidden layer",
            Weights = "weights",
            OneLineTitle = "What PyTorch's one line hides",
            OneLine = "loss.backward() keeps a record of the forward pass, walks it the other way and multiplies slopes: sections 2, 3 and 6. In this engine the counterpart is network.Backward(loss.Backward()), and every slope it uses stands in the layer's own file, right below the formula it belongs to.",
            ByHandTitle = "What doing it by hand teaches",
            ByHand =
            [
                "Which way to transpose: the shapes leave only one choice.",
                "What the activation's derivative does: it decides how much of the gradient gets through.",
                "Why gradients are summed over the batch: all samples use the same weights.",
            ],
        },
    };
}
