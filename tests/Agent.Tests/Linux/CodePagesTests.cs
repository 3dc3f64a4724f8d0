using System.Text;
using HostAgent.Agent.Linux;

namespace HostAgent.Agent.Tests.Linux;

public sealed class CodePagesTests
{
    [Theory]
    [InlineData("55ffc3f75000-55ffc4000000 r-xp 00001000 fe:00 1234 /usr/bin/hostagent", 0x55ffc3f75000, 0x55ffc4000000)]
    [InlineData("00400000-00500000 r-xp 00000000 fe:00 12 /a b", 0x400000, 0x500000)]
    [InlineData("55ffc3f75000-55ffc4000000 r--p 00001000 fe:00 1234 /usr/bin/hostagent", 0, 0)]
    [InlineData("55ffc3f75000-55ffc4000000 rwxp 00001000 fe:00 1234 /usr/bin/hostagent", 0, 0)]
    [InlineData("55ffc3f75000-55ffc4000000 r-xs 00001000 fe:00 1234 /usr/bin/hostagent", 0, 0)]
    [InlineData("7ffc780aa000-7ffc780ac000 r-xp 00000000 00:00 0 [vdso]", 0, 0)]
    [InlineData("7ffc780aa000-7ffc780ac000 r-xp 00000000 00:00 0", 0, 0)]
    [InlineData("", 0, 0)]
    [InlineData("nonsense", 0, 0)]
    [InlineData("500000-400000 r-xp 00000000 fe:00 12 /a", 0, 0)]
    public void Only_code_out_of_a_file_is_given_back(string line, long start, long end)
    {
        var found = CodePages.TryCode(Encoding.ASCII.GetBytes(line), out var first, out var last);
        Assert.Equal(end != 0, found);
        if (found)
        {
            Assert.Equal((start, end), ((long)first, (long)last));
        }
    }

    [Fact]
    public void A_program_goes_on_after_it_has_given_its_code_back()
    {
        Assert.InRange(CodePages.GiveBack(new LinuxRoots()), 1, long.MaxValue);
        MallocTrimCall.Trim();
        Assert.Equal(55, Enumerable.Range(1, 10).Sum());
    }
}
