using System.Globalization;
using System.Numerics.Tensors;
using ChainRule.Cli.Rendering;
using ChainRule.Lessons;
using ChainRule.Lessons.Text;
using ChainRule.Verification;
using Spectre.Console;

namespace ChainRule.Cli.Lessons;

/// <summary>Shows the lesson in a terminal: words, formulas and tables. It computes nothing.</summary>
/// <param name="console">Where to.</param>
/// <param name="text">The words.</param>
internal sealed class LessonView(IAnsiConsole console, LessonText text)
{
    private const int ChartWidth = 72;
    private const int ChartHeight = 12;
    private const int MostUnits = 16;

    private static readonly Style strong = new(decoration: Decoration.Bold);
    private static readonly Style faint = new(Color.Grey);
    private static readonly Style good = new(Color.Green);
    private static readonly Style doubtful = new(Color.Yellow);
    private static readonly Style bad = new(Color.Red, decoration: Decoration.Bold);

    /// <summary>The title and what the lesson is about.</summary>
    public void Introduction()
    {
        Caption(text.Title);
        Gap();
        Say(text.Introduction);
    }

    /// <summary>The title of a section.</summary>
    public void Heading(Section section)
    {
        string number = section == Section.Summary ? "" : $"{section.Key()}  ";
        console.Write(new Rule(Markup.Escape($"{number}{section.Title(text)}")) { Justification = Justify.Left, Style = faint });
        Gap();
    }

    /// <summary>All sections.</summary>
    public void List()
    {
        foreach (Section section in Enum.GetValues<Section>())
        {
            console.WriteLine($"{section.Key(),-7}  {section.Title(text)}");
        }
    }

    /// <summary>Section 1.</summary>
    public void Activations(ActivationTable activations)
    {
        Say(text.Activations.Introduction);
        Formulas(
        [
            ("σ(x) = 1 / (1 + e⁻ˣ)", "σ′(x) = σ(x) · (1 − σ(x))"),
            ("relu(x) = max(0, x)", "relu′(x) = x > 0 ? 1 : 0"),
        ]);
        Table table = NewTable("x", "σ(x)", "σ′(x)", "relu(x)", "relu′(x)");
        for (int i = 0; i < activations.X.Count; i++)
        {
            AddRow(table, Whole(activations.X[i]), Fixed(activations.Sigmoid[i]), Fixed(activations.SigmoidDerivative[i]), Fixed(activations.Relu[i]), Fixed(activations.ReluDerivative[i]));
        }

        Write(table);
        Say(text.Activations.SigmoidNote);
        Say(text.Activations.ReluNote);
    }

    /// <summary>Section 2.</summary>
    public void Neuron(NeuronExample neuron)
    {
        (double x, double target, double z, double a, double loss) = neuron.Forward;
        NeuronBackward backward = neuron.Backward;
        Say(Format(text.Neuron.Introduction, neuron.Seed));
        Caption(text.Neuron.Forward);
        Formulas(
        [
            ("z = w·x + b", $"= {Number(neuron.Weight)} · {Whole(x)} + {Signed(neuron.Bias)}", $"= {Number(z)}"),
            ("a = σ(z)", $"= σ({Number(z)})", $"= {Number(a)}"),
            ("L = (a − target)²", $"= ({Number(a)} - {Whole(target)})²", $"= {Number(loss)}"),
        ]);
        Caption(text.Neuron.Backward);
        Formulas(
        [
            ("dL/da = 2(a − target)", $"= 2 · ({Number(a)} - {Whole(target)})", $"= {Number(backward.LossByA)}"),
            ("da/dz = σ′(z)", $"= {Number(a)} · (1 - {Number(a)})", $"= {Number(backward.AByZ)}"),
            ("dz/dw = x", "", $"= {Whole(backward.ZByWeight)}"),
            ("dz/db = 1", "", $"= {Whole(backward.ZByBias)}"),
            ("dL/dw = dL/da · da/dz · dz/dw", $"= {Number(backward.LossByA)} · {Number(backward.AByZ)} · {Whole(backward.ZByWeight)}", $"= {Number(backward.LossByWeight)}"),
            ("dL/db = dL/da · da/dz · dz/db", $"= {Number(backward.LossByA)} · {Number(backward.AByZ)} · {Whole(backward.ZByBias)}", $"= {Number(backward.LossByBias)}"),
        ]);
        Say(text.Neuron.Note);
    }

