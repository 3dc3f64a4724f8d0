namespace HostAgent.Agent.Systemd;

/// <summary>Bytes that are no D-Bus message, or one larger than this client takes. The connection they came over cannot be used any further.</summary>
internal sealed class DBusFormatException(string message) : IOException(message);
