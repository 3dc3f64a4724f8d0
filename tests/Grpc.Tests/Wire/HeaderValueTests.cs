using Grpc.Core;
using Grpc.Core.Wire;

namespace HostAgent.Grpc.Tests.Wire;

/// <summary>Values of the protocol's headers.</summary>
public sealed class HeaderValueTests
{
    [Theory]
    [InlineData(0, "1n")]
    [InlineData(-5, "1n")]
    [InlineData(1, "1u")]
    [InlineData(10, "1u")]
    [InlineData(15_000, "1500u")]
    [InlineData(999_999_990, "99999999u")]
    [InlineData(1_000_000_000, "100000m")]
    [InlineData(1_000_000_001, "100001m")]
    public void A_timeout_is_written_in_at_most_8_digits_rounded_up(long ticks, string expected)
        => Assert.Equal(expected, TimeoutHeader.Format(TimeSpan.FromTicks(ticks)));

    [Fact]
    public void A_very_long_timeout_is_written_in_hours()
        => Assert.Equal("72000000H", TimeoutHeader.Format(TimeSpan.FromDays(3_000_000)));

    [Theory]
    [InlineData("1H", 3_600_000)]
    [InlineData("2M", 120_000)]
    [InlineData("3S", 3_000)]
    [InlineData("4m", 4)]
    [InlineData("5000u", 5)]
    [InlineData("6000000n", 6)]
    [InlineData("00000001S", 1000)]
    public void A_timeout_is_read_in_every_unit(string header, int milliseconds)
    {
        Assert.True(TimeoutHeader.TryParse(header, out TimeSpan timeout));
        Assert.Equal(TimeSpan.FromMilliseconds(milliseconds), timeout);
    }

    [Fact]
    public void A_timeout_longer_than_time_itself_is_the_longest_there_is()
    {
        Assert.True(TimeoutHeader.TryParse("99999999H", out TimeSpan timeout));
        Assert.True(timeout > TimeSpan.FromDays(4_000_000));
    }

    [Theory]
    [InlineData("")]
    [InlineData("1")]
    [InlineData("S")]
    [InlineData("1s")]
    [InlineData("-1S")]
    [InlineData("+1S")]
    [InlineData(" 1S")]
    [InlineData("1.5S")]
    [InlineData("123456789S")]
    public void A_malformed_timeout_is_not_read(string header) => Assert.False(TimeoutHeader.TryParse(header, out _));

    [Theory]
    [InlineData("plain", "plain")]
    [InlineData("100%", "100%25")]
    [InlineData("\u263a", "%E2%98%BA")]
    [InlineData("\t\r\n", "%09%0D%0A")]
    [InlineData("~ \"", "~ \"")]
    public void A_message_is_percent_encoded(string text, string encoded)
    {
        Assert.Equal(encoded, StatusMessage.Encode(text));
        Assert.Equal(text, StatusMessage.Decode(encoded));
    }

    [Theory]
    [InlineData("%", "%")]
    [InlineData("%4", "%4")]
    [InlineData("%zz%41", "%zzA")]
    [InlineData("%FF", "\ufffd")]
    [InlineData("%+1", "%+1")]
    public void A_badly_encoded_message_is_kept_as_it_is(string encoded, string text) => Assert.Equal(text, StatusMessage.Decode(encoded));

    [Theory]
    [InlineData("AQID", new byte[] { 1, 2, 3 })]
    [InlineData("AQI=", new byte[] { 1, 2 })]
    [InlineData("AQI", new byte[] { 1, 2 })]
    [InlineData("AQ", new byte[] { 1 })]
    [InlineData("", new byte[0])]
    public void Binary_metadata_is_read_with_and_without_padding(string header, byte[] expected)
    {
        var metadata = new Metadata();
        MetadataWire.Add(metadata, "X-Bin", header);
        Assert.Equal(expected, metadata.GetValueBytes("x-bin"));
    }

    [Fact]
    public void Binary_values_joined_by_commas_are_several()
    {
        var metadata = new Metadata();
        MetadataWire.Add(metadata, "x-bin", "AQ==, Ag==");
        Assert.Equal([[1], [2]], metadata.GetAll("x-bin").Select(static e => e.ValueBytes));
    }

    [Theory]
    [InlineData("Upper-Case", "upper-case")]
    [InlineData("a_b.c-d", "a_b.c-d")]
    public void A_key_is_lower_case(string key, string expected) => Assert.Equal(expected, new Metadata.Entry(key, "v").Key);

    [Theory]
    [InlineData("")]
    [InlineData("a b")]
    [InlineData("ä")]
    [InlineData(":path")]
    [InlineData("a-bin")]
    public void A_key_that_cannot_travel_is_refused(string key) => Assert.Throws<ArgumentException>(() => new Metadata.Entry(key, "text"));
}
