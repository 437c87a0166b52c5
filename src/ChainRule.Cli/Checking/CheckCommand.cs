using System.CommandLine;
using System.Globalization;
using ChainRule.Cli.Output;
using ChainRule.Cli.Training;
using ChainRule.Training;
using ChainRule.Verification;
using Spectre.Console;

namespace ChainRule.Cli.Checking;

/// <summary><c>chainrule check</c>: proves every layer of the library, or the gradient of one network.</summary>
internal static class CheckCommand
{
    private const int UsualSamples = 200;

    public static Command Create()
    {
        var model = new Argument<string?>("MODEL") { Description = "A model that chainrule train --save wrote.", Arity = ArgumentArity.ZeroOrOne };
        var data = new Option<string?>("--data") { Description = $"The data of the batch: {DataSource.Choices}. [default: xor]", HelpName = "DATA" };
        Option<IReadOnlyList<int>?> hidden = NetworkOptions.Hidden("8");
        Option<ActivationKind> activation = OptionFactory.Choice<ActivationKind>("--activation", "Activation of the hidden layers.");
        Option<LossChoice> loss = NetworkOptions.Loss();
        Option<long?> seed = OptionFactory.WholeNumber("--seed", "Seed of everything random. [default: 42]", 0, uint.MaxValue);
        Option<long?> afterEpochs = OptionFactory.WholeNumber("--after-epochs", "Train for so many epochs on the batch first. [default: 0]", 0, 10_000_000);
        Option<double?> tolerance = OptionFactory.PositiveNumber("--tolerance", "The largest relative error that passes. [default: 1e-5, or what rounding can have done where that is more]");
        Option<double?> step = OptionFactory.PositiveNumber("--step", "h of the central differences, in units of a value's magnitude. [default: 1e-5, and what a sweep finds where that leaves doubt]");
        Option<long?> samples = OptionFactory.WholeNumber("--samples", $"Entries that are checked of each parameter. [default: {UsualSamples}]", 1, 1_000_000_000);
        var plot = new Option<string?>("--plot") { Description = "Draw the error against the step, in float32 and float64, into a PNG or SVG file.", HelpName = "FILE" };
        Option<bool> json = OptionFactory.Json();
        Option<bool> quiet = OptionFactory.Quiet();
        var command = new Command("check", "Prove every layer and loss of the library; with MODEL or a network's options the gradient of that network.") { model };
        foreach (Option option in new Option[] { data, hidden, activation, loss, seed, afterEpochs, tolerance, step, samples, plot, json, quiet })
        {
            command.Add(option);
        }

        command.SetAction((call, cancellationToken) =>
        {
            var output = CommandOutput.Open(call.GetValue(json), call.GetValue(quiet));
            bool isNetwork = new Option[] { data, hidden, activation, loss, seed, afterEpochs, tolerance, step, samples, plot }.Any(option => call.GetResult(option) is { Implicit: false });
            string? file = call.GetValue(model);
            if (file is null && !isNetwork)
            {
                return Task.FromResult(RunLibrary(output));
            }

            if (file is not null && !File.Exists(file))
            {
                throw new CommandException($"MODEL: there is no file '{file}'.");
            }

            uint number = (uint)(call.GetValue(seed) ?? 42);
            string? picture = OutputFile.Require(call.GetValue(plot), "--plot", ".png", ".svg");
            TrainSettings settings = TrainSettings.ForCheck(
                new DataSource { Name = call.GetValue(data) ?? "xor", Seed = number }, call.GetValue(hidden) ?? [8], call.GetValue(activation), call.GetValue(loss).Kind(), number);
            var options = new GradientCheckOptions
            {
                Step = call.GetValue(step),
                Tolerance = call.GetValue(tolerance),
                Samples = (int)Math.Min(int.MaxValue, call.GetValue(samples) ?? UsualSamples),
                Seed = number,
            };
            var check = NetworkCheck.Run(settings, file, (int)(call.GetValue(afterEpochs) ?? 0), options, picture is not null, output, cancellationToken);
            return Task.FromResult(Show(check, picture, output));
        });
        return command;
    }

    private static int RunLibrary(CommandOutput output)
    {
        IReadOnlyList<ProofRow> rows = ProofView.Watch(output, LibraryProof.Run);
        output.People.WriteLine("The largest disagreement of each opinion with the median of by hand, autodiff and PyTorch, as a share of the tensor's largest value. The order of the Taylor remainder is 2 for a right gradient.");
        output.People.WriteLine("");
        output.WriteTable(Table(rows));
        GradientVerdict verdict = rows.Max(row => row.Verdict);
        output.WriteJson(new CheckDocument(rows, verdict), CheckJsonContext.Default.CheckDocument);
        return verdict == GradientVerdict.Fail
            ? CommandLine.Fail($"Not proved: {string.Join(", ", rows.Where(row => row.Verdict == GradientVerdict.Fail).Select(row => row.Name))}.", ExitCode.Failed)
            : ExitCode.Done;
    }

    private static string[] Table(IReadOnlyList<ProofRow> rows)
    {
        int width = rows.Max(row => row.Name.Length);
        return
        [
            $"{new string(' ', width)}  by hand  autodiff  numeric  PyTorch  order",
            .. rows.Select(row => string.Create(CultureInfo.InvariantCulture, $"{row.Name.PadRight(width)}  {row.ByHand,7:0.0E+0}  {row.Autodiff,8:0.0E+0}  {row.Numeric,7:0.0E+0}  {row.Pytorch,7:0.0E+0}  {row.TaylorOrder,5:0.00}  {ReportText.Word(row.Verdict)}")),
        ];
    }

    private static int Show(NetworkCheck check, string? picture, CommandOutput output)
    {
        output.People.WriteLine(check.Description);
        output.People.WriteLine("");
        output.WriteTable(ReportText.Tables(check.Report));
        output.People.WriteLine("");
        foreach (string line in ReportText.Remarks(check.Report))
        {
            output.People.WriteLine(line);
        }

        if (picture is not null)
        {
            VCurvePlot.Draw(picture, check.Curve!);
            output.People.WriteLine($"Saved plot: {picture}");
        }

        output.WriteJson(check.Report.ToJson);
        return check.Report.Verdict == GradientVerdict.Fail ? CommandLine.Fail(ReportText.Message(check.Report), ExitCode.Failed) : ExitCode.Done;
    }
}
