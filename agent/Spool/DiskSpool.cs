using System.Diagnostics.CodeAnalysis;
using HostAgent.V1;
using Microsoft.Extensions.Logging;

namespace HostAgent.Agent.Spool;

/// <summary>
/// What did not fit the patience of memory: segments of frames on disk, and the account of what was lost. The spiller appends, the
/// backfill lane sends from the oldest on, and what is acknowledged is deleted. Thread-safe; its lock is held across disk writes, so
/// the tick thread never takes it: it reads the figures only.
/// </summary>
internal sealed partial class DiskSpool : IDisposable
{
    /// <summary>The segment that is being written is left alone by the backfill lane until it has been quiet for this long: a segment for
    /// every frame would announce everything every time.</summary>
    private static readonly TimeSpan QuietTime = TimeSpan.FromSeconds(3);

    private readonly Lock _gate = new();
    private readonly SpoolOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger _log;
    private readonly SpoolDirectory _directory;
    private readonly SpoolState _state;
    private readonly List<Segment> _segments;
    private SegmentWriter? _active;
    private Segment? _sending;
    private long _lastAppend;
    private long _lastSync;
    private int _frozenLosses;
    private bool _stateDirty;

    /// <exception cref="SpoolLockedException">Another agent uses the directory.</exception>
    public DiskSpool(string directory, SpoolOptions options, TimeProvider time, ILogger log)
    {
        _options = options;
        _time = time;
        _log = log;
        _directory = new SpoolDirectory(directory, options.MaxDamagedSegments, log);
        _state = _directory.ReadState();
        var recovery = new SegmentRecovery(_directory, log);
        recovery.Run();
        _segments = recovery.Segments;
        Figures.DamagedSegments = recovery.Damaged;
        BeginEpoch(recovery.Losses);
        CountBytes();
    }

    /// <summary>Of this run: greater than all before, also when the state was lost.</summary>
    public ulong Epoch => _state.Epoch;

    public SpoolFigures Figures { get; } = new();

    /// <summary>Whether the backfill lane has something to do, as far as can be said without waiting for the disk.</summary>
    public bool HasBacklog => Figures.Segments > 0 || Figures.PendingLosses > 0;

    public string HostId(string? machineId) => _directory.HostId(machineId);

    /// <summary>Earlier runs that the aggregator has yet to hear the end of.</summary>
    public EndedEpoch[] EndedEpochs()
    {
        lock (_gate)
        {
            return [.. _state.Ended];
        }
    }

    /// <summary>The aggregator has heard of these ends; those of which nothing is left to send are forgotten.</summary>
    public void ForgetEnded(IReadOnlyCollection<EndedEpoch> told)
    {
        lock (_gate)
        {
            var forgotten = _state.Ended.RemoveAll(ended => told.Contains(ended)
                && !_segments.Exists(segment => segment.Epoch == ended.Epoch)
                && !_state.Losses.Exists(loss => loss.Epoch == ended.Epoch));
            if (forgotten > 0)
            {
                SaveState();
            }
        }
    }

    /// <summary>Writes frames, oldest first, and returns how many were written: fewer than all when the disk refuses.</summary>
    public int Append(List<KeptFrame> frames)
    {
        lock (_gate)
        {
            var written = 0;
            try
            {
                if (!_directory.IsUsable || _options.MaxDiskBytes == 0)
                {
                    return 0;
                }

                foreach (var frame in frames)
                {
                    WriterFor(frame).Append(frame);
                    written++;
                    CountBytes();
                    MakeRoom();
                }

                _lastAppend = _time.GetTimestamp();
                if (_time.GetElapsedTime(_lastSync) >= _options.SyncInterval)
                {
                    Sync();
                }

                Report(failure: null);
            }
            catch (Exception error) when (error is IOException or UnauthorizedAccessException)
            {
                CloseActive();
                CountBytes();
                Report(error.Message);
            }

            return written;
        }
    }

    public void AddLoss(LossRange loss)
    {
        lock (_gate)
        {
            KeepLoss(loss);
            SaveState();
        }
    }

    /// <summary>All losses that the aggregator has not acknowledged. They stay as they are from here on: later ones stand by themselves.</summary>
    public LossRange[] LossesToSend()
    {
        lock (_gate)
        {
            _frozenLosses = _state.Losses.Count;
            return [.. _state.Losses];
        }
    }

    public void Acknowledge(LossRange loss)
    {
        lock (_gate)
        {
            if (_state.Losses.Remove(loss))
            {
                _frozenLosses = Math.Max(0, _frozenLosses - 1);
                Figures.PendingLosses = _state.Losses.Count;
                SaveState();
            }
        }
    }

