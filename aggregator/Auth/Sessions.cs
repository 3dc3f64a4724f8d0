using System.Buffers.Text;
using System.Security.Cryptography;

namespace HostAgent.Aggregator.Auth;

/// <summary>Logins of browsers: a random value in a cookie stands for a token. Only in memory, and only hashed: a restart logs everybody out, and
/// a copy of the memory shows no cookie. A session is worth what its token is worth at that moment: revoking the token ends it.</summary>
internal sealed class Sessions(OperatorTokens tokens, AuthOptions options, TimeProvider time)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, Session> _sessions = new(StringComparer.Ordinal);

    /// <summary>Opens a session for somebody who has just shown a token.</summary>
    /// <returns>The cookie's value: 256 random bits in base64url.</returns>
    public string Open(Principal principal)
    {
        string cookie = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));
        lock (_gate)
        {
            if (_sessions.Count >= options.MaxSessions)
            {
                _sessions.Remove(_sessions.MinBy(session => session.Value.LastUsed).Key);
            }

            _sessions[TokenText.HashOf(cookie)] = new Session(principal.TokenId!, time.GetTimestamp());
        }

        return cookie;
    }

    /// <summary>Who is logged in with this cookie; null when nobody is, or no longer.</summary>
    public Principal? Find(string cookie)
    {
        string hash = TokenText.HashOf(cookie);
        lock (_gate)
        {
            if (!_sessions.TryGetValue(hash, out Session? session))
            {
                return null;
            }

            long now = time.GetTimestamp();
            if (time.GetElapsedTime(session.LastUsed, now) >= options.SessionIdle
                || time.GetElapsedTime(session.Opened, now) >= options.SessionLifetime
                || tokens.PrincipalOf(session.TokenId) is not { } principal)
            {
                _sessions.Remove(hash);
                return null;
            }

            session.LastUsed = now;
            return principal;
        }
    }

    /// <summary>Ends a session; one that is not there has ended already.</summary>
    public void Close(string cookie)
    {
        lock (_gate)
        {
            _sessions.Remove(TokenText.HashOf(cookie));
        }
    }

    private sealed class Session(string tokenId, long opened)
    {
        public string TokenId { get; } = tokenId;

        public long Opened { get; } = opened;

        public long LastUsed { get; set; } = opened;
    }
}
