using Microsoft.Extensions.Logging;

namespace HostAgent.Agent.Logging;

/// <summary>Loggers that write lines to standard error.</summary>
internal sealed class LineLoggerFactory(LineFormat format, LogLevel level, TimeProvider time) : ILoggerFactory
{
    private readonly Stream _output = Console.OpenStandardError();

    public ILogger CreateLogger(string categoryName) => new LineLogger(_output, format, level, time);

    public void AddProvider(ILoggerProvider provider) => throw new NotSupportedException("this log goes to standard error only");

    public void Dispose() => _output.Dispose();
}
