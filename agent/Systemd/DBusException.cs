namespace HostAgent.Agent.Systemd;

/// <summary>The other side answered a call with an error.</summary>
/// <param name="name">Its name, such as org.freedesktop.systemd1.NoSuchUnit.</param>
/// <param name="message">Its text, at most 512 characters.</param>
internal sealed class DBusException(string name, string message) : Exception(message)
{
    /// <summary>The error's name.</summary>
    public string Name => name;

    /// <summary>True when the caller lacks a right, and not when the thing asked for is impossible.</summary>
    public bool IsDenied => name is "org.freedesktop.DBus.Error.AccessDenied" or "org.freedesktop.DBus.Error.AuthFailed"
        or "org.freedesktop.DBus.Error.InteractiveAuthorizationRequired";
}
