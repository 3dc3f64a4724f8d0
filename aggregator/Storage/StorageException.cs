namespace HostAgent.Aggregator.Storage;

/// <summary>The store could not do what was asked: the disk is full or broken, the file is not ours or not of a version we read, or a stored
/// chunk is damaged. The message says which, where, and what an operator can do.</summary>
public sealed class StorageException : Exception
{
    /// <param name="message">What failed, where, and what helps.</param>
    /// <param name="isTransient">See <see cref="IsTransient"/>.</param>
    /// <param name="inner">The cause.</param>
    public StorageException(string message, bool isTransient, Exception? inner = null) : base(message, inner) => IsTransient = isTransient;

    /// <summary>True when trying again later can help (disk full, file locked), false when it cannot (damaged, wrong version).</summary>
    public bool IsTransient { get; }
}
