using HostAgent.Aggregator.Hosts;
using HostAgent.Aggregator.Storage.Chunks;

namespace HostAgent.Aggregator.Tests.Storage;

/// <summary>Numbers that stand in stores of last year: a line may be added here, none may change.</summary>
public sealed class PersistedNumberTests
{
    [Fact]
    public void Outcomes_are_the_recorded_ones()
        => Assert.Equal(
            "Present=1 Late=2 DroppedSpoolFull=3 DroppedSpoolDamaged=4 DroppedSpoolFailed=5 LostAtCrash=6 DroppedOther=7 Refused=8",
            string.Join(' ', Enum.GetValues<FrameOutcome>().Select(static o => $"{o}={(int)o}")));

    [Fact]
    public void Value_encodings_are_the_recorded_ones()
        => Assert.Equal("Delta=0 DeltaOfDelta=1 Xor=2", string.Join(' ', Enum.GetValues<ValueEncoding>().Select(static e => $"{e}={(int)e}")));
}
