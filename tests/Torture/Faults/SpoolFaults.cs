using System.Security.Cryptography;
using HostAgent.Torture.Lanes;
using HostAgent.Torture.Subjects;

namespace HostAgent.Torture.Faults;

/// <summary>What a dying disk or a power cut does to spool files while their agent is down.</summary>
internal static class SpoolFaults
{
    /// <summary>Damage to the spool of one agent.</summary>
    public static IReadOnlyList<Fault> Of(AgentSubject agent, AggregatorSubject aggregator) =>
    [
        new("spool torn", 30, moment => DamageAsync(moment, agent, aggregator, static (file, random) =>
        {
            long cut = Math.Min(file.Length, random.Next(1, 200));
            file.SetLength(file.Length - cut);
            return $"lost its last {cut} bytes";
        })),
        new("spool flipped", 30, moment => DamageAsync(moment, agent, aggregator, static (file, random) =>
        {
            long at = random.NextInt64(file.Length);
            file.Position = at;
            int was = file.ReadByte();
            file.Position = at;
            file.WriteByte((byte)(was ^ (1 << random.Next(8))));
            return $"has another bit at {at}";
        })),
        new("spool garbled", 10, moment => DamageAsync(moment, agent, aggregator, static (file, random) =>
        {
            file.Position = file.Length;
            byte[] garbage = new byte[random.Next(1, 500)];
            random.NextBytes(garbage);
            file.Write(garbage);
            return $"has {garbage.Length} bytes of garbage at its end, {Convert.ToHexStringLower(SHA256.HashData(garbage))[..8]}";
        })),
    ];

    private static async Task DamageAsync(FaultMoment moment, AgentSubject agent, AggregatorSubject aggregator, Func<FileStream, Random, string> damage)
    {
        await agent.TerminateAsync();
        string[] files = [.. Directory.EnumerateFiles(agent.StateDirectory, "*.segment").Order(StringComparer.Ordinal)];
        string[] filled = [.. files.Where(f => new FileInfo(f).Length > 0)];
        if (filled.Length == 0)
        {
            moment.Say("(the spool is empty)");
        }
        else
        {
            string path = filled[moment.Random.Next(filled.Length)];
            using FileStream file = File.Open(path, FileMode.Open, FileAccess.ReadWrite);
            moment.Say($"{Path.GetFileName(path)} {damage(file, moment.Random)}");
            agent.NoteSpoolDamage();
        }

        agent.Start(aggregator.CaFile);
    }
}
