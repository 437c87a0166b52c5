using System.Security.Cryptography;
using ChainRule.Random;
using Xunit;

namespace ChainRule.Data.Tests;

/// <summary>Protects what is on the disk: the whole right file under its name, or a part of it under another.</summary>
public sealed class DownloaderTests : IDisposable
{
    private const int Size = 300_000;

    private readonly string folder = Directory.CreateTempSubdirectory("download-").FullName;
    private readonly byte[] content = new byte[Size];
    private readonly HttpClient client = new();

    public DownloaderTests()
    {
        var random = new NumPyRandom(1);
        for (int i = 0; i < Size; i++)
        {
            content[i] = (byte)(256 * random.Rand());
        }
    }

    private string Target => Path.Combine(folder, "set.gz");

    private string Part => Path.Combine(folder, "set.gz.part");

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        client.Dispose();
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task A_file_arrives_whole_and_its_progress_is_told()
    {
        using var server = new FileServer(content);
        var news = new News();
        await new Downloader(client).DownloadAsync(FileOn(server), Target, news, Token);
        Assert.Equal(content, File.ReadAllBytes(Target));
        Assert.Equal([Target], Directory.GetFiles(folder));
        Assert.Equal(new DownloadProgress("set.gz", Size, Size), news.Last);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_broken_connection_goes_on_where_it_stopped_if_the_server_can(bool knowsRanges)
    {
        using var server = new FileServer(content) { BreakAfter = 100_000, KnowsRanges = knowsRanges };
        Task download = new Downloader(client).DownloadAsync(FileOn(server), Target, null, Token);
        if (knowsRanges)
        {
            await download;
            Assert.Equal(content, File.ReadAllBytes(Target));
            Assert.True(server.Starts.Count > 2 && server.Starts.Skip(1).All(start => start > 0), string.Join(", ", server.Starts));
            return;
        }

        // It never gets further than the first time, and says so instead of asking for ever.
        IOException exception = await Assert.ThrowsAsync<IOException>(() => download);
        Assert.Contains("are kept in", exception.Message, StringComparison.Ordinal);
        Assert.False(File.Exists(Target));
    }

    [Fact]
    public async Task A_later_call_goes_on_from_the_part_that_is_kept()
    {
        File.WriteAllBytes(Part, content[..123_456]);
        using var server = new FileServer(content);
        await new Downloader(client).DownloadAsync(FileOn(server), Target, null, Token);
        Assert.Equal([123_456], server.Starts);
        Assert.Equal(content, File.ReadAllBytes(Target));
    }

    [Fact]
    public async Task Another_file_of_the_same_size_is_refused_and_an_old_one_stays()
    {
        File.WriteAllText(Target, "old");
        byte[] other = [.. content];
        other[Size / 2] ^= 1;
        using var server = new FileServer(other);
        InvalidDataException exception = await Assert.ThrowsAsync<InvalidDataException>(() => new Downloader(client).DownloadAsync(FileOn(server), Target, null, Token));
        Assert.Contains("SHA-256", exception.Message, StringComparison.Ordinal);
        Assert.Equal("old", File.ReadAllText(Target));
        Assert.False(File.Exists(Part));
    }

    [Theory]
    [InlineData(Size - 1)]
    [InlineData(Size + 1)]
    public async Task A_file_of_another_size_is_refused(int size)
    {
        using var server = new FileServer(size < Size ? content[..size] : [.. content, 0]);
        InvalidDataException exception = await Assert.ThrowsAsync<InvalidDataException>(() => new Downloader(client).DownloadAsync(FileOn(server), Target, null, Token));
        Assert.Contains($"{size} bytes on the server; expected {Size}", exception.Message, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(folder));
    }

    [Fact]
    public async Task A_file_that_the_server_lacks_and_a_server_that_is_gone_are_named()
    {
        Uri address;
        using (var server = new FileServer(content))
        {
            address = server.Address;
            RemoteFile lacking = FileOn(server) with { Address = new Uri(server.Address, "set.zip") };
            Assert.Contains("404", (await Assert.ThrowsAsync<IOException>(() => new Downloader(client).DownloadAsync(lacking, Target, null, Token))).Message, StringComparison.Ordinal);
        }

        var gone = new RemoteFile(new Uri(address, "set.gz"), Size, "");
        Assert.Contains($"'{gone.Address}'", (await Assert.ThrowsAsync<IOException>(() => new Downloader(client).DownloadAsync(gone, Target, null, Token))).Message, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(folder));
    }

    [Fact]
    public async Task A_silent_server_does_not_hold_the_download_for_ever()
    {
        using var server = new FileServer(content) { IsSilent = true };
        var downloader = new Downloader(client, TimeSpan.FromSeconds(0.2));
        Assert.Contains("silent for 0.2 seconds", (await Assert.ThrowsAsync<IOException>(() => downloader.DownloadAsync(FileOn(server), Target, null, Token))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_download_that_is_stopped_keeps_what_has_arrived()
    {
        using var server = new FileServer(content);
        using var cancellation = new CancellationTokenSource();
        var stop = new News { Told = _ => cancellation.Cancel() };
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => new Downloader(client).DownloadAsync(FileOn(server), Target, stop, cancellation.Token));
        Assert.Equal([Part], Directory.GetFiles(folder));
        Assert.InRange(new FileInfo(Part).Length, 1, Size - 1);
    }

    [Fact]
    public async Task A_named_set_is_downloaded_into_the_first_place_without_the_files_that_are_there()
    {
        using var server = new FileServer(content);
        string there = Path.Combine(folder, "tiny", IdxFolder.Files[1]);
        Directory.CreateDirectory(Path.GetDirectoryName(there)!);
        File.WriteAllText(there, "mine");
        (long, string) expected = (Size, Sha256(content));
        var set = new NamedSet("tiny", null, NamedSet.FilesAt(server.Address.ToString(), expected, expected, expected, expected), "");
        string found = await NamedData.DownloadAsync(set, [folder], new Downloader(client), null, Token);
        Assert.Equal(Path.Combine(folder, "tiny"), found);
        Assert.Equal(3, server.Starts.Count);
        Assert.Equal("mine", File.ReadAllText(there));
        Assert.All([0, 2, 3], i => Assert.Equal(content, File.ReadAllBytes(Path.Combine(found, $"{IdxFolder.Files[i]}.gz"))));
    }

    [Fact]
    public async Task Without_a_network_the_message_names_the_files_and_where_to_put_them()
    {
        var set = new NamedSet("tiny", null, NamedSet.FilesAt("http://127.0.0.1:1/", (1, ""), (1, ""), (1, ""), (1, "")), " Ask a friend.");
        IOException exception = await Assert.ThrowsAsync<IOException>(() => NamedData.DownloadAsync(set, [folder], new Downloader(client), null, Token));
        Assert.All(IdxFolder.Files, file => Assert.Contains(file, exception.Message, StringComparison.Ordinal));
        Assert.Contains($"put them into '{Path.Combine(folder, "tiny")}'", exception.Message, StringComparison.Ordinal);
        Assert.Contains("Ask a friend.", exception.Message, StringComparison.Ordinal);
    }

    private RemoteFile FileOn(FileServer server) => new(new Uri(server.Address, "set.gz"), Size, Sha256(content));

    private static string Sha256(byte[] bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));

    private sealed class News : IProgress<DownloadProgress>
    {
        public Action<DownloadProgress>? Told { get; init; }

        public DownloadProgress Last { get; private set; }

        public void Report(DownloadProgress value)
        {
            Last = value;
            Told?.Invoke(value);
        }
    }
}
