using HostAgent.Protos.Enrolment;

namespace HostAgent.Protos.Tests.Enrolment;

public sealed class TokenTextTests
{
    private const string Secret = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8";
    private const string Fingerprint = "47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU";
    private const string Text = $"hae1.0123456789abcdef.{Secret}.{Fingerprint}";

    [Fact]
    public void What_is_written_is_read_and_the_white_space_of_a_file_does_not_count()
    {
        var token = new TokenText("0123456789abcdef", Secret, Fingerprint);
        Assert.Equal(Text, token.Reveal());
        Assert.Equal(token, TokenText.Parse($" {Text}\r\n"));
    }

    [Fact]
    public void A_token_in_a_log_shows_no_secret()
        => Assert.Equal($"hae1.0123456789abcdef.(secret).{Fingerprint}", $"{TokenText.Parse(Text)}");

    [Theory]
    [InlineData("")]
    [InlineData("hae1")]
    [InlineData("hae1.0123456789abcdef.x.y")]
    [InlineData($"hae1.0123456789ABCDEF.{Secret}.{Fingerprint}")]
    [InlineData($"hae1.0123456789abcde.{Secret}.{Fingerprint}")]
    [InlineData($"hae1.0123456789abcdef.{Secret}=.{Fingerprint}")]
    [InlineData($"hae1.0123456789abcdef.{Secret}.{Fingerprint}.more")]
    [InlineData($"{Text}\n{Text}")]
    public void What_is_no_token_is_refused_without_repeating_it(string text)
    {
        FormatException error = Assert.Throws<FormatException>(() => TokenText.Parse(text));
        Assert.Contains("no enrolment token", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(Secret, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_token_of_another_version_is_named_as_such()
        => Assert.Contains("another version", Assert.Throws<FormatException>(() => TokenText.Parse("hae2" + Text[4..])).Message, StringComparison.Ordinal);
}
