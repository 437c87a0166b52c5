namespace ChainRule.Data;

/// <summary>A file on a server, and how to know that it arrived as it should.</summary>
/// <param name="Address">Where it is.</param>
/// <param name="Size">Its bytes.</param>
/// <param name="Sha256">The SHA-256 of its bytes, 64 hexadecimal digits.</param>
public sealed record RemoteFile(Uri Address, long Size, string Sha256)
{
    /// <summary>The last part of the address.</summary>
    public string Name => Path.GetFileName(Address.AbsolutePath);
}
