namespace HostAgent.Aggregator.Auth;

/// <summary>Counts failed attempts and locks out who fails too often. The secrets cannot be guessed anyway; this keeps guessers from costing CPU
/// and from filling the audit, and makes them visible. A pair of address and shown token id is locked, existing or not, so that nothing is told
/// about ids, and so that a guesser on this machine does not lock out its operator; a remote address is locked as a whole as well.</summary>
internal sealed class AttemptLocks(AuthOptions options, TimeProvider time)
{
    private const int MaxTracked = 20_000; // about 3 MB; beyond it the oldest are forgotten

    private readonly Lock _gate = new();
    private readonly Dictionary<string, Track> _tracks = new(StringComparer.Ordinal);

    /// <summary>How long this address must still wait before it may show this token; null when it may now.</summary>
    public TimeSpan? LockedFor(ClientAddress address, string shown)
    {
        lock (_gate)
        {
            TimeSpan longest = TimeSpan.Zero;
            foreach ((string key, _) in Keys(address, shown))
            {
                if (_tracks.TryGetValue(key, out Track? track) && track.LockedUntil > Now() && track.LockedUntil - Now() > longest)
                {
                    longest = track.LockedUntil - Now();
                }
            }

            return longest > TimeSpan.Zero ? longest : null;
        }
    }

    /// <summary>Notes a failure.</summary>
    /// <returns>How long it locks out, when it does; null otherwise.</returns>
    public TimeSpan? Failed(ClientAddress address, string shown)
    {
        lock (_gate)
        {
            TimeSpan? locks = null;
            foreach ((string key, int limit) in Keys(address, shown))
            {
                if (Note(key, limit) is { } length && length > (locks ?? TimeSpan.Zero))
                {
                    locks = length;
                }
            }

            return locks;
        }
    }

    /// <summary>Notes a success: the failures of this address with this token are forgotten, those of the address as a whole are not.</summary>
    public void Succeeded(ClientAddress address, string shown)
    {
        lock (_gate)
        {
            _tracks.Remove(Keys(address, shown)[0].Key);
        }
    }

    private TimeSpan? Note(string key, int limit)
    {
        TimeSpan now = Now();
        if (!_tracks.TryGetValue(key, out Track? track) || now - track.LastFailure > options.FailureWindow + options.LongestLockOut)
        {
            MakeRoom();
            _tracks[key] = track = new Track();
        }
        else if (now - track.WindowStart > options.FailureWindow)
        {
            track.Failures = 0;
        }

        if (track.Failures++ == 0)
        {
            track.WindowStart = now;
        }

        track.LastFailure = now;
        if (track.Failures < limit)
        {
            return null;
        }

        var length = TimeSpan.FromTicks((long)Math.Min(options.FirstLockOut.Ticks * Math.Pow(2, track.Locks++), options.LongestLockOut.Ticks));
        (track.LockedUntil, track.Failures) = (now + length, 0);
        return length;
    }

    private void MakeRoom()
    {
        if (_tracks.Count < MaxTracked)
        {
            return;
        }

        foreach (string key in _tracks.OrderBy(track => track.Value.LastFailure).Take(MaxTracked / 10).Select(track => track.Key).ToArray())
        {
            _tracks.Remove(key);
        }
    }

    // The monotonic clock: setting the wall clock neither frees nor condemns anybody.
    private TimeSpan Now() => time.GetElapsedTime(0, time.GetTimestamp());

    private (string Key, int Limit)[] Keys(ClientAddress address, string shown)
    {
        (string Key, int Limit) pair = ($"{address.Group} {(TokenText.TryParse(shown, out TokenText text) ? text.Id : "none")}", options.MaxFailuresOfToken);
        return address.IsLoopback ? [pair] : [pair, (address.Group, options.MaxFailuresOfAddress)];
    }

    private sealed class Track
    {
        public int Failures { get; set; }

        public TimeSpan WindowStart { get; set; }

        public TimeSpan LastFailure { get; set; }

        public TimeSpan LockedUntil { get; set; }

        public int Locks { get; set; }
    }
}
