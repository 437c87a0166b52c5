namespace ChainRule.Data;

/// <summary>How far a download is.</summary>
/// <param name="File">The file's name.</param>
/// <param name="Received">The bytes that are here, those of earlier attempts among them.</param>
/// <param name="Size">The bytes in all.</param>
public readonly record struct DownloadProgress(string File, long Received, long Size);
