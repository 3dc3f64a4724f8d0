using System.Text;
using HostAgent.Aggregator.Audit;
using HostAgent.Aggregator.Hosting;

namespace HostAgent.Aggregator.Auth;

/// <summary>The file admin.token in the data directory: an admin's token for whoever may read that directory anyway, so that an aggregator needs no
/// set-up before it can be administered on its own machine. Made at the first start, replaced when it nears its end, is revoked or unreadable.</summary>
internal sealed partial class LocalAdminToken(OperatorTokens tokens, string path, AuthOptions options, TimeProvider time, ILogger<LocalAdminToken> log) : BackgroundService
{
    /// <summary>Its name in the data directory; hostctl looks for it beside endpoints.json.</summary>
    public const string Name = "admin.token";

    /// <summary>Owner of the token, as the audit names it.</summary>
    public const string Owner = "local-admin";

    private static readonly TimeSpan RenewBefore = TimeSpan.FromDays(30);
    private static readonly TimeSpan CheckInterval = TimeSpan.FromHours(24);

    /// <summary>Makes or replaces the file when that is due.</summary>
    /// <exception cref="IOException">It cannot be written.</exception>
    public void Ensure()
    {
        OperatorToken? old = TryReadId(path) is { } id ? tokens.Find(id) : null;
        if (old is { Owner: Owner } && old.IsValidAt((time.GetUtcNow() + RenewBefore).ToUnixTimeMilliseconds()) && tokens.Authenticate(File.ReadAllText(path).Trim()) is not null)
        {
            return;
        }

        var audit = new AuditEntry { Actor = AuditEntry.Aggregator, Action = "token.create", Details = new Dictionary<string, string> { ["file"] = Name } };
        (OperatorToken token, TokenText text) = tokens.Create(
            new TokenRequest(Owner, Role.Admin, [], $"the file {Name}", options.MaxTokenLifetime), audit);
        AtomicFile.Write(path, Encoding.ASCII.GetBytes(text + "\n"), AtomicFile.Private);
        foreach (OperatorToken earlier in tokens.All().Where(t => t.Owner == Owner && t.Id != token.Id && t.RevokedUnixMs == 0))
        {
            tokens.Revoke(earlier.Id, audit with { Action = "token.revoke" });
        }

        LogMade(path);
    }

    /// <inheritdoc/>
    public override Task StartAsync(CancellationToken cancellationToken)
    {
        Ensure();
        return base.StartAsync(cancellationToken);
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(CheckInterval, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                Ensure();
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException or Storage.StorageException)
            {
                LogNotRenewed(e);
            }
        }
    }

    private static string? TryReadId(string path)
    {
        try
        {
            return File.Exists(path) && TokenText.TryParse(File.ReadAllText(path).Trim(), out TokenText text) ? text.Id : null;
        }
        catch (IOException)
        {
            return null;
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "An admin's token for this machine was made: {Path}")]
    private partial void LogMade(string path);

    [LoggerMessage(Level = LogLevel.Error, Message = "admin.token could not be renewed; trying again tomorrow")]
    private partial void LogNotRenewed(Exception exception);
}
