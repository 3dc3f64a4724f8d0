using System.Text;
using HostAgent.Agent.Linux;

namespace HostAgent.Agent.Tests.Linux;

public sealed class KernelTextTests
{
    [Theory]
    [InlineData("42", true, 42)]
    [InlineData("  \t42 rest", true, 42)]
    [InlineData("-7", true, -7)]
    [InlineData("0000000000000000000000012", true, 12)]
    [InlineData("9223372036854775807", true, long.MaxValue)]
    [InlineData("9223372036854775808", true, long.MaxValue)]
    [InlineData("18446744073709551615", true, long.MaxValue)]
    [InlineData("99999999999999999999999999999999", true, long.MaxValue)]
    [InlineData("", false, 0)]
    [InlineData("   ", false, 0)]
    [InlineData("-", false, 0)]
    [InlineData("x1", false, 0)]
    [InlineData("1x", false, 0)]
    [InlineData("1.5", false, 0)]
    [InlineData("--1", false, 0)]
    [InlineData("+1", false, 0)]
    public void A_number_is_whole_or_refused_and_saturates(string text, bool good, long expected)
    {
        ReadOnlySpan<byte> line = Encoding.ASCII.GetBytes(text);
        ReadOnlySpan<byte> before = line;
        Assert.Equal(good, KernelText.TakeNumber(ref line, out long number));
        Assert.Equal(expected, number);
        Assert.True(good || line.Length == before.Length, "a refused number must not be taken");
    }

    [Theory]
    [InlineData("0.42", 2, true, 42)]
    [InlineData("998.76 1707.48", 2, true, 99876)]
    [InlineData("998.7", 2, false, 0)]
    [InlineData("998", 2, false, 0)]
    [InlineData(".42", 2, false, 0)]
    [InlineData("1.-2", 2, false, 0)]
    [InlineData("-1.00", 2, false, 0)]
    [InlineData("999999999999999999999.00", 2, false, 0)]
    public void A_decimal_has_exactly_its_digits(string text, int decimals, bool good, long expected)
    {
        ReadOnlySpan<byte> line = Encoding.ASCII.GetBytes(text);
        Assert.Equal(good, KernelText.TakeDecimal(ref line, decimals, out long number));
        Assert.Equal(expected, number);
    }

    [Fact]
    public void Lines_and_words_come_in_order_and_the_cut_one_is_told()
    {
        ReadOnlySpan<byte> text = "a  b\n\nlast"u8;
        Assert.False(KernelText.IsWhole(text));
        Assert.True(KernelText.TakeLine(ref text, out ReadOnlySpan<byte> line));
        Assert.True(KernelText.TakeWord(ref line, out ReadOnlySpan<byte> word));
        Assert.True(word.SequenceEqual("a"u8));
        Assert.True(KernelText.TakeWord(ref line, out word));
        Assert.True(word.SequenceEqual("b"u8));
        Assert.False(KernelText.TakeWord(ref line, out _));
        Assert.True(KernelText.TakeLine(ref text, out line) && line.IsEmpty);
        Assert.True(KernelText.TakeLine(ref text, out line) && line.SequenceEqual("last"u8));
        Assert.False(KernelText.TakeLine(ref text, out _));
    }
}
