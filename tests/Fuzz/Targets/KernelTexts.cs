using System.Text;
using HostAgent.Agent.Linux;
using HostAgent.Agent.Sampling.Samplers;

namespace HostAgent.Fuzz.Targets;

/// <summary>What /proc could hold on a kernel that nobody has seen: every parser of agent/Linux. The first byte of an input chooses the parser.</summary>
internal sealed class KernelTexts : FuzzTarget
{
    private delegate bool Parser(ReadOnlySpan<byte> text);

    // The parser of a kernel file, by the file's path below /proc; the state that a parser keeps from reading to reading is kept here too.
    private static readonly (string File, Parser Parse)[] Parsers =
    [
        ("stat", new ProcStatReading().Parse),
        ("loadavg", static text => default(ProcLoadavg).Parse(text) is null),
        ("meminfo", Keyed("MemTotal:", "MemAvailable:", "Hugepagesize:")),
        ("vmstat", Keyed("pgpgin", "pgfault", "oom_kill")),
        ("diskstats", static text => EveryLine(text, Diskstats)),
        ("net/dev", static text => EveryLine(text, static line => ProcNetDev.TryParse(line, out _, stackalloc long[ProcNetDev.Columns]), skip: ProcNetDev.HeadingLines)),
        ("net/snmp", Headed("Tcp.ActiveOpens", "Udp.InErrors")),
        ("net/netstat", Headed("TcpExt.ListenOverflows", "IpExt.InOctets")),
        ("net/sockstat", Sockstat("sockets.used", "TCP.mem")),
        ("self/mountinfo", static text => ProcMountinfo.Parse(text, []) is null),
        ("self/statm", static text => ProcSelf.TryResidentPages(text, out _)),
        ("pressure/cpu", static text => default(ProcPressure).Parse(text) is null),
        ("1/stat", static text => ProcPidStat.TryState(text, out _)),
        ("uptime", static text => KernelText.TakeDecimal(ref text, 2, out _)),
        ("sys/fs/file-nr", static text => FiledescriptorSampler.TryParse(text, out _, out _)),
        ("sys/kernel/random/entropy_avail", static text => KernelText.TryOneNumber(text, out _)),
        ("self/maps", static text => EveryLine(text, static line => CodePages.TryCode(line, out nint start, out nint end) && end > start)),
        ("net/tcp_diag", static text => SockDiag.Take(text, uint.MaxValue, stackalloc long[SockDiag.States], out _) == 0),
    ];

    public override string Name => "kernel-texts";

    public override IEnumerable<byte[]> Seeds()
    {
        yield return [Of("self/maps"), .. "5581c8a00000-5581c8a21000 r-xp 00002000 fd:01 1185 /usr/bin/agent\n"u8];
        yield return [Of("net/tcp_diag"), .. new byte[] { 20, 0, 0, 0, 20, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2, 1, 0, 0, 16, 0, 0, 0, 3, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0 }];
        foreach (string resource in typeof(KernelTexts).Assembly.GetManifestResourceNames().Order(StringComparer.Ordinal))
        {
            int parser = Array.FindIndex(Parsers, one => one.File == resource.Split('#')[0]);
            if (parser >= 0)
            {
                using Stream stream = typeof(KernelTexts).Assembly.GetManifestResourceStream(resource)!;
                byte[] text = new byte[stream.Length];
                stream.ReadExactly(text);
                yield return [(byte)parser, .. text];
            }
        }
    }

    public override bool Run(byte[] input) => input.Length == 0 || Parsers[input[0] % Parsers.Length].Parse(input.AsSpan(1));

    private static byte Of(string file) => (byte)Array.FindIndex(Parsers, one => one.File == file);

    private static bool Diskstats(ReadOnlySpan<byte> line)
        => ProcDiskstats.TryTakeName(ref line, out ReadOnlySpan<byte> name)
            && !name.IsEmpty && ProcDiskstats.Parse(line, stackalloc long[ProcDiskstats.Columns]) >= ProcDiskstats.LeastColumns
            && SysBlock.IsPartitionOf(Encoding.UTF8.GetString(name), "sda") is var _;

    private static bool EveryLine(ReadOnlySpan<byte> text, Parser line, int skip = 0)
    {
        bool all = true;
        int left = text.Length + 1;
        for (int number = 0; KernelText.TakeLine(ref text, out ReadOnlySpan<byte> one); number++)
        {
            all &= number < skip || line(one);
            left = left-- > 0 ? left : throw new InvalidOperationException("there are more lines than bytes");
        }

        return all;
    }

    private static Parser Keyed(params string[] wanted)
    {
        var numbers = new KeyedNumbers(wanted);
        return text => numbers.Parse(text) is null && numbers.Values.Length == wanted.Length;
    }

    private static Parser Headed(params string[] wanted)
    {
        var numbers = new ProcNetSnmp(wanted);
        return text => numbers.Parse(text) is null;
    }

    private static Parser Sockstat(params string[] wanted)
    {
        var numbers = new ProcSockstat(wanted);
        return text => numbers.Parse(text) is null;
    }

    private sealed class ProcStatReading
    {
        private readonly ProcStat _stat = new();

        public bool Parse(ReadOnlySpan<byte> text)
        {
            if (_stat.Parse(text) is not null)
            {
                return false;
            }

            for (int core = 0; core < _stat.CoreCount; core++)
            {
                _ = _stat.CoreTicks(core)[ProcStat.Columns - 1];
            }

            return _stat.Cores.Length == _stat.CoreCount ? true : throw new InvalidOperationException($"{_stat.CoreCount} cores, {_stat.Cores.Length} numbers");
        }
    }
}
