namespace ChainRule.CodeExport;

/// <summary>A class in Python that stands for a layer of this library.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Source">Its source.</param>
internal sealed record PyTorchClass(string Name, string Source);

/// <summary>
/// Layers that PyTorch has no module for, or has with another signature: one tensor goes in and one comes out, so that they can
/// stand in an <c>nn.Sequential</c>. Their parameters have the names of the module that they are made from.
/// </summary>
internal static class PyTorchClasses
{
    public static PyTorchClass Residual { get; } = new("Residual", """"
        class Residual(nn.Sequential):
            """What goes in is added to what comes out."""

            def forward(self, x):
                return x + super().forward(x)
        """");

    public static PyTorchClass Concatenate { get; } = new("Concatenate", """"
        class Concatenate(nn.ModuleList):
            """The outputs of several branches side by side along a dimension."""

            def __init__(self, dimension, *branches):
                super().__init__(branches)
                self.dimension = dimension

            def forward(self, x):
                return torch.cat([branch(x) for branch in self], self.dimension)
        """");

    public static PyTorchClass Reshape { get; } = new("Reshape", """"
        class Reshape(nn.Module):
            """Each sample in another shape."""

            def __init__(self, *shape):
                super().__init__()
                self.shape = shape

            def forward(self, x):
                return x.reshape(x.shape[0], *self.shape)
        """");

    public static PyTorchClass Permute { get; } = new("Permute", """"
        class Permute(nn.Module):
            """The dimensions of each sample in another order."""

            def __init__(self, *order):
                super().__init__()
                self.order = order

            def forward(self, x):
                return x.permute(0, *self.order)
        """");

    public static PyTorchClass RmsNorm { get; } = new("RmsNorm", """"
        class RmsNorm(nn.Module):
            """Divides by the root of the mean square over the last dimensions; nn.RMSNorm came with PyTorch 2.4."""

            def __init__(self, shape, eps, affine):
                super().__init__()
                self.dimensions = tuple(range(-len(shape), 0))
                self.eps = eps
                self.weight = nn.Parameter(torch.ones(shape)) if affine else None

            def forward(self, x):
                x = x * torch.rsqrt(x.square().mean(self.dimensions, keepdim=True) + self.eps)
                return x if self.weight is None else x * self.weight
        """");

    public static PyTorchClass Lookup { get; } = new("Lookup", """"
        class Lookup(nn.Embedding):
            """A row of the weight for each whole number."""

            def forward(self, x):
                return super().forward(x.long())
        """");

    public static PyTorchClass Positions { get; } = new("Positions", """"
        class Positions(nn.Module):
            """Adds to each step of a sequence the row that belongs to its place."""

            def __init__(self, length, dimension):
                super().__init__()
                self.weight = nn.Parameter(torch.zeros(length, dimension))

            def forward(self, x):
                return x + self.weight[: x.shape[1]]
        """");

    public static PyTorchClass SelfAttention { get; } = new("SelfAttention", """"
        class SelfAttention(nn.MultiheadAttention):
            """Queries, keys and values are all made of x."""

            def forward(self, x):
                return super().forward(x, x, x, need_weights=False)[0]
        """");

    public static PyTorchClass CausalAttention { get; } = new("CausalAttention", """"
        class CausalAttention(nn.MultiheadAttention):
            """Queries, keys and values are all made of x; no step looks at later ones."""

            def forward(self, x):
                later = torch.ones(x.shape[1], x.shape[1], dtype=torch.bool, device=x.device).triu(1)
                return super().forward(x, x, x, attn_mask=later, need_weights=False)[0]
        """");

    public static PyTorchClass AllOfLstm { get; } = Recurrent("Lstm", "nn.LSTM", "The states after all steps.", "");

    public static PyTorchClass LastOfLstm { get; } = Recurrent("LastOfLstm", "nn.LSTM", "The state after the last step.", "[:, -1]");

    public static PyTorchClass AllOfGru { get; } = Recurrent("Gru", "nn.GRU", "The states after all steps.", "");

    public static PyTorchClass LastOfGru { get; } = Recurrent("LastOfGru", "nn.GRU", "The state after the last step.", "[:, -1]");

    private static PyTorchClass Recurrent(string name, string module, string description, string part) => new(name, $""""
        class {name}({module}):
            """{description}"""

            def forward(self, x):
                return super().forward(x)[0]{part}
        """");
}
