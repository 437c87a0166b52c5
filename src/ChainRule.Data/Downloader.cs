using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Security.Cryptography;

namespace ChainRule.Data;

/// <summary>
/// Brings files over HTTP, whole and unchanged or not at all: what arrives is kept beside the destination in a file that ends in
/// <c>.part</c>, and gets its name when size and SHA-256 are right. A download that broke off goes on where it stopped.
/// </summary>
/// <param name="client">What speaks HTTP.</param>
/// <param name="patience">How long a server may be silent before the connection counts as broken; null for 30 seconds.</param>
public sealed class Downloader(HttpClient client, TimeSpan? patience = null)
{
    private const int BlockSize = 1 << 16;
    private const int MostAttempts = 5;

    private readonly TimeSpan patience = patience ?? TimeSpan.FromSeconds(30);

    /// <summary>Downloads a file. An attempt that got further than the one before is followed by another, up to five.</summary>
    /// <param name="file">The file.</param>
    /// <param name="path">Where it goes; a file that is there is replaced at the end.</param>
    /// <param name="progress">Told of every block that arrives.</param>
    /// <param name="cancellationToken">Stops the download; what has arrived is kept.</param>
    /// <exception cref="IOException">The server cannot be reached, does not have the file or breaks off, or the file cannot be written.</exception>
    /// <exception cref="InvalidDataException">What the server has is another file: its size or its SHA-256 differ. Nothing of it is kept.</exception>
    /// <exception cref="OperationCanceledException">The download was stopped.</exception>
    public async Task DownloadAsync(RemoteFile file, string path, IProgress<DownloadProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(file);
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        string part = $"{path}.part";
        bool isWorthKeeping = true;
        try
        {
            // Nobody else may write to it: two downloads at once would mix.
            await using var stream = new FileStream(part, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            try
            {
                await CompleteAsync(file, stream, progress, cancellationToken).ConfigureAwait(false);
                await VerifyAsync(file, stream, cancellationToken).ConfigureAwait(false);
                stream.Flush(flushToDisk: true);
            }
            catch (InvalidDataException)
            {
                isWorthKeeping = false;
                throw;
            }
            finally
            {
                isWorthKeeping &= stream.Length > 0;
            }
        }
        finally
        {
            if (!isWorthKeeping)
            {
                File.Delete(part);
            }
        }

        File.Move(part, path, overwrite: true);
    }

    private async Task CompleteAsync(RemoteFile file, FileStream part, IProgress<DownloadProgress>? progress, CancellationToken cancellationToken)
    {
        if (part.Length > file.Size)
        {
            part.SetLength(0);
        }

        for (int attempt = 1; part.Length < file.Size; attempt++)
        {
            long before = part.Length;
            string? problem = await ReceiveAsync(file, part, progress, cancellationToken).ConfigureAwait(false);
            if (problem is not null && (attempt == MostAttempts || part.Length == before))
            {
                string kept = part.Length > 0 ? $" {part.Length} of {file.Size} bytes are kept in '{part.Name}'; the next attempt goes on from there." : "";
                throw new IOException($"'{file.Address}' could not be downloaded: {problem}.{kept}");
            }
        }
    }

    /// <summary>Asks for what is missing and adds what comes.</summary>
    /// <returns>What went wrong on the way; null where all came.</returns>
    private async Task<string?> ReceiveAsync(RemoteFile file, FileStream part, IProgress<DownloadProgress>? progress, CancellationToken cancellationToken)
    {
        using var silence = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        silence.CancelAfter(patience);
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, file.Address);
            request.Headers.Range = part.Length > 0 ? new RangeHeaderValue(part.Length, null) : null;
            using HttpResponseMessage response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, silence.Token).ConfigureAwait(false);
            if (Prepare(file, part, response) is { } refusal)
            {
                return refusal;
            }

            await using Stream body = await response.Content.ReadAsStreamAsync(silence.Token).ConfigureAwait(false);
            byte[] block = new byte[BlockSize];
            int read;
            part.Position = part.Length;
            while ((read = await body.ReadAsync(block, silence.Token).ConfigureAwait(false)) > 0)
            {
                if (part.Length + read > file.Size)
                {
                    throw new InvalidDataException($"'{file.Address}' is longer than the {file.Size} bytes that were expected; what had arrived was deleted.");
                }

                await part.WriteAsync(block.AsMemory(0, read), cancellationToken).ConfigureAwait(false);
                progress?.Report(new DownloadProgress(file.Name, part.Length, file.Size));
                silence.CancelAfter(patience);
            }

            return part.Length == file.Size ? null : $"the server stopped after {part.Length} of {file.Size} bytes";
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return $"the server was silent for {patience.TotalSeconds:0.#} seconds";
        }
        catch (Exception exception) when (exception is HttpRequestException or HttpIOException or IOException { InnerException: SocketException })
        {
            // Other input-output errors are the disk's, and no reason to ask the server again.
            return exception.Message.TrimEnd('.');
        }
    }

    /// <summary>Makes the file ready for what the server is about to send.</summary>
    /// <returns>Why nothing useful will come; null where it will.</returns>
    private static string? Prepare(RemoteFile file, FileStream part, HttpResponseMessage response)
    {
        long? size = response.Content.Headers.ContentLength;
        switch (response.StatusCode)
        {
            case HttpStatusCode.PartialContent when response.Content.Headers.ContentRange is { } range && range.From == part.Length:
                size = range.Length ?? file.Size;
                break;
            case HttpStatusCode.PartialContent or HttpStatusCode.RequestedRangeNotSatisfiable:
                part.SetLength(0);
                return "the server sends another part of the file than it was asked for";
            case HttpStatusCode.OK:
                // A server that knows no ranges sends the whole file.
                part.SetLength(0);
                break;
            default:
                return $"the server answers {(int)response.StatusCode} ({response.ReasonPhrase})";
        }

        return size is null || size == file.Size
            ? null
            : throw new InvalidDataException($"'{file.Address}' has {size} bytes on the server; expected {file.Size}. It is another file, or a page that asks you to log in.");
    }

    private static async Task VerifyAsync(RemoteFile file, FileStream part, CancellationToken cancellationToken)
    {
        part.Position = 0;
        string found = Convert.ToHexStringLower(await SHA256.HashDataAsync(part, cancellationToken).ConfigureAwait(false));
        if (!found.Equals(file.Sha256, StringComparison.OrdinalIgnoreCase))
        {
            throw new InvalidDataException($"'{file.Address}' is not the file that was expected: its SHA-256 is {found}; expected {file.Sha256}. What had arrived was deleted.");
        }
    }
}
