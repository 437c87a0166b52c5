using System.Globalization;
using System.Numerics.Tensors;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using ChainRule.Explanation;
using ChainRule.Layers;
using ChainRule.Lessons.Explanation;
using ChainRule.Lessons.Text;
using ChainRule.Losses;
using ChainRule.Random;
using Xunit;

namespace ChainRule.Lessons.Tests.Explanation;

/// <summary>Every rendering of an explanation is well formed, holds the numbers that it should, and speaks both languages.</summary>
public sealed partial class ExplanationRenderingTests
{
    private static readonly XNamespace mathMl = "http://www.w3.org/1998/Math/MathML";
    private static readonly XNamespace svg = "http://www.w3.org/2000/svg";

    // Presentation MathML as browsers have it: MathML Core, and mtable with columnalign, which they pass over.
    private static readonly Dictionary<string, int?> children = new()
    {
        ["math"] = null,
        ["mrow"] = null,
        ["mtable"] = null,
        ["mtr"] = null,
        ["mtd"] = null,
        ["mi"] = 0,
        ["mn"] = 0,
        ["mo"] = 0,
        ["mtext"] = 0,
        ["mspace"] = 0,
        ["msqrt"] = null,
        ["mfrac"] = 2,
        ["msup"] = 2,
        ["msub"] = 2,
        ["msubsup"] = 3,
    };

