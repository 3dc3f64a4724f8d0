namespace HostAgent.Aggregator.Storage.Chunks;

/// <summary>How a chunk's values are written. The numbers are persisted and only grow.</summary>
internal enum ValueEncoding
{
    /// <summary>Integers: differences.</summary>
    Delta = 0,

    /// <summary>Integers: differences of differences, for counters that grow evenly.</summary>
    DeltaOfDelta = 1,

    /// <summary>Doubles that are no short decimals: XOR of the bits with the previous ones, bit-reversed.</summary>
    Xor = 2,
}
