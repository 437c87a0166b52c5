using System.Globalization;
using ChainRule.Cli.Output;
using ChainRule.Lessons;
using ChainRule.Lessons.Text;
using ChainRule.Verification;
using Spectre.Console;

namespace ChainRule.Cli.Lessons;

/// <summary><c>chainrule lesson</c>: computes each section, shows it and notes it for the JSON document.</summary>
/// <param name="lesson">Computes.</param>
/// <param name="text">The words.</param>
/// <param name="output">Where they go.</param>
/// <param name="folder">Where the loss curve goes; null where none is wanted.</param>
internal sealed class LessonRun(Lesson lesson, LessonText text, CommandOutput output, OutputFolder? folder)
{
    private readonly LessonView view = new(output.People, text);
    private readonly LessonDocument document = new();

    private static (int ExitCode, string Problem) Good => (ExitCode.Done, "");

    /// <summary>Lists the sections.</summary>
    public static int List(LessonText text, CommandOutput output)
    {
        new LessonView(output.People, text).List();
        output.WriteJson(new SectionListDocument(text), LessonJsonContext.Default.SectionListDocument);
        return ExitCode.Done;
    }

    /// <summary>Shows sections.</summary>
    public int Show(IReadOnlyList<Section> sections, CancellationToken cancellationToken)
    {
        if (sections.Count > 1)
        {
            view.Introduction();
        }

        (int ExitCode, string Problem) outcome = Good;
        foreach (Section section in sections)
        {
            view.Heading(section);
            outcome = Show(section, cancellationToken);
            if (outcome != Good)
            {
                break;
            }
        }

        output.WriteJson(document, LessonJsonContext.Default.LessonDocument);
        return outcome == Good ? ExitCode.Done : CommandLine.Fail(outcome.Problem, outcome.ExitCode);
    }

    private (int ExitCode, string Problem) Show(Section section, CancellationToken cancellationToken)
    {
        switch (section)
        {
            case Section.Activations:
                ActivationTable activations = Lesson.Activations();
                document.Activations = new ActivationsPart(activations);
                view.Activations(activations);
                break;

            case Section.Neuron:
                NeuronExample neuron = lesson.Neuron();
                document.Neuron = new NeuronPart(neuron);
                view.Neuron(neuron);
                break;

            case Section.Network:
                GradientAgreement agreement = lesson.CompareGradients();
                document.Agreement = [.. agreement.Rows.Select(row => new AgreementPart(row))];
                view.Network(agreement);
                return agreement.Agrees ? Good : (ExitCode.Failed, text.Network.Disagreement);

            case Section.Xor:
                return ShowXor(cancellationToken);

            case Section.GradientCheck:
                CheckedGradients gradients = lesson.CheckGradients();
                document.GradientCheckSettings = new GradientCheckSettingsPart(gradients);
                document.GradientCheck = [.. gradients.Report.Rows.Select(row => new GradientCheckPart(row))];
                view.GradientCheck(gradients);
                string[] failed = [.. gradients.Report.Rows.Where(row => row.Verdict == GradientVerdict.Fail).Select(row => row.Parameter)];
                return failed.Length == 0 ? Good : (ExitCode.Failed, Format(text.GradientCheck.FailNote, string.Join(", ", failed)));

            case Section.Chain:
                ChainExample chain = lesson.Chain();
                document.Chain = new ChainPart(chain);
                view.Chain(chain);
                break;

            default:
                view.Summary();
                break;
        }

        return Good;
    }

    private (int ExitCode, string Problem) ShowXor(CancellationToken cancellationToken)
    {
        view.XorIntroduction(lesson.Options);
        XorRun run = Train(cancellationToken);
        EngineRun engine = lesson.TrainXorWithEngine(run);
        document.Xor = new XorPart(run, engine);
        view.Xor(run, engine);
        if (folder is not null && run.Losses.Count > 0)
        {
            using var plot = new LossPlot(run, text);
            document.Files = [folder.Write("xor_loss.png", plot.ToPng()), folder.Write("xor_loss.svg", plot.ToSvg())];
            view.Saved(document.Files);
        }

        return run.Outcome switch
        {
            TrainingOutcome.Diverged => (ExitCode.Failed, Format(text.Xor.Diverged, run.DivergedEpoch, run.LearningRate) + " " + Format(text.Xor.DivergedAdvice, Math.Min(1, run.LearningRate / 10))),
            TrainingOutcome.Cancelled => (ExitCode.Cancelled, Format(text.Xor.Cancelled, run.Losses.Count, run.Epochs)),
            _ when run.StuckEpoch is { } epoch && !run.HasLearnt => (ExitCode.Failed, Format(text.Xor.Stuck, epoch, run.LearningRate)),
            _ => Good,
        };
    }

    private XorRun Train(CancellationToken cancellationToken)
    {
        if (!output.IsLive)
        {
            return lesson.TrainXor(cancellationToken: cancellationToken);
        }

        return output.People.Progress()
            .Columns(new SpinnerColumn(), new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn())
            .Start(context =>
            {
                ProgressTask task = context.AddTask(Format(text.Xor.Training, ""), maxValue: lesson.Options.Epochs);
                return lesson.TrainXor(new TrainingProgress(task, text.Xor.Training), cancellationToken);
            });
    }

    private static string Format(string format, params ReadOnlySpan<object?> arguments) => string.Format(CultureInfo.InvariantCulture, format, arguments);

    /// <summary>Moves the progress bar, on the training's own thread: the bar draws itself ten times a second.</summary>
    private sealed class TrainingProgress(ProgressTask task, string description) : IProgress<EpochProgress>
    {
        public void Report(EpochProgress value)
        {
            task.Value = value.Epoch;
            if (value.Epoch % 100 == 0 || value.Epoch == task.MaxValue)
            {
                task.Description = Format(description, value.Loss.ToString("F6", CultureInfo.InvariantCulture));
            }
        }
    }
}