    /// <summary>Section 3.</summary>
    public void Network(GradientAgreement agreement)
    {
        NetworkText words = text.Network;
        string hidden = agreement.Hidden.ToString(CultureInfo.InvariantCulture);
        Say(words.Introduction);
        Caption(words.Forward);
        Formulas(
        [
            ("z1 = X·W1 + b1", $"(m, {hidden})"),
            ("a1 = relu(z1)", $"(m, {hidden})"),
            ("z2 = a1·W2 + b2", "(m, 1)"),
            ("a2 = σ(z2)", "(m, 1)"),
            ("L  = mean((a2 − y)²)", words.OneNumber),
        ]);
        Caption(words.Backward);
        Formulas(
        [
            ("dL/da2 = 2(a2 − y) / m", "(m, 1)"),
            ("dL/dz2 = dL/da2 · σ′(z2)", "(m, 1)"),
            ("dL/dW2 = a1ᵀ·dL/dz2", $"({hidden}, 1)"),
            ("dL/db2 = Σ dL/dz2", "(1)"),
            ("dL/da1 = dL/dz2·W2ᵀ", $"(m, {hidden})"),
            ("dL/dz1 = dL/da1 · relu′(z1)", $"(m, {hidden})"),
            ("dL/dW1 = Xᵀ·dL/dz1", $"(2, {hidden})"),
            ("dL/db1 = Σ dL/dz1", $"({hidden})"),
        ]);
        Caption(words.Update);
        Formulas([($"θ ← θ − {words.LearningRate} · dL/dθ", "")]);
        Say(words.ReadingNote);
        Say(words.Initialization);
        Say(Format(words.AgreementIntroduction, hidden, agreement.Seed));

        Table table = NewTable(words.Entry, words.ByHand, words.Engine, words.Autodiff, words.Numeric, words.LargestDifference);
        foreach (AgreementRow row in agreement.Rows)
        {
            int place = row.LargestEntry;
            string entry = Entry(row.Parameter, row.ByHand, place) + (row.Verdict == GradientVerdict.Kink ? "*" : "");
            AddRow(table, entry, Seven(row.ByHand, place), Seven(row.Engine, place), Seven(row.Autodiff, place), Seven(row.Numeric, place), Tiny(row.LargestDifference));
        }

        Write(table);
        Say(agreement.Agrees ? words.Agreement : words.Disagreement, agreement.Agrees ? good : bad);
        if (agreement.Rows.Any(row => row.Verdict == GradientVerdict.Kink))
        {
            Say(words.KinkNote);
        }
    }

    /// <summary>Section 4, before training.</summary>
    public void XorIntroduction(LessonOptions options)
    {
        Say(text.Xor.Introduction);
        Say(Format(text.Xor.Setting, options.Hidden, options.Seed, options.LearningRate, options.Epochs));
    }

    /// <summary>Section 4, after training.</summary>
    public void Xor(XorRun run, EngineRun engine)
    {
        XorText words = text.Xor;
        if (run.Losses.Count == 0)
        {
            return;
        }

        Table losses = NewTable(words.Epoch, words.Loss);
        int every = Math.Max(1, run.Epochs / 5);
        for (int epoch = 1; epoch <= run.Losses.Count; epoch++)
        {
            if (epoch % every == 0 || epoch == run.Losses.Count)
            {
                AddRow(losses, epoch.ToString(CultureInfo.InvariantCulture), run.Losses[epoch - 1].ToString("F6", CultureInfo.InvariantCulture));
            }
        }

        Write(losses);
        Caption(words.Curve);
        foreach (string line in LossChart.Draw(run.Losses, words.Epoch, Math.Min(ChartWidth, console.Profile.Width), ChartHeight))
        {
            console.WriteLine(line);
        }

        Gap();
        if (run.Outcome == TrainingOutcome.Diverged)
        {
            return;
        }

        Table predictions = NewTable("x1", "x2", words.Target, words.Prediction);
        Tensor<double> inputs = ChainRule.Lessons.Xor.Inputs();
        Tensor<double> targets = ChainRule.Lessons.Xor.Targets();
        for (int sample = 0; sample < run.Predictions.Count; sample++)
        {
            AddRow(predictions, Whole(inputs[sample, 0]), Whole(inputs[sample, 1]), Whole(targets[sample, 0]), Fixed(run.Predictions[sample]));
        }

        Write(predictions);
        Say(run.HasLearnt ? words.Learnt : words.NotLearnt, run.HasLearnt ? good : doubtful);
        Say(Format(words.Engine, run.Losses.Count, Tiny(engine.LargestRelativeDifference)));
    }

    /// <summary>Section 4, the files.</summary>
    public void Saved(IReadOnlyList<string> files)
    {
        Say(Format(text.Xor.Saved, string.Join(", ", files)));
    }

