using Grpc.Core;
using Grpc.Net.Client;
using HostAgent.Agent.Streaming;
using HostAgent.Protos.Enrolment;
using Microsoft.Extensions.Logging;

namespace HostAgent.Agent.Enrolment;

/// <summary>Keeps this host in possession of a certificate: enrols it once, renews at two thirds of a certificate's life.</summary>
internal sealed partial class HostCredentials(
    StreamingOptions streaming, EnrolmentOptions options, HostIdentity identity, CertificateStore store, TimeProvider time, ILogger log) : IHostCredentials
{
    // Other agents of this machine may use a token up between reading its file and using it; the file holds the next one at once.
    private const int MaxTokens = 100;
    private static readonly TimeSpan LongestWait = TimeSpan.FromHours(1); // the clock may be set meanwhile

    private readonly EnrolmentCalls _calls = new(streaming, identity, time);
    private volatile HeldCertificate? _held;
    private volatile bool _isDoubted;

    /// <summary>End of the certificate, seconds since 1970; 0: there is none.</summary>
    public long NotAfterSeconds => _held?.NotAfter.ToUnixTimeSeconds() ?? 0;

    /// <inheritdoc/>
    public async Task<ChannelTrust> ReadyAsync(CancellationToken cancellation)
    {
        if (_held is null || _isDoubted)
        {
            var held = _held is { } doubted ? await ReplaceAsync(doubted, cancellation).ConfigureAwait(false) : store.Load(identity.HostId);
            _held = held ?? await EnrolAsync(cancellation).ConfigureAwait(false);
            _isDoubted = false;
        }

        return _held.Trust;
    }

    /// <inheritdoc/>
    public bool Doubt()
    {
        var isNews = !_isDoubted;
        _isDoubted = true;
        return isNews;
    }

    /// <inheritdoc/>
    public async Task RenewedAsync(GrpcChannel channel, CancellationToken cancellation)
    {
        var failures = 0;
        while (_held is { } held)
        {
            for (TimeSpan left; (left = held.RenewAfter - time.GetUtcNow()) > TimeSpan.Zero;)
            {
                await Task.Delay(left < LongestWait ? left + TimeSpan.FromMilliseconds(1) : LongestWait, time, cancellation).ConfigureAwait(false);
            }

            try
            {
                Take(await _calls.RenewAsync(channel, cancellation).ConfigureAwait(false));
                return;
            }
            catch (RpcException error) when (!cancellation.IsCancellationRequested)
            {
                if (failures++ == 0)
                {
                    LogNotRenewed(log, held.NotAfter, error.Status.Detail);
                }

                await Task.Delay(Pause(held), time, cancellation).ConfigureAwait(false);
            }
        }
    }

    /// <summary>Enrols, whatever certificate there is.</summary>
    /// <exception cref="NotEnrolledException">There is no token, or it is not accepted.</exception>
    /// <exception cref="RpcException">The aggregator is away or refuses.</exception>
    public async Task<HeldCertificate> EnrolAsync(CancellationToken cancellation)
    {
        using var key = store.EnrolmentKey();
        for (var tried = 1; ; tried++)
        {
            var token = ReadToken();
            try
            {
                var held = await _calls.EnrolAsync(token, key, cancellation).ConfigureAwait(false);
                Take(held);
                LogEnrolled(log, streaming.Aggregator, held.NotAfter);
                return held;
            }
            catch (RpcException error) when (error.StatusCode == StatusCode.Unauthenticated)
            {
                if (tried == MaxTokens || ReadToken().Id == token.Id)
                {
                    throw new NotEnrolledException(error.Status.Detail);
                }
            }
        }
    }

    // The aggregator does not accept the certificate: perhaps it has ended while one of the two was away, perhaps this is another aggregator, perhaps
    // somebody has enrolled this host by hand meanwhile.
    private async Task<HeldCertificate?> ReplaceAsync(HeldCertificate doubted, CancellationToken cancellation)
    {
        if (store.Load(identity.HostId) is { } stored && stored.Certificate.Thumbprint != doubted.Certificate.Thumbprint)
        {
            return stored;
        }

        try
        {
            using var channel = AggregatorChannel.Open(streaming, new StreamFigures(), doubted.Trust);
            var renewed = await _calls.RenewAsync(channel, cancellation).ConfigureAwait(false);
            Take(renewed);
            return renewed;
        }
        catch (RpcException error) when (error.StatusCode == StatusCode.Unauthenticated)
        {
            return options.Token is null && options.TokenFile is null
                ? throw new NotEnrolledException($"{error.Status.Detail}. {WhatToDo}")
                : null;
        }
    }

    private void Take(HeldCertificate held)
    {
        store.Save(held);
        _held = held;
        LogHeld(log, held.NotAfter, held.RenewAfter);
    }

    private TokenText ReadToken()
    {
        if (options.Token is null && options.TokenFile is null)
        {
            throw new NotEnrolledException($"it has no certificate and no token to get one with. {WhatToDo}");
        }

        try
        {
            return TokenText.Parse(options.Token ?? File.ReadAllText(options.TokenFile!));
        }
        catch (FormatException error)
        {
            throw new NotEnrolledException($"{(options.Token is null ? options.TokenFile : "HOSTAGENT_ENROLMENT_TOKEN")}: {error.Message}");
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new NotEnrolledException($"the enrolment token in {options.TokenFile} cannot be read ({error.Message}). {WhatToDo}");
        }
    }

    private string WhatToDo
        => $"Get a token from an operator of the aggregator, then: hostagent enrol --aggregator {streaming.Aggregator} --token-file FILE";

    // A twentieth of what is left, so that a short-lived certificate is not lost by waiting and a long-lived one not by hurry.
    private TimeSpan Pause(HeldCertificate held)
    {
        var left = (held.NotAfter - time.GetUtcNow()).TotalSeconds / 20;
        return TimeSpan.FromSeconds(Math.Clamp(left, 0.2, 600) * (0.5 + (Random.Shared.NextDouble() / 2)));
    }

    [LoggerMessage(84, LogLevel.Information, "Enrolled at {Aggregator}; the certificate is good until {NotAfter:u} and is renewed by itself")]
    private static partial void LogEnrolled(ILogger log, Uri aggregator, DateTimeOffset notAfter);

    [LoggerMessage(85, LogLevel.Debug, "Certificate until {NotAfter:u}, to be renewed after {RenewAfter:u}")]
    private static partial void LogHeld(ILogger log, DateTimeOffset notAfter, DateTimeOffset renewAfter);

    [LoggerMessage(86, LogLevel.Warning, "The certificate, good until {NotAfter:u}, could not be renewed yet: {Reason}. Trying again on its own")]
    private static partial void LogNotRenewed(ILogger log, DateTimeOffset notAfter, string reason);
}
