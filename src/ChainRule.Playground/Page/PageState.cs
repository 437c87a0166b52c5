using System.Text;
using System.Text.Json;
using ChainRule.Playground.Session;

namespace ChainRule.Playground.Page;

/// <summary>The numbers of the run as JSON: what a test, or a curious reader in the browser's console, wants to see.</summary>
internal static class PageState
{
    /// <summary>Writes them.</summary>
    public static string ToJson(PageModel model)
    {
        TrainingRun run = model.Run;
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream))
        {
            writer.WriteStartObject();
            writer.WriteNumber("step", run.Step);
            writer.WriteNumber("epoch", run.Epoch);
            writer.WriteNumber("operation", model.Session.Done);
            writer.WriteNumber("firstStep", run.FirstStep);
            writer.WriteNumber("lastStep", run.LastStep);
            Number("epochLoss", run.EpochLoss);
            Number("trainLoss", run.Loss(ofTest: false));
            Number("testLoss", run.Loss(ofTest: true));
            Number("accuracy", run.Accuracy(ofTest: false));
            Number("rate", model.Playback.Rate);
            writer.WriteBoolean("playing", model.Playback.IsPlaying);
            writer.WriteString("bug", run.Bug?.Name);
            writer.WriteString("precision", run.Setup.Training.Precision == Precision.Bits32 ? "float32" : "float64");
            Numbers("predictions", run.Predictions(ofTest: false));
            writer.WriteStartArray("parameters");
            foreach (double[] values in run.Save().Values)
            {
                writer.WriteStartArray();
                foreach (double value in values)
                {
                    Finite(value);
                }

                writer.WriteEndArray();
            }

            writer.WriteEndArray();
            writer.WriteEndObject();

            void Number(string name, double value)
            {
                writer.WritePropertyName(name);
                Finite(value);
            }

            void Numbers(string name, IEnumerable<double> values)
            {
                writer.WriteStartArray(name);
                foreach (double value in values)
                {
                    Finite(value);
                }

                writer.WriteEndArray();
            }

            void Finite(double value)
            {
                if (double.IsFinite(value))
                {
                    writer.WriteNumberValue(value);
                }
                else
                {
                    writer.WriteNullValue();
                }
            }
        }

        return Encoding.UTF8.GetString(stream.ToArray());
    }
}
