using ChainRule.Playground.Session;
using Xunit;

namespace ChainRule.Playground.Tests;

public sealed class SessionTests
{
    [Theory]
    [InlineData(Grain.Operation)]
    [InlineData(Grain.Layer)]
    [InlineData(Grain.Forward)]
    [InlineData(Grain.Loss)]
    [InlineData(Grain.Backward)]
    [InlineData(Grain.Batch)]
    [InlineData(Grain.Epoch)]
    public void Stepping_there_and_back_visits_the_same_places(Grain grain)
    {
        var session = new PlaygroundSession(Setup.Default);
        var places = new Stack<(int, int, string)>();
        for (int i = 0; i < 40; i++)
        {
            places.Push(Place());
            Assert.True(session.StepForward(grain));
        }

        while (places.TryPop(out (int, int, string) place))
        {
            session.StepBack(grain);
            Assert.Equal(place, Place());
        }

        Assert.True(session.IsAtStart);
        session.StepBack(grain);
        Assert.True(session.IsAtStart);
        (int, int, string) Place() => (session.Run.Step, session.Done, RunTests.Bits(session.Run));
    }

    [Fact]
    public void Small_grains_end_where_a_batch_does()
    {
        var small = new PlaygroundSession(Setup.Default);
        var whole = new PlaygroundSession(Setup.Default);
        while (small.Run.Step < 3)
        {
            small.StepForward(Grain.Operation);
        }

        whole.Train(3);
        Assert.Equal(RunTests.Bits(whole.Run), RunTests.Bits(small.Run));
        Assert.Equal(0, small.Done);
    }

    [Fact]
    public void An_epoch_ends_at_its_end_from_anywhere_inside()
    {
        var session = new PlaygroundSession(Setup.Default);
        session.Train(5);
        session.StepForward(Grain.Layer);
        session.StepForward(Grain.Epoch);
        Assert.Equal((14, 1, 0, 0), (session.Run.Step, session.Run.Epoch, session.Run.Batch, session.Done));
    }

    [Fact]
    public void Reset_starts_from_the_same_weights_and_a_new_start_from_others()
    {
        var session = new PlaygroundSession(Setup.Default);
        string start = RunTests.Bits(session.Run);
        session.Train(50);
        session.Edit(new Entry(0, 0, 0), 3);
        session.Reset();
        Assert.Equal(start, RunTests.Bits(session.Run));
        session.StartElsewhere();
        Assert.NotEqual(start, RunTests.Bits(session.Run));
        Assert.Equal(0, session.Run.Step);
    }

    [Fact]
    public void A_setup_that_can_go_on_does_and_another_starts_anew()
    {
        var session = new PlaygroundSession(Setup.Default);
        session.Train(50);
        session.Apply(session.Setup with { Training = session.Setup.Training with { LearningRate = 0.5, L1 = 0.01 } });
        Assert.Equal((50, 0.5), (session.Run.Step, session.Setup.Training.LearningRate));
        session.Apply(session.Setup with { Data = session.Setup.Data with { Kind = "blobs" } });
        Assert.Equal((0, Training.LossKind.CrossEntropy, 3), (session.Run.Step, session.Setup.Training.Loss, session.Run.Objective.Outputs));
        FormatException exception = Assert.Throws<FormatException>(() => session.Apply(session.Setup with { Data = session.Setup.Data with { Samples = 3 } }));
        Assert.Equal("The number of samples is 3: expected from 4 to 1000.", exception.Message);
    }

    [Fact]
    public void An_edit_inside_a_step_keeps_the_place()
    {
        var session = new PlaygroundSession(Setup.Default);
        session.Train(3);
        session.StepForward(Grain.Loss);
        int done = session.Done;
        double loss = session.Run.Pass.Loss;
        session.Edit(new Entry(2, 0, 0), 4);
        Assert.Equal((3, done), (session.Run.Step, session.Done));
        Assert.NotEqual(loss, session.Run.Pass.Loss);
    }
}
