using System.Text;
using HostAgent.Aggregator.Hosting;

namespace HostAgent.Aggregator.Enrolment;

/// <summary>Keeps a good token in the data directory, for agents on this machine that may read it (mode 0600): they enrol by themselves. It is
/// no new way in: who reads that directory reads the authority's key, too.</summary>
internal sealed partial class LocalToken(DataDirectory directory, EnrolmentTokens tokens, EnrolmentOptions options, TimeProvider time, ILogger<LocalToken> log)
    : BackgroundService
{
    /// <summary>The name within the data directory; agents find it beside endpoints.json.</summary>
    public const string Name = "enrolment.token";

    private readonly Lock _gate = new();
    private string? _id;
    private long _renewUnixMs;

    /// <inheritdoc/>
    public override Task StartAsync(CancellationToken cancellationToken)
    {
        tokens.Used += Replace;
        Write();
        return base.StartAsync(cancellationToken);
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        tokens.Used -= Replace;
        base.Dispose();
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(30), time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            lock (_gate)
            {
                if (time.GetUtcNow().ToUnixTimeMilliseconds() >= _renewUnixMs)
                {
                    Write();
                }
            }
        }
    }

    private void Replace(string usedId)
    {
        lock (_gate)
        {
            if (usedId == _id)
            {
                Write();
            }
        }
    }

    private void Write()
    {
        try
        {
            (TokenView token, Protos.Enrolment.TokenText text) = tokens.Create(new TokenOrder { CreatedBy = Name, MayReplace = true });
            AtomicFile.Write(directory.File(Name), Encoding.ASCII.GetBytes(text.Reveal() + "\n"), AtomicFile.Private);

            // Replaced a little before its end: who has just read it still gets in.
            (_id, _renewUnixMs) = (token.Id, token.ExpiresUnixMs - (long)(options.TokenLifetime.TotalMilliseconds / 4));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or Storage.StorageException)
        {
            LogNotWritten(e, directory.File(Name));
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "The token for agents on this machine could not be written to {File}; they cannot enrol by themselves until it can")]
    private partial void LogNotWritten(Exception error, string file);
}
