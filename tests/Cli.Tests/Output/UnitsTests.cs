using HostAgent.Cli.Output;

namespace HostAgent.Cli.Tests.Output;

public sealed class UnitsTests
{
    [Theory]
    [InlineData(null, "-")]
    [InlineData(double.NaN, "-")]
    [InlineData(0.0, "0 B")]
    [InlineData(999.0, "999 B")]
    [InlineData(1000.0, "0.98 KiB")]
    [InlineData(1024.0, "1.00 KiB")]
    [InlineData(25_125_558_681.0, "23.4 GiB")]
    [InlineData(269_437_000_000.0, "251 GiB")]
    [InlineData(1e19, "8.67 EiB")]
    public void Bytes_have_three_digits_and_a_binary_unit(double? bytes, string expected) => Assert.Equal(expected, Units.Bytes(bytes));

    [Theory]
    [InlineData(null, "-")]
    [InlineData(-3.0, "0.0 s")]
    [InlineData(0.44, "0.4 s")]
    [InlineData(75.0, "75 s")]
    [InlineData(600.0, "10 min")]
    [InlineData(10_000.0, "3 h")]
    [InlineData(1_000_000.0, "12 d")]
    public void Ages_have_the_unit_that_matters(double? seconds, string expected)
        => Assert.Equal(expected, Units.Age(seconds is { } known ? TimeSpan.FromSeconds(known) : null));

    [Fact]
    public void Ratios_are_percentages() => Assert.Equal(["12.3 %", "-", "-"], [Units.Percent(0.1234), Units.Percent(null), Units.Percent(double.NaN)]);
}
