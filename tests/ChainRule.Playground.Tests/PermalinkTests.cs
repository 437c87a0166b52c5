using System.Buffers.Text;
using System.IO.Compression;
using ChainRule.Playground.Session;
using CsCheck;
using Xunit;

namespace ChainRule.Playground.Tests;

public sealed class PermalinkTests
{
    /// <summary>A session that is opened from its link has the same bits and goes on with the same bits.</summary>
    [Fact]
    public void A_link_carries_everything() => Gen.Select(Setups.Any, Gen.Int[0, 60], Gen.Int[0, 5]).Sample(
        (setup, steps, operations) =>
        {
            var session = new PlaygroundSession(setup);
            if (session.Train(steps) < steps)
            {
                return;
            }

            for (int i = 0; i < operations; i++)
            {
                session.StepForward(Grain.Operation);
            }

            PlaygroundSession opened = PlaygroundSession.FromLink(session.ToLink());
            Assert.Equal(session.Setup, opened.Setup);
            Assert.Equal((session.Done, RunTests.Bits(session.Run)), (opened.Done, RunTests.Bits(opened.Run)));
            Assert.Equal(session.Train(20), opened.Train(20));
            Assert.Equal(RunTests.Bits(session.Run), RunTests.Bits(opened.Run));
        },
        iter: 150);

    [Fact]
    public void A_reset_of_an_opened_session_leads_to_the_start()
    {
        var session = new PlaygroundSession(Setup.Default);
        string start = RunTests.Bits(session.Run);
        session.Train(30);
        PlaygroundSession opened = PlaygroundSession.FromLink(session.ToLink());
        Assert.Equal(30, opened.Run.FirstStep);
        opened.Reset();
        Assert.Equal(start, RunTests.Bits(opened.Run));
    }

    [Fact]
    public void A_link_of_the_default_network_is_short_enough_to_send() =>
        Assert.InRange(new PlaygroundSession(Setup.Default).ToLink().Length, 100, 2000);

    [Theory]
    [InlineData("", "version")]
    [InlineData("hello", "version")]
    [InlineData("2.abcd", "version")]
    [InlineData("1.", "damaged")]
    [InlineData("1.!!!!", "damaged")]
    [InlineData("1.abcd", "damaged")]
    public void What_is_no_link_is_refused(string link, string expected) =>
        Assert.Contains(expected, Assert.Throws<FormatException>(() => PlaygroundSession.FromLink(link)).Message, StringComparison.Ordinal);

    /// <summary>Whatever comes in, there is a session or a FormatException, never anything else, and never much memory.</summary>
    [Fact]
    public void Damaged_links_are_refused() => Gen.Select(Setups.Any, Gen.Int[0, 5000], Gen.Int[0, 255], Gen.Int[0, 2]).Sample(
        (setup, place, letter, kind) =>
        {
            string link = new PlaygroundSession(setup).ToLink();
            place %= link.Length;
            string broken = kind switch
            {
                0 => link[..place],
                1 => link[..place] + (char)letter + link[(place + 1)..],
                _ => link.Insert(place, $"{(char)letter}"),
            };
            try
            {
                PlaygroundSession.FromLink(broken);
            }
            catch (FormatException exception)
            {
                Assert.NotEmpty(exception.Message);
            }
        },
        iter: 500);

    /// <summary>The same for content that is packed rightly, so that the checksum does not help.</summary>
    [Fact]
    public void Dishonest_content_is_refused() => Gen.Select(Setups.Any, Gen.Byte.Array[0, 40], Gen.Int[0, 100]).Sample(
        (setup, bytes, place) =>
        {
            byte[] content = Unpack(new PlaygroundSession(setup).ToLink());
            place %= content.Length;
            byte[] dishonest = [.. content[..place], .. bytes, .. content[Math.Min(content.Length, place + bytes.Length)..]];
            try
            {
                PlaygroundSession.FromLink(Pack(dishonest));
            }
            catch (FormatException exception)
            {
                Assert.NotEmpty(exception.Message);
            }
        },
        iter: 500);

    [Fact]
    public void A_small_link_that_unpacks_to_an_enormous_one_is_refused()
    {
        string bomb = Pack(new byte[50_000_000]);
        Assert.InRange(bomb.Length, 0, Permalink.MaximumLength);
        Assert.Contains("more", Assert.Throws<FormatException>(() => PlaygroundSession.FromLink(bomb)).Message, StringComparison.Ordinal);
        Assert.Contains("characters", Assert.Throws<FormatException>(() => PlaygroundSession.FromLink("1." + new string('A', 500_000))).Message, StringComparison.Ordinal);
    }

    private static byte[] Unpack(string link)
    {
        using var zlib = new ZLibStream(new MemoryStream(Base64Url.DecodeFromChars(link.AsSpan(2))), CompressionMode.Decompress);
        using var bytes = new MemoryStream();
        zlib.CopyTo(bytes);
        return bytes.ToArray();
    }

    private static string Pack(byte[] content)
    {
        using var packed = new MemoryStream();
        using (var zlib = new ZLibStream(packed, CompressionLevel.SmallestSize))
        {
            zlib.Write(content);
        }

        return "1." + Base64Url.EncodeToString(packed.ToArray());
    }
}