    /// <summary>Section 5.</summary>
    public void GradientCheck(CheckedGradients gradients)
    {
        GradientCheckText words = text.GradientCheck;
        Say(words.Introduction);
        Say(Format(words.Setting, gradients.Hidden, gradients.Seed, Tiny(gradients.Report.Step)));
        Table table = NewTable(words.Parameter, "‖analytic − numeric‖", words.RelativeError, words.Verdict);
        foreach (GradientCheckRow row in gradients.Report.Rows)
        {
            (string verdict, Style style) = row.Verdict switch
            {
                GradientVerdict.Pass => (words.Pass, good),
                GradientVerdict.Kink => (words.Kink, doubtful),
                GradientVerdict.Noise => (words.Noise, doubtful),
                _ => (words.Fail, bad),
            };
            table.AddRow(Cell(row.Parameter), Cell(Tiny(row.DifferenceNorm)), Cell(Tiny(row.MaxRelativeError)), new Spectre.Console.Text(verdict, style));
        }

        Write(table);
        Say(words.PassNote);
        if (gradients.Kink is { } kink)
        {
            Say(words.KinkReason);
            Say(Format(words.KinkNumbers, kink.Unit, Six(kink.Left), Six(kink.Right), Six(kink.Numeric), Six(kink.Analytic)));
        }
    }

    /// <summary>Section 6.</summary>
    public void Chain(ChainExample chain)
    {
        ChainText words = text.Chain;
        ForwardPass forward = chain.Forward;
        BackwardPass backward = chain.Backward;
        int unit = chain.Unit;
        string sample = string.Join(", ", forward.X.Select(Whole));
        Say(Format(words.Introduction, sample, Whole(chain.Target), unit));

        string[] values = [$"({sample})", Number(forward.Z1[0, unit]), Number(forward.A1[0, unit]), Number(forward.Z2[0, 0]), Number(forward.A2[0, 0]), Number(chain.Loss)];
        string[] formulas = ["x", "z1 = xW1 + b1", "a1 = relu(z1)", "z2 = a1W2 + b2", "a2 = σ(z2)", "L"];
        string[] gradients = ["dL/dW1", "dL/dz1", "dL/da1", "dL/dz2", "dL/da2", "dL/dL"];
        string[] slopes = [Number(backward.LossByW1[chain.Input, unit]), Number(backward.LossByZ1[0, unit]), Number(backward.LossByA1[0, unit]), Number(backward.LossByZ2[0, 0]), Number(backward.LossByA2[0, 0]), "1"];
        int[] widths = [.. Enumerable.Range(0, values.Length).Select(i => new[] { values[i], formulas[i], gradients[i], slopes[i] }.Max(cell => cell.Length))];
        Caption(words.Forward);
        Road(formulas, widths, " → ");
        Road(values, widths, "   ");
        Gap();
        Caption(words.Backward);
        Road(gradients, widths, " ← ");
        Road(slopes, widths, "   ");
        Gap();

        Say(words.Units);
        Table table = NewTable(words.Unit, "z1", "a1", "dL/da1", "dL/dz1", "dL/dW1", "dL/dW2");
        int units = (int)forward.Z1.Lengths[1];
        for (int i = 0; i < Math.Min(units, MostUnits); i++)
        {
            AddRow(
                table,
                i.ToString(CultureInfo.InvariantCulture),
                Number(forward.Z1[0, i]),
                Number(forward.A1[0, i]),
                Number(backward.LossByA1[0, i]),
                Number(backward.LossByZ1[0, i]),
                Number(backward.LossByW1[chain.Input, i]),
                Number(backward.LossByW2[i, 0]));
        }

        Write(table);
        if (units > MostUnits)
        {
            Say(Format(words.MoreUnits, MostUnits, units));
        }

        Say(words.Products);
        Product($"dL/dW2[{unit},0]", chain.W2Factors, backward.LossByW2[unit, 0]);
        Product($"dL/dW1[{chain.Input},{unit}]", chain.W1Factors, backward.LossByW1[chain.Input, unit]);

        Say(words.OneLine);
        Code(words.CSharp, "loss.Forward(network.Forward(x), y);", "network.Backward(loss.Backward());", "optimizer.Step();");
        Code(words.PyTorch, "optimizer.zero_grad()", "loss = criterion(model(x), y)", "loss.backward()", "optimizer.step()");
        Say(words.OneLineNote);
    }

    /// <summary>The summary.</summary>
    public void Summary()
    {
        SummaryText words = text.Summary;
        Caption(words.StepsTitle);
        for (int i = 0; i < words.Steps.Count; i++)
        {
            Lines(words.Steps[i], first: Invariant($"  {i + 1}. "));
        }

        Gap();
        Caption(words.FormulasTitle);
        Formulas(
        [
            ("dL/dz2 = 2(a2 − y)/m · σ′(z2)", words.OutputLayer),
            ("dL/dz1 = dL/dz2·W2ᵀ · relu′(z1)", words.HiddenLayer),
            ("dL/dW2 = a1ᵀ·dL/dz2,  dL/dW1 = Xᵀ·dL/dz1", words.Weights),
        ]);
        Caption(words.OneLineTitle);
        Say(words.OneLine);
        Caption(words.ByHandTitle);
        foreach (string line in words.ByHand)
        {
            Lines(line, first: "  - ");
        }
    }