    public static TheoryData<int, bool, Language> Cases
    {
        get
        {
            var cases = new TheoryData<int, bool, Language>();
            foreach (int number in Enumerable.Range(0, 6))
            {
                foreach (Language language in Enum.GetValues<Language>())
                {
                    cases.Add(number, true, language);
                    cases.Add(number, false, language);
                }
            }

            return cases;
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void MathMl_is_presentation_MathMl(int number, bool isDerivation, Language language)
    {
        ExplanationView view = View(number, isDerivation, language);
        XElement root = XDocument.Parse(MathMlExplanation.Render(view)).Root!;
        Assert.Equal(mathMl + "math", root.Name);
        foreach (XElement element in root.DescendantsAndSelf())
        {
            Assert.Equal(mathMl, element.Name.Namespace);
            Assert.True(children.TryGetValue(element.Name.LocalName, out int? expected), element.Name.LocalName);
            Assert.True(expected is null || element.Elements().Count() == expected, $"{element.Name.LocalName} has {element.Elements().Count()} children: {element}");
            Assert.True(element.Name.LocalName != "mtable" || element.Elements().All(row => row.Name.LocalName == "mtr"));
            Assert.True(element.Name.LocalName != "mtr" || element.Elements().All(cell => cell.Name.LocalName == "mtd"));
        }

        Assert.Empty(Duplicates(root));
        if (view.Derivation is { } derivation)
        {
            int factors = root.Descendants().Count(element => (string?)element.Attribute("class") == "factor" && element.Name.LocalName == "mtr");
            Assert.Equal(derivation.Paths.Sum(path => path.Factors.Count), factors);
        }
    }

    /// <summary>What a factor lights up must be there to be lit.</summary>
    [Theory]
    [MemberData(nameof(Cases))]
    public void A_picture_is_well_formed_and_has_what_the_formulas_refer_to(int number, bool isDerivation, Language language)
    {
        ExplanationView view = View(number, isDerivation, language);
        XElement root = XDocument.Parse(NetworkPicture.Render(view)).Root!;
        Assert.Equal(svg + "svg", root.Name);
        Assert.Empty(Duplicates(root));
        Assert.NotEmpty(root.Element(svg + "title")!.Value);
        var ids = root.Descendants().Select(element => (string?)element.Attribute("id")).ToHashSet();
        foreach (string id in view.Derivation?.Paths.SelectMany(path => path.Factors).SelectMany(factor => ElementNames.Of(factor, view.Pass)) ?? [])
        {
            Assert.Contains(id, ids);
        }

        // Nothing lies outside of the picture.
        double[] size = [.. ((string)root.Attribute("viewBox")!).Split(' ').Select(part => double.Parse(part, CultureInfo.InvariantCulture))];
        Assert.All(root.Descendants(svg + "rect").Where(rect => rect.Attribute("x") is not null), rect =>
        {
            Assert.InRange((double)rect.Attribute("x")!, 0, size[2] - (double)rect.Attribute("width")!);
            Assert.InRange((double)rect.Attribute("y")!, 0, size[3] - (double)rect.Attribute("height")!);
        });
        Assert.All(root.Descendants(svg + "text").Where(text => text.Attribute("y") is not null), text => Assert.InRange((double)text.Attribute("y")!, 0, size[3]));
    }

    /// <summary>A negative number looks different without its colour too.</summary>
    [Fact]
    public void A_picture_shows_signs_without_colour()
    {
        string picture = NetworkPicture.Render(View(0, isDerivation: false, Language.English));
        XElement root = XDocument.Parse(picture).Root!;
        Assert.Matches(@"\.edge\.negative\{stroke-dasharray", picture);
        XElement[] edges = [.. root.Descendants(svg + "path").Where(path => ((string?)path.Attribute("id"))?.StartsWith("weight", StringComparison.Ordinal) == true)];
        Assert.Equal(24, edges.Length);
        Assert.All(edges, edge => Assert.Equal(edge.Element(svg + "title")!.Value.Split(", dL")[0].Contains('-', StringComparison.Ordinal), ((string)edge.Attribute("class")!).Contains("negative", StringComparison.Ordinal)));
    }

    [Fact]
    public void A_large_layer_is_drawn_in_part_and_the_rest_counted()
    {
        ExplanationView view = View(3, isDerivation: true, Language.English);
        XElement root = XDocument.Parse(NetworkPicture.Render(view, new PictureOptions { MaximumUnits = 4 })).Root!;
        Assert.Equal(4, root.Descendants(svg + "g").Count(group => ((string?)group.Attribute("id"))?.StartsWith("unit-1-", StringComparison.Ordinal) == true));
        Assert.Contains(root.Descendants(svg + "text"), text => text.Value == "… 36 more");
        Assert.Contains("unit-1-33", root.Descendants().Select(element => (string?)element.Attribute("id"))); // it is the one that is explained
    }

    [Fact]
    public void A_theme_is_fixed_or_the_reader_s()
    {
        ExplanationView view = View(0, isDerivation: true, Language.English);
        Assert.Contains("prefers-color-scheme:dark", NetworkPicture.Render(view), StringComparison.Ordinal);
        Assert.DoesNotContain("prefers-color-scheme", NetworkPicture.Render(view, new PictureOptions { Theme = PictureTheme.Dark }), StringComparison.Ordinal);
        Assert.NotEqual(NetworkPicture.Render(view, new PictureOptions { Theme = PictureTheme.Dark }), NetworkPicture.Render(view, new PictureOptions { Theme = PictureTheme.Light }));
    }

    /// <summary>A batch of many samples is a column of terms, not a line that is wider than every page; each with its sample, the rest counted, and their sum.</summary>
    [Fact]
    public void The_sum_over_many_samples_stays_narrow()
    {
        var random = new NumPyRandom(42);
        var network = new Sequential<double>(new Linear<double>(2, 1, random), new Sigmoid<double>());
        var explainer = new Explainer<double>(network, new MeanSquaredError<double>(), random.Randn(32, 2), random.Rand(32, 1), new ExplainerOptions { MaximumPaths = 2 });
        var view = ExplanationView.Of(explainer.Explain("layer1.weight[0,0]"), "xor", Language.English);
        XElement root = XDocument.Parse(MathMlExplanation.Render(view)).Root!;
        Assert.Equal(12, root.Descendants(mathMl + "mtr").Count(row => (string?)row.Attribute("class") == "sample"));
        Assert.Equal("… 20 more", root.Descendants(mathMl + "mtr").Single(row => (string?)row.Attribute("class") == "rest").Elements().Last().Value);
        Assert.Single(root.Descendants(mathMl + "mtr"), row => (string?)row.Attribute("class") == "total");
        Assert.All(root.Descendants(mathMl + "mtd"), cell => Assert.StartsWith("text-align:", (string?)cell.Attribute("style") ?? "", StringComparison.Ordinal));
        Assert.Contains("(sample 7)", MermaidExplanation.Render(ExplanationView.Of(new Explainer<double>(network, new MeanSquaredError<double>(), random.Randn(2, 2), random.Rand(2, 1), new ExplainerOptions { SampleNumbers = [3, 7] }).Explain("layer1.weight[0,0]"), "xor", Language.English)), StringComparison.Ordinal);
        Assert.Equal(@"W^{(1)\top}", LatexFormula.Write(new Formula.Transpose(new Formula.Variable(new Symbol("W", 1, [])))));
    }

    /// <summary>Statements of a flowchart: nodes with a label in quotes, edges between nodes that there are.</summary>
    [Theory]
    [MemberData(nameof(Cases))]
    public void Mermaid_is_a_flowchart(int number, bool isDerivation, Language language)
    {
        string[] lines = MermaidExplanation.Render(View(number, isDerivation, language)).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal("flowchart LR", lines[2]);
        var nodes = new HashSet<string>();
        int edges = 0;
        foreach (string line in lines[3..^1])
        {
            if (MermaidNode().Match(line) is { Success: true } node)
            {
                Assert.True(nodes.Add(node.Groups[1].Value), line);
                continue;
            }

            Match edge = MermaidEdge().Match(line);
            Assert.True(edge.Success, line);
            Assert.Contains(edge.Groups[1].Value, nodes);
            Assert.Contains(edge.Groups[2].Value, nodes);
            edges++;
        }

        Assert.True(edges >= nodes.Count - 1, "connected");
        Assert.StartsWith("    classDef target", lines[^1], StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Dot_is_a_directed_graph(int number, bool isDerivation, Language language)
    {
        string[] lines = DotExplanation.Render(View(number, isDerivation, language)).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal("digraph explanation {", lines[0]);
        Assert.Equal("}", lines[^1]);
        var nodes = new HashSet<string>();
        foreach (string line in lines[7..^1])
        {
            if (DotNode().Match(line) is { Success: true } node)
            {
                Assert.True(nodes.Add(node.Groups[1].Value), line);
                continue;
            }

            Match edge = DotEdge().Match(line);
            Assert.True(edge.Success, line);
            Assert.Contains(edge.Groups[1].Value, nodes);
            Assert.Contains(edge.Groups[2].Value, nodes);
        }
    }

    /// <summary>Braces, \left and \right, and the dollars of Markdown come in pairs.</summary>
    [Theory]
    [MemberData(nameof(Cases))]
    public void Latex_is_balanced(int number, bool isDerivation, Language language)
    {
        string markdown = MarkdownExplanation.Render(View(number, isDerivation, language));
        Assert.Equal(0, markdown.Count(letter => letter == '$') % 2);
        int depth = 0;
        foreach (char letter in markdown)
        {
            depth += letter switch { '{' => 1, '}' => -1, _ => 0 };
            Assert.True(depth >= 0);
        }

        Assert.Equal(0, depth);
        Assert.Equal(Regex.Count(markdown, @"\\left[^a-z]"), Regex.Count(markdown, @"\\right[^a-z]"));
        Assert.Equal(Regex.Count(markdown, @"\\begin\{"), Regex.Count(markdown, @"\\end\{"));
        Assert.DoesNotContain("^{(1)}^", markdown, StringComparison.Ordinal); // a double superscript is an error
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Text_holds_every_factor_in_the_language_that_was_asked_for(int number, bool isDerivation, Language language)
    {
        ExplanationView view = View(number, isDerivation, language);
        string text = PlainExplanation.Render(view);
        Assert.Equal(language == Language.Korean, Hangul().IsMatch(text));
        Assert.All(view.Derivation?.Paths.SelectMany(path => path.Factors) ?? [], factor =>
        {
            Assert.Contains(factor.Symbol, text, StringComparison.Ordinal);
            Assert.Contains(factor.Formula.ToString(), text, StringComparison.Ordinal);
        });
        Assert.DoesNotContain(" \n", text, StringComparison.Ordinal);
    }

    /// <summary>A reader who adds the paths up must find the sum, the number of those that are not named, and each step of the way with all its terms.</summary>
    [Fact]
    public void Text_says_every_sum()
    {
        ExplanationView view = View(3, isDerivation: true, Language.English);
        Derivation derivation = view.Derivation!;
        string text = PlainExplanation.Render(view);
        Assert.Contains($"  sum of the 240 paths  {Formula.Format(derivation.Gradient)}", Regex.Replace(text, " +(?=[−0-9.]+\n)", "  "), StringComparison.Ordinal);
        Assert.Contains("  234 more paths", text, StringComparison.Ordinal);
        string[] steps = [.. text.Split('\n').SkipWhile(line => !line.StartsWith("Unit by unit", StringComparison.Ordinal)).Skip(1).TakeWhile(line => line.Length > 0)];
        Assert.Matches(@"^  sample \d  += dL/dz1\[33\]·x\[1\]", steps[0]);
        string[] ofTheSum = [.. steps.SkipWhile(line => !line.StartsWith("  dL/da1[33]", StringComparison.Ordinal)).TakeWhile((line, i) => i == 0 || line.StartsWith("   ", StringComparison.Ordinal))];
        Assert.Equal(8 + 2, ofTheSum.Length); // the largest of 12 terms, the others, and their sum
        Assert.Contains("+ … 4 more", ofTheSum[8], StringComparison.Ordinal);
        double[] values = [.. ofTheSum.Select(line => double.Parse(line[(line.LastIndexOf('=') + 1)..].Trim().Replace('−', '-'), CultureInfo.InvariantCulture))];
        Assert.Equal(values[^1], values[..^1].Sum(), 5e-4);
    }

    /// <summary>In a narrow terminal the numbers stand below their formulas instead of breaking the columns, and none is lost.</summary>
    [Theory]
    [InlineData(0, 60)]
    [InlineData(3, 70)]
    [InlineData(5, 60)]
    public void Text_fits_into_a_narrow_terminal(int number, int width)
    {
        ExplanationView view = View(number, isDerivation: true, Language.English);
        string narrow = PlainExplanation.Render(view, width);
        Assert.All(narrow.Split('\n').Skip(2).Where(line => line.StartsWith("  ", StringComparison.Ordinal)), line => Assert.InRange(line.Length, 0, width));
        Assert.All(view.Derivation!.Paths.SelectMany(path => path.Factors), factor =>
        {
            Assert.Contains(factor.Formula.ToString(), narrow, StringComparison.Ordinal);
            Assert.Contains(factor.Formula.WithNumbers(), narrow, StringComparison.Ordinal);
        });
        Assert.Equal(PlainExplanation.Render(view), PlainExplanation.Render(view, 200));
    }

    [Theory]
    [InlineData(Language.English, "1 more path ", "samples 0 to 3 of xor")]
    [InlineData(Language.Korean, "나머지 경로 1개 ", "xor의 샘플 0~3")]
    public void One_is_not_several(Language language, string one, string samples)
    {
        var random = new NumPyRandom(42);
        var network = new Sequential<double>(new Linear<double>(2, 1, random), new Sigmoid<double>());
        var explainer = new Explainer<double>(network, new MeanSquaredError<double>(), random.Randn(4, 2), random.Rand(4, 1), new ExplainerOptions { MaximumPaths = 3 });
        string text = PlainExplanation.Render(ExplanationView.Of(explainer.Explain("layer1.weight[0,0]"), "xor", language));
        Assert.Contains(one, text, StringComparison.Ordinal);
        Assert.Contains(samples, text, StringComparison.Ordinal);
        var others = new Explainer<double>(network, new MeanSquaredError<double>(), random.Randn(2, 2), random.Rand(2, 1), new ExplainerOptions { SampleNumbers = [3, 7] });
        Assert.DoesNotContain("3", PlainExplanation.Render(ExplanationView.Of(others.Pass, "xor", language)).Split('\n')[1].Split(';')[1], StringComparison.Ordinal);
    }

    /// <summary>Where targets are classes, the pass shows the y that the formulas subtract: 1 for the class, else 0; and what a mean divides by.</summary>
    [Fact]
    public void Targets_are_shown_as_the_formulas_take_them()
    {
        ExplanationView view = View(3, isDerivation: false, Language.English);
        string text = PlainExplanation.Render(view);
        Assert.Contains("      0  0  0  0  1  class 4\n", text, StringComparison.Ordinal);
        Assert.Contains("L = −Σ y ∘ ln(softmax(z3))/m = ", text, StringComparison.Ordinal);
        Assert.Contains("dL/dz3 = (softmax(z3) − y)/m,  m = 4\n", text, StringComparison.Ordinal);
        Assert.Contains(@"0 & 0 & 0 & 0 & 1", MarkdownExplanation.Render(view), StringComparison.Ordinal);
        Assert.Contains(@"\quad m = 4", MarkdownExplanation.Render(view), StringComparison.Ordinal);
    }

    /// <summary>An embedding looks whole numbers up: by them there is no derivative, and none must be shown.</summary>
    [Fact]
    public void An_input_without_a_derivative_has_none_anywhere()
    {
        var random = new NumPyRandom(1);
        var network = new Sequential<double>(new Embedding<double>(2, 3, random), new Flatten<double>(), new Linear<double>(6, 2, random));
        var explainer = new Explainer<double>(network, new SoftmaxCrossEntropy<double>(), Tensor.Create([0.0, 1], [1, 2]), Tensor.Create([1.0], [1]));
        var view = ExplanationView.Of(explainer.Pass, "xor", Language.English);
        Assert.DoesNotContain("dL/dx", PlainExplanation.Render(view), StringComparison.Ordinal);
        Assert.DoesNotContain(@"\partial x", MarkdownExplanation.Render(view), StringComparison.Ordinal);
        Assert.DoesNotContain("dL/dx", MermaidExplanation.Render(view), StringComparison.Ordinal);
        Assert.Contains("dL/dW1", PlainExplanation.Render(view), StringComparison.Ordinal);
    }

    /// <summary>Two numbers over each other can be read by nobody: labels of edges, and the columns of a card with long names and small gradients.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Nothing_in_a_picture_covers_a_number(bool isDerivation)
    {
        var random = new NumPyRandom(42);
        var network = new Sequential<double>(
            new Reshape<double>(1, 4, 4), new Conv2d<double>(1, 2, 3, random), new ReLU<double>(), new Flatten<double>(), new Linear<double>(8, 3, random), new Tanh<double>(), new Linear<double>(3, 2, random));
        Tensor<double> inputs = random.Randn(1, 16);
        var explainer = new Explainer<double>(network, new MeanSquaredError<double>(), inputs, Tensor.Create([1e-9, 1], [1, 2]));
        ExplanationView view = isDerivation ? ExplanationView.Of(explainer.Explain("layer2.weight[1,1]"), "xor", Language.English) : ExplanationView.Of(explainer.Pass, "xor", Language.English);
        XElement root = XDocument.Parse(NetworkPicture.Render(view)).Root!;
        (double Left, double Top, double Right, double Bottom)[] plates = [.. root.Descendants(svg + "rect").Where(rect => (string?)rect.Attribute("class") == "plate").Select(rect =>
            ((double)rect.Attribute("x")!, (double)rect.Attribute("y")!, (double)rect.Attribute("x")! + (double)rect.Attribute("width")!, (double)rect.Attribute("y")! + (double)rect.Attribute("height")!))];
        Assert.True(plates.Length >= 6, $"{plates.Length} labels");
        for (int i = 0; i < plates.Length; i++)
        {
            Assert.All(plates[(i + 1)..], other => Assert.False(
                plates[i].Left < other.Right && other.Left < plates[i].Right && plates[i].Top < other.Bottom - 1 && other.Top < plates[i].Bottom - 1, $"{plates[i]} and {other}"));
        }

        const double LetterWidth = 6.5;
        Assert.All(root.Descendants(svg + "g").Where(group => ((string?)group.Attribute("class"))?.StartsWith("quantity", StringComparison.Ordinal) == true), group =>
        {
            XElement[] texts = [.. group.Elements(svg + "text")];
            double heat = (double)group.Elements(svg + "rect").Last().Attribute("x")!;
            Assert.True((double)texts[0].Attribute("x")! + (texts[0].Value.Length * LetterWidth) <= heat, $"{texts[0].Value} runs into its number");
            Assert.True((double)texts[1].Attribute("x")! <= (double)texts[2].Attribute("x")! - (texts[2].Value.Length * LetterWidth), $"{texts[1].Value} and {texts[2].Value} meet");
        });
    }

    [Fact]
    public void A_sum_unfolds_into_its_terms()
    {
        Derivation derivation = View(3, isDerivation: true, Language.English).Derivation!;
        XElement root = XDocument.Parse(MathMlExplanation.Sum(derivation.Pass, derivation.Target.Symbol, derivation.Gradient, derivation.Terms, "a-", 3)).Root!;
        Assert.Equal(["a-term-1", "a-term-2", "a-term-3"], root.Descendants(mathMl + "mtr").Select(row => (string?)row.Attribute("id")).Where(id => id is not null));
        Assert.Single(root.Descendants(mathMl + "mtr"), row => (string?)row.Attribute("class") == "rest");
        XElement path = XDocument.Parse(MathMlExplanation.Path(derivation, 1, "b-")).Root!;
        Assert.Equal("b-path-2", (string?)path.Elements().Single().Attribute("id"));
    }

    /// <summary>Numbers in the notations: minus signs, powers of ten, what is not a number.</summary>
    [Theory]
    [InlineData(-0.5, "-0.5000", "<mrow><mo>−</mo><mn>0.5000</mn></mrow>")]
    [InlineData(3, "3", "<mrow><mn>3</mn></mrow>")]
    [InlineData(-1.5e-7, @"-1.500 \times 10^{-7}", "<mrow><mo>−</mo><mn>1.500</mn><mo>×</mo><msup><mn>10</mn><mrow><mo>−</mo><mn>7</mn></mrow></msup></mrow>")]
    [InlineData(double.NaN, @"\mathrm{NaN}", "<mrow><mi>NaN</mi></mrow>")]
    [InlineData(double.NegativeInfinity, @"-\infty", "<mrow><mo>−</mo><mi>∞</mi></mrow>")]
    public void Numbers_are_written_in_every_notation(double value, string latex, string math)
    {
        Assert.Equal(latex, LatexFormula.Number(value));
        Assert.Equal(math, MathMlFormula.Number(value));
    }

    /// <summary>Brackets stand where they are needed and nowhere else.</summary>
    [Fact]
    public void Brackets_are_those_of_arithmetic()
    {
        var a = new Formula.Variable(new Symbol("a", 1, [2]), -2);
        var b = new Formula.Variable(new Symbol("b", null, []), 3);
        var difference = new Formula.Difference(a, new Formula.Difference(b, a));
        Assert.Equal("a1[2] − (b − a1[2])", difference.ToString());
        Assert.Equal("−2 − (3 − (−2))", difference.WithNumbers());
        Assert.Equal(@"a^{(1)}_{2} - \left(b - a^{(1)}_{2}\right)", LatexFormula.Write(difference));
        var product = new Formula.Product(b, new Formula.Sum(a, b));
        Assert.Equal("b(a1[2] + b)", product.ToString());
        Assert.Equal("3(−2 + 3)", product.WithNumbers());
        Assert.Equal("(a1[2] + b)/(b(a1[2] + b))", new Formula.Quotient(new Formula.Sum(a, b), product).ToString());
        var root = new Formula.Quotient(a, new Formula.Call(Function.SquareRoot, new Formula.Sum(b, a)));
        Assert.Equal("a1[2]/√(b + a1[2])", root.ToString());
        Assert.Equal("(−2)/√(3 + (−2))", root.WithNumbers());
        Assert.Equal(@"\frac{a^{(1)}_{2}}{\sqrt{b + a^{(1)}_{2}}}", LatexFormula.Write(root));
        Assert.Equal("√b", new Formula.Call(Function.SquareRoot, b).ToString());
        var inside = new Formula.Product(new Formula.Indicator(a, Relation.Above, -1), new Formula.Indicator(a, Relation.Below, 1));
        Assert.Equal("[a1[2] > −1]·[a1[2] < 1]", inside.ToString());
        Assert.Equal(0, inside.Value);
        Assert.Equal(@"\left[a^{(1)}_{2} > -1\right] \cdot \left[a^{(1)}_{2} < 1\right]", LatexFormula.Write(inside));
        Assert.Equal("b·(−a1[2])".Replace("·(", "(", StringComparison.Ordinal), new Formula.Product(b, new Formula.Negation(a)).ToString());
    }

    private static ExplanationView View(int number, bool isDerivation, Language language)
    {
        (Explainer<double> explainer, string name) = Explained(number);
        return isDerivation ? ExplanationView.Of(explainer.Explain(name), "xor", language) : ExplanationView.Of(explainer.Pass, "a & <b>", language);
    }

    private static (Explainer<double> Explainer, string Name) Explained(int number)
    {
        var random = new NumPyRandom(42);
        Layer<double> network = number switch
        {
            0 => new Sequential<double>(new Linear<double>(2, 8, random), new ReLU<double>(), new Linear<double>(8, 1, random), new Sigmoid<double>()),
            1 => new Sequential<double>(new Linear<double>(2, 3, random), new Tanh<double>(), new Linear<double>(3, 3, random), new Softmax<double>()),
            2 => new Sequential<double>(new Sigmoid<double>(), new Linear<double>(2, 3, random, hasBias: false), new Gelu<double>(GeluForm.Tanh), new Dropout<double>(0.5, random) { KeepsMask = true }, new Linear<double>(3, 1, random)),
            3 => new Sequential<double>(new Linear<double>(2, 40, random), new LeakyReLU<double>(), new Linear<double>(40, 12, random), new Silu<double>(), new Linear<double>(12, 5, random)),
            4 => new Linear<double>(2, 1, random),
            _ => new Sequential<double>(new Linear<double>(2, 4, random), new Softplus<double>(), new Linear<double>(4, 1, random), new Sigmoid<double>()),
        };
        Loss<double> loss = number switch { 3 => new SoftmaxCrossEntropy<double>(), 4 => new BinaryCrossEntropyWithLogits<double>(), 5 => new BinaryCrossEntropy<double>(), _ => new MeanSquaredError<double>() };
        int samples = number is 1 or 3 ? 4 : 1;
        int outputs = number switch { 1 => 3, 3 => 5, _ => 1 };
        Tensor<double> targets = number == 3 ? Tensor.Create([0.0, 1, 4, 2], [4]) : random.Rand(samples, outputs);
        string name = number switch { 0 => "layer1.weight[0,3]", 1 => "layer1.bias[2]", 2 => "input[1]", 3 => "layer1.weight[1,33]", 4 => "weight[0,0]", _ => "layer2.weight[1,0]" };
        return (new Explainer<double>(network, loss, random.Randn(samples, 2), targets, new ExplainerOptions { MaximumPaths = 6 }), name);
    }

    private static IEnumerable<string?> Duplicates(XElement root) =>
        root.DescendantsAndSelf().Select(element => (string?)element.Attribute("id")).Where(id => id is not null).GroupBy(id => id).Where(group => group.Count() > 1).Select(group => group.Key);

    [GeneratedRegex("""^    ([A-Za-z]\w*)\["[^"]+"\](?::::target)?$""")]
    private static partial Regex MermaidNode();

    [GeneratedRegex("""^    (\w+) (?:-->|-\.->)\|"[^"]+"\| (\w+)$""")]
    private static partial Regex MermaidEdge();

    [GeneratedRegex("""^    ([A-Za-z]\w*) \[label="(?:[^"\\]|\\.)+"(?:, penwidth=3)?\];$""")]
    private static partial Regex DotNode();

    [GeneratedRegex("""^    (\w+) -> (\w+) \[label="(?:[^"\\]|\\.)+"(?:, \w+=[^,\]]+)*\];$""")]
    private static partial Regex DotEdge();

    [GeneratedRegex("[가-힣]")]
    private static partial Regex Hangul();
}
