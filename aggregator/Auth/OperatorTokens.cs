using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using HostAgent.Aggregator.Audit;
using HostAgent.Aggregator.Storage;

namespace HostAgent.Aggregator.Auth;

/// <summary>The tokens of operators: kept in the document store, all of them in memory as well. A change is durable, and in the audit, before
/// it takes effect. Thread-safe.</summary>
internal sealed class OperatorTokens
{
    private const string Collection = "operator-token";

    // Compared with when there is no such token, so that an unknown id takes as long as a wrong secret.
    private static readonly string NoHash = new('0', 64);

    private readonly Lock _gate = new();
    private readonly IDocumentStore _store;
    private readonly IAuditLog _audit;
    private readonly TimeProvider _time;
    private volatile Dictionary<string, Entry> _tokens;

    /// <exception cref="StorageException">The store cannot be read, or a stored token is damaged.</exception>
    public OperatorTokens(IDocumentStore store, IAuditLog audit, TimeProvider time)
    {
        (_store, _audit, _time) = (store, audit, time);
        _tokens = store.Scan(Collection).Select(Read).ToDictionary(entry => entry.Token.Id);
    }

    /// <summary>All tokens, also expired and revoked ones, oldest first.</summary>
    public IReadOnlyList<OperatorToken> All() => [.. _tokens.Values.Select(entry => entry.Token).OrderBy(token => token.CreatedUnixMs).ThenBy(token => token.Id, StringComparer.Ordinal)];

    /// <summary>The token of this id, or null.</summary>
    public OperatorToken? Find(string id) => _tokens.GetValueOrDefault(id)?.Token;

    /// <summary>Makes a token; the returned text is the only copy of its secret there will ever be.</summary>
    public (OperatorToken Token, TokenText Text) Create(TokenRequest request, AuditEntry audit)
    {
        TokenText text = TokenText.Make();
        long now = _time.GetUtcNow().ToUnixTimeMilliseconds();
        var token = new OperatorToken
        {
            Id = text.Id,
            Owner = request.Owner,
            Role = request.Role,
            Scopes = [.. request.Scopes.Select(scope => scope.Text)],
            Purpose = request.Purpose,
            SecretHash = text.SecretHash(),
            CreatedUnixMs = now,
            CreatedBy = audit.Actor,
            ExpiresUnixMs = now + (long)request.Lifetime.TotalMilliseconds,
        };
        Save(token, request.Scopes, audit with { Target = token.Id });
        return (token, text);
    }

    /// <summary>Revokes a token, from the next request on. Revoking again changes nothing.</summary>
    /// <returns>The token as it is now; null when there is none of this id.</returns>
    public OperatorToken? Revoke(string id, AuditEntry audit)
    {
        lock (_gate)
        {
            if (!_tokens.TryGetValue(id, out Entry? entry) || entry.Token.RevokedUnixMs != 0)
            {
                return entry?.Token;
            }

            OperatorToken revoked = entry.Token with { RevokedUnixMs = _time.GetUtcNow().ToUnixTimeMilliseconds(), RevokedBy = audit.Actor };
            Save(revoked, entry.Principal.Scopes, audit with { Target = id });
            return revoked;
        }
    }

    /// <summary>Who shows this token; null when it is none of ours, expired or revoked. Takes as long for each of these.</summary>
    public Principal? Authenticate(string shown)
    {
        bool wellFormed = TokenText.TryParse(shown, out TokenText text);
        Entry? entry = wellFormed ? _tokens.GetValueOrDefault(text.Id) : null;
        string hash = TokenText.HashOf(wellFormed ? text.Secret : shown);
        bool matches = CryptographicOperations.FixedTimeEquals(Encoding.ASCII.GetBytes(hash), Encoding.ASCII.GetBytes(entry?.Token.SecretHash ?? NoHash));
        return matches && entry is not null && entry.Token.IsValidAt(_time.GetUtcNow().ToUnixTimeMilliseconds()) ? entry.Principal : null;
    }

    /// <summary>Who has the token of this id, while it is valid; for sessions, which were opened with it.</summary>
    public Principal? PrincipalOf(string id)
        => _tokens.GetValueOrDefault(id) is { } entry && entry.Token.IsValidAt(_time.GetUtcNow().ToUnixTimeMilliseconds()) ? entry.Principal : null;

    private void Save(OperatorToken token, IReadOnlyList<LabelScope> scopes, AuditEntry audit)
    {
        lock (_gate)
        {
            _audit.Append(audit, new DocumentChange(Collection, token.Id, JsonSerializer.SerializeToUtf8Bytes(token, TokenJson.Default.OperatorToken)));
            _tokens = new Dictionary<string, Entry>(_tokens) { [token.Id] = new Entry(token, new Principal(token.Owner, token.Role, scopes, token.Id)) };
        }
    }

    private static Entry Read(Document document)
    {
        try
        {
            OperatorToken token = JsonSerializer.Deserialize(document.Body.Span, TokenJson.Default.OperatorToken)!;
            return new Entry(token, new Principal(token.Owner, token.Role, [.. token.Scopes.Select(LabelScope.Parse)], token.Id));
        }
        catch (Exception e) when (e is JsonException or FormatException)
        {
            throw new StorageException($"the stored token {document.Key} is damaged ({e.Message})", isTransient: false, e);
        }
    }

    private sealed record Entry(OperatorToken Token, Principal Principal);
}