    /// <summary>A gradient as a product: its factors by name, by formula and by number.</summary>
    private void Product(string gradient, IReadOnlyList<ChainFactor> factors, double product)
    {
        string indent = new(' ', gradient.Length);
        console.WriteLine($"  {gradient} = {string.Join(" · ", factors.Select(factor => factor.Symbol))}");
        console.WriteLine($"  {indent} = {string.Join(" · ", factors.Select(factor => factor.Formula))}");
        console.WriteLine($"  {indent} = {string.Join(" · ", factors.Select(factor => Number(factor.Value)))} = {Number(product)}");
        Gap();
    }

    private void Road(string[] cells, int[] widths, string between) =>
        console.WriteLine(string.Join(between, cells.Select((cell, i) => cell.PadRight(widths[i]))).TrimEnd());

    private void Code(string caption, params ReadOnlySpan<string> lines)
    {
        Caption(caption);
        foreach (string line in lines)
        {
            console.WriteLine($"    {line}");
        }

        Gap();
    }

    private void Say(string words, Style? style = null)
    {
        Lines(words, style);
        Gap();
    }

    private void Caption(string words) => Lines(words, strong);

    private void Lines(string words, Style? style = null, string first = "")
    {
        foreach (string line in WordWrap.Lines(words, console.Profile.Width, first))
        {
            console.Write(new Spectre.Console.Text(line, style));
            console.WriteLine();
        }
    }

    private void Formulas(IReadOnlyList<(string Left, string Right)> lines) =>
        Formulas([.. lines.Select(line => (line.Left, line.Right, ""))]);

    private void Formulas(IReadOnlyList<(string Left, string Middle, string Right)> lines)
    {
        int left = lines.Max(line => line.Left.Length);
        int middle = lines.Max(line => line.Middle.Length);
        foreach ((string leftPart, string middlePart, string rightPart) in lines)
        {
            console.WriteLine($"  {leftPart.PadRight(left)}   {middlePart.PadRight(middle)}   {rightPart}".TrimEnd());
        }

        Gap();
    }

    private void Write(Table table)
    {
        console.Write(table);
        Gap();
    }

    private void Gap() => console.WriteLine();

    private static Table NewTable(params ReadOnlySpan<string> headers)
    {
        var table = new Table { Border = TableBorder.Rounded, BorderStyle = faint };
        foreach (string header in headers)
        {
            table.AddColumn(new TableColumn(new Spectre.Console.Text(header, strong)) { Alignment = Justify.Right });
        }

        return table;
    }

    private static void AddRow(Table table, params ReadOnlySpan<string> cells)
    {
        var texts = new List<Spectre.Console.Text>();
        foreach (string cell in cells)
        {
            texts.Add(Cell(cell));
        }

        table.AddRow(texts);
    }

    private static Spectre.Console.Text Cell(string words) => new(words);

    private static string Entry(string parameter, Tensor<double> tensor, int place) =>
        tensor.Rank == 1
            ? Invariant($"{parameter}[{place}]")
            : Invariant($"{parameter}[{place / tensor.Lengths[1]},{place % tensor.Lengths[1]}]");

    private static string Whole(double value) => value.ToString("0.####", CultureInfo.InvariantCulture);

    private static string Fixed(double value) => value.ToString("F4", CultureInfo.InvariantCulture);

    private static string Six(double value) => value.ToString("F6", CultureInfo.InvariantCulture);

    private static string Seven(Tensor<double> tensor, int place) => tensor.ElementAt(place).ToString("F7", CultureInfo.InvariantCulture);

    /// <summary>Three digits of an error, mostly tiny.</summary>
    private static string Tiny(double value) => value.ToString(Math.Abs(value) is 0 or >= 0.1 and < 10 ? "0.##" : "0.##e-0", CultureInfo.InvariantCulture);

    /// <summary>Four decimals where they say something, none where there is nothing to say, else a power of ten.</summary>
    private static string Number(double value) => Math.Abs(value) switch
    {
        0 => "0", // never -0
        < 1e5 when value == Math.Truncate(value) => Whole(value),
        >= 1e-3 and < 1e5 => Fixed(value),
        _ => value.ToString("0.0e-0", CultureInfo.InvariantCulture),
    };

    /// <summary>A number as the second term of a sum.</summary>
    private static string Signed(double value) => value < 0 ? $"({Number(value)})" : Number(value);

    private static string Format(string format, params ReadOnlySpan<object?> arguments) => string.Format(CultureInfo.InvariantCulture, format, arguments);

    private static string Invariant(FormattableString words) => FormattableString.Invariant(words);
}