    /// <summary>The oldest segment after <paramref name="previous"/> that can be sent, which is then not dropped to make room until the next
    /// call or <see cref="EndSending"/>.</summary>
    public bool TryBeginSending(Segment? previous, [NotNullWhen(true)] out Segment? segment)
    {
        lock (_gate)
        {
            segment = _segments.Find(one => !one.IsAcknowledged && (previous is null || IsAfter(one, previous)));
            if (segment is not null && segment == _active?.Segment)
            {
                if (_time.GetElapsedTime(_lastAppend) < QuietTime)
                {
                    segment = null;
                    return false;
                }

                CloseActive();
            }

            _sending = segment;
            return segment is not null;
        }
    }

    public void EndSending()
    {
        lock (_gate)
        {
            _sending = null;
        }
    }

    /// <summary>Frames of a segment up to a sequence are durable at the aggregator. A segment of which that is all is deleted.</summary>
    public void Acknowledge(Segment segment, ulong through)
    {
        lock (_gate)
        {
            segment.AcknowledgedThrough = Math.Max(segment.AcknowledgedThrough, through);
            DeleteIfAcknowledged(segment);
        }
    }

    /// <summary>A run of frames of this epoch was acknowledged on the live lane after it had gone to disk: no need to send it again.</summary>
    public void AcknowledgeRun(ulong first, ulong last)
    {
        if (Figures.Segments == 0)
        {
            return;
        }

        lock (_gate)
        {
            foreach (var segment in _segments.FindAll(one => one.Epoch == Epoch && one.First <= last && one.Last >= first))
            {
                if (first <= Math.Max(segment.First, segment.AcknowledgedThrough + 1))
                {
                    segment.AcknowledgedThrough = Math.Max(segment.AcknowledgedThrough, Math.Min(last, segment.Last));
                    DeleteIfAcknowledged(segment);
                }
            }
        }
    }

    /// <summary>A segment turned out damaged after <paramref name="lastSound"/>: it is put aside and the rest of it reported as lost.</summary>
    public void GiveUp(Segment segment, ulong lastSound)
    {
        lock (_gate)
        {
            if (!_segments.Remove(segment))
            {
                return;
            }

            segment.AcknowledgedThrough = Math.Max(segment.AcknowledgedThrough, lastSound);
            if (SegmentRemainder.Of(segment, LossReason.SpoolDamaged) is { } loss)
            {
                KeepLoss(loss);
            }

            SaveState();
            _directory.Quarantine(segment.Path);
            Figures.DamagedSegments++;
            CountBytes();
        }
    }

    /// <summary>Writes to the medium what has been written to the file, if the interval is over or <paramref name="now"/> is true.</summary>
    public void SyncIfDue(bool now = false)
    {
        lock (_gate)
        {
            try
            {
                if (_active is not null && (now || _time.GetElapsedTime(_lastSync) >= _options.SyncInterval))
                {
                    Sync();
                }
            }
            catch (IOException error)
            {
                Report(error.Message);
            }

            if (_stateDirty)
            {
                SaveState();
            }
        }
    }

    /// <summary>This run is over; nothing is in memory any more.</summary>
    /// <param name="lastSequence">The last one that there was; 0: none.</param>
    public void End(ulong lastSequence)
    {
        lock (_gate)
        {
            CloseActive();
            if (lastSequence > 0)
            {
                _state.Ended.Add(new EndedEpoch(Epoch, lastSequence, Clean: true));
            }

            var epoch = _state.Epoch;
            _state.Epoch = 0;
            SaveState();
            _state.Epoch = epoch;
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            _active?.Dispose();
            _active = null;
            _directory.Dispose();
        }
    }

    private static bool IsAfter(Segment one, Segment other) =>
        one.Epoch > other.Epoch || (one.Epoch == other.Epoch && one.First > other.First);

    private void BeginEpoch(List<LossRange> losses)
    {
        foreach (var loss in losses)
        {
            KeepLoss(loss);
        }

        // A segment that was counted as lost and then not deleted in time stays lost: two accounts of one frame are worse.
        foreach (var segment in _segments.FindAll(one => _state.Losses.Exists(loss =>
            loss.Epoch == one.Epoch && loss.First <= one.First && loss.Last >= one.Last)))
        {
            Delete(segment);
        }

        var unclean = _segments.Select(segment => segment.Epoch).Concat(_state.Losses.Select(loss => loss.Epoch)).Append(_state.Epoch)
            .Where(epoch => epoch != 0 && !_state.Ended.Exists(ended => ended.Epoch == epoch)).Distinct().Order().ToArray();
        foreach (var epoch in unclean)
        {
            _state.Ended.Add(new EndedEpoch(epoch, LastKept(epoch), Clean: false));
        }

        var last = _state.Ended.Count == 0 ? 0 : _state.Ended.Max(ended => ended.Epoch);
        _state.Epoch = Math.Max(last + 1, (ulong)Math.Max(1, _time.GetUtcNow().ToUnixTimeMilliseconds()));
        SaveState();
    }

