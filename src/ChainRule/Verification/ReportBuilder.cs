using System.Numerics;
using System.Numerics.Tensors;
using ChainRule.Kernels;

namespace ChainRule.Verification;

/// <summary>Puts together what a check found.</summary>
internal sealed class ReportBuilder<T>(string name, GradientCheckOptions options)
    where T : unmanaged, IFloatingPointIeee754<T>
{
    // Between the order of a right gradient and that of a wrong one.
    private const double LeastOrder = 1.5;

    // The remainder of a wrong gradient shrinks with the step, or faster. One that stays as it is comes from a jump within the smallest step.
    private const double LeastOrderOfWrong = 0.5;

    /// <summary>What was checked; null where its gradients cannot be compared.</summary>
    public required Subject<T>? Subject { get; init; }

    /// <summary>What was found for each tensor.</summary>
    public required IReadOnlyList<CheckedEntry>[] Entries { get; init; }

    /// <summary>Whether to run the Taylor test.</summary>
    public bool TestsOrder { get; init; } = true;

    /// <summary>What the probes saw.</summary>
    public IReadOnlyList<ProbeFinding> Findings { get; init; } = [];

    /// <summary>The number of samples; null where it is not known.</summary>
    public int? BatchSize { get; init; }

    /// <summary>The number of outputs of a sample; null where it is not known.</summary>
    public int? OutputCount { get; init; }

    /// <summary>What was checked, for experiments; null where it cannot be run.</summary>
    public CheckedNetwork? Network { get; init; }

    /// <summary>What one should know beside.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];

    /// <summary>Builds the report.</summary>
    public GradientCheckReport Build()
    {
        GradientCheckRow[] rows = [.. Entries.Select((entries, i) => GradientCheckRow.Of(Subject!.Names[i], Subject.Claims[i], Subject.Values[i].Lengths, entries))];
        double order = Subject is null || !TestsOrder ? double.NaN : TaylorTest.Order(Subject, OnCorners(rows), options.Seed);
        List<ProbeFinding> findings = [.. Findings];
        List<string> notes = [.. Notes];
        bool isDoubtful = findings.Count == 0 && order is > LeastOrderOfWrong and < LeastOrder && rows.All(row => row.Verdict != GradientVerdict.Fail) && rows.Any(row => row.Entries < row.Analytic.FlattenedLength);
        if (isDoubtful && Subject is not { Branches.IsComplete: true })
        {
            notes.Add("The order of the Taylor remainder is that of a wrong gradient, or of a corner that nobody tells of. Check more samples.");
        }
        else if (isDoubtful && !DirectionCheck.IsRight(Subject!, options, OnCorners(rows)))
        {
            // Where rounding hides the small steps, a curve that looks like a corner from afar leaves such a remainder too, and so does rounding of the
            // claims; a check along one line tells both from a mistake.
            findings.Add(new ProbeFinding(GradientMistake.Unknown, "", FormattableString.Invariant($"Every entry that was drawn is right, and the Taylor remainder is of order {order:0.00}: an entry that was not drawn is wrong. Check more samples.")));
        }

        IReadOnlyList<Diagnosis> diagnoses = GradientDiagnosis.Of(Evidence(rows, findings));
        return new GradientCheckReport
        {
            Subject = name,
            Rows = [.. rows.Select(row => row.Verdict == GradientVerdict.Fail ? row with { Diagnosis = Likeliest(diagnoses, row.Parameter) } : row)],
            TaylorOrder = order,
            Diagnoses = diagnoses,
            Notes = notes,
            Options = options,
            Precision = typeof(T) == typeof(double) ? "float64" : "float32",
            IsBroken = findings.Count > 0,
        };
    }

    /// <summary>The likeliest mistake of one tensor, or of the whole where none is said to be its own.</summary>
    private static string? Likeliest(IReadOnlyList<Diagnosis> diagnoses, string tensor) =>
        diagnoses.OrderBy(diagnosis => diagnosis.Place == tensor ? 0 : 1).FirstOrDefault()?.Evidence;

    private static HashSet<int> OnCorners(GradientCheckRow[] rows) => [.. Enumerable.Range(0, rows.Length).Where(i => rows[i].Kinks > 0)];

    private GradientEvidence Evidence(GradientCheckRow[] rows, List<ProbeFinding> findings) => new()
    {
        Tensors = [.. rows.Select((row, i) => new TensorEvidence
        {
            Name = row.Parameter,
            Shape = Subject!.Values[i].Lengths.ToArray(),
            Value = [.. Subject.Values[i].AsSpan().ToArray().Select(double.CreateTruncating)],
            Claimed = [.. row.Analytic],
            Numeric = NumericWithoutCorners(row, Entries[i]),
            IsWrong = row.Verdict == GradientVerdict.Fail,
        })],
        BatchSize = BatchSize,
        OutputCount = OutputCount,
        Probes = findings,
        Network = Network,
    };

    private static double[] NumericWithoutCorners(GradientCheckRow row, IReadOnlyList<CheckedEntry> entries)
    {
        Tensor<double> numeric = Tensor.Create([.. row.Numeric], row.Numeric.Lengths);
        foreach (CheckedEntry entry in entries.Where(entry => entry.Verdict == GradientVerdict.Kink))
        {
            numeric[[.. entry.Index.Select(i => (nint)i)]] = double.NaN;
        }

        return [.. numeric];
    }
}
