namespace HostAgent.CommandTorture;

/// <summary>What happens in one run.</summary>
/// <param name="Kind">What is ordered: one whose effect can be seen afterwards, or one whose effect cannot.</param>
/// <param name="Deaths">At which boundary each life of the agent but the last ends.</param>
/// <param name="Withheld">Reports that are not acknowledged at first.</param>
/// <param name="PowerCut">With the first death goes what was not on the disk.</param>
/// <param name="Redeliver">The order is given again on every call, whatever is known of it.</param>
internal sealed record Scenario(string Kind, IReadOnlyList<string> Deaths, int Withheld, bool PowerCut, bool Redeliver)
{
    /// <summary>Its effect can be seen.</summary>
    public const string Seen = "torture.seen";

    /// <summary>Its effect cannot be seen by looking, only by those who count.</summary>
    public const string Blind = "torture.blind";

    /// <summary>Boundaries that come before anything is certain to be on the disk.</summary>
    public static readonly IReadOnlyList<string> BeforeFlush = ["received", "planned"];

    /// <summary>Every boundary of a first life: those of the executor, the two sides of the effect, and any instant.</summary>
    public static readonly IReadOnlyList<string> Boundaries =
        ["received", "planned", "intent", "before-effect", "after-effect", "acted", "outcome", "any-instant", "report-running", "report-final"];

    private static readonly string[] Later = ["", "", "", "", "", "", "reconciled", "planned", "intent", "after-effect", "outcome", "any-instant"];

    /// <summary>A scenario by chance; every boundary comes up equally often.</summary>
    public static Scenario Make(Random random)
    {
        var deaths = new List<string> { Boundaries[random.Next(Boundaries.Count)] };
        for (string later = Later[random.Next(Later.Length)]; later.Length > 0 && deaths.Count < 4; later = Later[random.Next(Later.Length)])
        {
            deaths.Add(later);
        }

        return new Scenario(random.Next(3) == 0 ? Blind : Seen, deaths, random.Next(3) == 0 ? random.Next(1, 4) : 0, random.Next(2) == 0, random.Next(2) == 0);
    }

    /// <inheritdoc/>
    public override string ToString() =>
        $"{Kind}, dies at {string.Join(", ", Deaths)}{(PowerCut ? ", power cut" : "")}{(Redeliver ? ", ordered again and again" : "")}, {Withheld} acks withheld";
}