    private ulong LastKept(ulong epoch) => Math.Max(
        _segments.Where(segment => segment.Epoch == epoch).Select(segment => segment.Last).DefaultIfEmpty().Max(),
        _state.Losses.Where(loss => loss.Epoch == epoch).Select(loss => loss.Last).DefaultIfEmpty().Max());

    private SegmentWriter WriterFor(KeptFrame frame)
    {
        if (_active is not null && (_active.IsBroken || _active.Segment.Bytes >= _options.MaxSegmentBytes
            || (_active.Segment.Last != 0 && _active.Segment.Last + 1 != frame.Sequence)))
        {
            CloseActive();
        }

        if (_active is null)
        {
            _active = new SegmentWriter(_directory.Path, Epoch, frame.Sequence);
            _segments.Add(_active.Segment);
            _lastSync = _time.GetTimestamp();
        }

        return _active;
    }

    private void CloseActive()
    {
        if (_active is null)
        {
            return;
        }

        try
        {
            _active.Close();
        }
        catch (IOException error)
        {
            Report(error.Message);
        }

        if (_active.Segment.Last == 0)
        {
            _segments.Remove(_active.Segment);
        }

        var closed = _active.Segment;
        _active = null;
        DeleteIfAcknowledged(closed);
        CountBytes();
    }

    private void MakeRoom()
    {
        while (Figures.Bytes > _options.MaxDiskBytes)
        {
            if (_segments.Find(one => one != _sending && one != _active?.Segment) is not { } oldest)
            {
                if (_active is null || _active.Segment.Bytes < _options.MaxDiskBytes)
                {
                    return;
                }

                CloseActive();
                continue;
            }

            if (SegmentRemainder.Of(oldest, LossReason.SpoolFull) is { } loss)
            {
                KeepLoss(loss);
                Figures.DroppedFrames += (long)(loss.Last - loss.First + 1);
                LogFull(_log, _options.MaxDiskBytes, oldest.Path, loss.Samples);
            }

            // The account first: dying in between leaves a segment that the account already counts as lost, never the reverse.
            SaveState();
            Delete(oldest);
        }
    }

    private void KeepLoss(LossRange loss)
    {
        if (_state.Losses.Count > _frozenLosses && _state.Losses[^1].Join(loss) is { } joined)
        {
            _state.Losses[^1] = joined;
        }
        else
        {
            _state.Losses.Add(loss);
        }

        Figures.LostSamples += (long)loss.Samples;
        Figures.PendingLosses = _state.Losses.Count;
    }

    private void DeleteIfAcknowledged(Segment segment)
    {
        if (segment.IsAcknowledged && segment != _active?.Segment)
        {
            Delete(segment);
        }
    }

    private void Delete(Segment segment)
    {
        _segments.Remove(segment);
        try
        {
            File.Delete(segment.Path);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            Report(error.Message);
        }

        CountBytes();
    }

    private void Sync()
    {
        _active?.Sync();
        _lastSync = _time.GetTimestamp();
    }

    private void SaveState()
    {
        try
        {
            _stateDirty = true;
            _directory.WriteState(_state);
            _stateDirty = false;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            if (_directory.IsUsable)
            {
                Report(error.Message);
            }
        }
    }

    private void CountBytes()
    {
        Figures.Bytes = _segments.Sum(segment => segment.Bytes);
        Figures.Segments = _segments.Count;
        Figures.PendingLosses = _state.Losses.Count;
    }

    private void Report(string? failure)
    {
        if (failure is not null && !Figures.IsFailing)
        {
            LogFailing(_log, _directory.Path, failure);
        }
        else if (failure is null && Figures.IsFailing)
        {
            LogWorks(_log, _directory.Path);
        }

        Figures.IsFailing = failure is not null;
        Figures.Failures += failure is null ? 0 : 1;
    }

    [LoggerMessage(21, LogLevel.Error, "Cannot write to the spool in {Path}: {Reason}. Unacknowledged samples stay in memory while it lasts; then the oldest are dropped and reported as lost. Trying again on its own")]
    private static partial void LogFailing(ILogger log, string path, string reason);

    [LoggerMessage(22, LogLevel.Information, "The spool in {Path} can be written again")]
    private static partial void LogWorks(ILogger log, string path);

    [LoggerMessage(23, LogLevel.Warning, "The spool has reached its limit of {Limit} bytes: dropped the oldest segment {Path} with {Samples} samples, which are reported as lost")]
    private static partial void LogFull(ILogger log, long limit, string path, ulong samples);
}
