using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using HostAgent.Aggregator.Hosting;
using HostAgent.Aggregator.Storage;
using HostAgent.Protos.Enrolment;

namespace HostAgent.Aggregator.Enrolment;

/// <summary>Enrolment tokens: good once, for a while, for hosts with certain labels. Only the hash of the secret is kept. Thread-safe.</summary>
/// <param name="documents">Where they are kept.</param>
/// <param name="authorities">The authorities at the time of the call; a token carries the fingerprint of the one that signs the server.</param>
/// <param name="options">How long they live.</param>
/// <param name="time">The aggregator's clock.</param>
internal sealed class EnrolmentTokens(IDocumentStore documents, Func<AuthoritySet> authorities, EnrolmentOptions options, TimeProvider time)
{
    private const string Collection = "enrolment-token";
    private const int MaxLabels = 30;
    private const int MaxLabelLength = 1024;
    private static readonly TimeSpan KeptAfterItsEnd = TimeSpan.FromDays(7);

    private readonly Lock _gate = new();

    /// <summary>A token was used up; told after that is durable and before the host hears of it.</summary>
    public event Action<string>? Used;

    /// <summary>Makes a token. Its text is not to be had again.</summary>
    /// <exception cref="ArgumentException">The lifetime or a label is not allowed; the message is for the operator.</exception>
    public (TokenView Token, TokenText Text) Create(TokenOrder order)
    {
        TimeSpan lifetime = order.Lifetime ?? options.TokenLifetime;
        if (lifetime <= TimeSpan.Zero || lifetime > options.MaxTokenLifetime)
        {
            throw new ArgumentException($"a token's lifetime must be more than nothing and at most {options.MaxTokenLifetime.TotalDays:0.#} days");
        }

        CheckLabels(order.Labels);
        byte[] secret = RandomNumberGenerator.GetBytes(32);
        var text = new TokenText(
            Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(8)), Base64Url.EncodeToString(secret), AuthorityFingerprint.Of(authorities().ForServer));
        long now = Now;
        var record = new TokenRecord
        {
            Id = text.Id,
            SecretHash = HashOf(text.Secret),
            CreatedUnixMs = now,
            ExpiresUnixMs = now + (long)lifetime.TotalMilliseconds,
            CreatedBy = order.CreatedBy,
            Labels = new(order.Labels, StringComparer.Ordinal),
            MayReplace = order.MayReplace,
        };
        lock (_gate)
        {
            documents.Commit([.. Outdated(now), Change(record)]);
        }

        return (View(record, now), text);
    }

    /// <summary>All tokens that are active or were lately, the newest first.</summary>
    public IReadOnlyList<TokenView> List()
    {
        long now = Now;
        return [.. All().OrderByDescending(static t => t.CreatedUnixMs).ThenBy(static t => t.Id, StringComparer.Ordinal).Select(t => View(t, now))];
    }

    /// <summary>Makes a token useless. False: there is none of this id.</summary>
    public bool Revoke(string id)
    {
        lock (_gate)
        {
            if (Find(id) is not { } token)
            {
                return false;
            }

            documents.Commit([Change(token with { RevokedUnixMs = token.RevokedUnixMs ?? Now })]);
            return true;
        }
    }

    /// <summary>The token of this id whose secret this is, still good for this key.</summary>
    /// <exception cref="EnrolmentRefusedException">There is none. The message does not tell an unknown id from a wrong secret.</exception>
    public TokenRecord Check(string id, string secret, byte[] keyHash, string hostId)
    {
        TokenRecord? token = Find(id);
        byte[] expected = token?.SecretHash ?? new byte[SHA256.HashSizeInBytes];
        if (!CryptographicOperations.FixedTimeEquals(expected, HashOf(secret)) || token is null)
        {
            throw new EnrolmentRefusedException(isForbidden: false, "the enrolment token is not known here, or its secret is wrong");
        }

        bool isSaidAgain = token.UsedKeyHash is { } used && used.AsSpan().SequenceEqual(keyHash) && token.UsedByHostId == hostId;
        string? problem = token.RevokedUnixMs is not null ? "has been revoked"
            : token.ExpiresUnixMs <= Now ? $"expired at {DateTimeOffset.FromUnixTimeMilliseconds(token.ExpiresUnixMs):u}"
            : token.UsedUnixMs is { } at && !isSaidAgain ? $"was used at {DateTimeOffset.FromUnixTimeMilliseconds(at):u} by host {token.UsedByHostId}; a token is good once"
            : null;
        return problem is null ? token : throw new EnrolmentRefusedException(isForbidden: false, $"the enrolment token {id} {problem}: ask for a new one");
    }

    /// <summary>The change that uses a token up; goes with the enrolment in one commit.</summary>
    public DocumentChange UsedBy(TokenRecord token, string hostId, byte[] keyHash)
        => Change(token with { UsedUnixMs = token.UsedUnixMs ?? Now, UsedByHostId = hostId, UsedKeyHash = keyHash });

    /// <summary>To be called after that commit.</summary>
    public void TellUsed(string id) => Used?.Invoke(id);

    private long Now => time.GetUtcNow().ToUnixTimeMilliseconds();

    private static byte[] HashOf(string secret) => SHA256.HashData(Encoding.UTF8.GetBytes(secret));

    private static DocumentChange Change(TokenRecord token)
        => new(Collection, token.Id, JsonSerializer.SerializeToUtf8Bytes(token, EnrolmentJson.Default.TokenRecord));

    private static TokenView View(TokenRecord token, long now) => new(
        token.Id,
        token.UsedUnixMs is not null ? "used" : token.RevokedUnixMs is not null ? "revoked" : token.ExpiresUnixMs <= now ? "expired" : "active",
        token.Labels, token.MayReplace, token.CreatedBy, token.CreatedUnixMs, token.ExpiresUnixMs, token.UsedUnixMs, token.UsedByHostId);

    private static void CheckLabels(IReadOnlyDictionary<string, string> labels)
    {
        if (labels.Count > MaxLabels)
        {
            throw new ArgumentException($"at most {MaxLabels} labels");
        }

        foreach ((string name, string value) in labels)
        {
            bool isName = name.Length is > 0 and <= 128 && name.All(static c => char.IsAsciiLetterOrDigit(c) || c == '_') && !char.IsAsciiDigit(name[0])
                && !name.StartsWith("__", StringComparison.Ordinal) && name is not ("host" or "instance");
            if (!isName || value.Length is 0 or > MaxLabelLength)
            {
                throw new ArgumentException(
                    $"\"{name}\" with its value is no label of a host: a name has letters, digits and underscores, does not begin with a digit or __, is not host or instance, "
                    + $"and a value has 1 to {MaxLabelLength} characters");
            }
        }
    }

    private TokenRecord? Find(string id)
        => documents.Read(Collection, id) is { } body ? JsonSerializer.Deserialize(body.Span, EnrolmentJson.Default.TokenRecord) : null;

    private IEnumerable<TokenRecord> All()
        => documents.Scan(Collection).Select(static d => JsonSerializer.Deserialize(d.Body.Span, EnrolmentJson.Default.TokenRecord)!);

    private IEnumerable<DocumentChange> Outdated(long now)
        => All().Where(t => t.ExpiresUnixMs + KeptAfterItsEnd.TotalMilliseconds < now).Select(static t => new DocumentChange(Collection, t.Id, null));
}
