using System.CommandLine;
using System.Security.Cryptography.X509Certificates;
using HostAgent.Aggregator.Hosting;
using HostAgent.Aggregator.Storage;
using HostAgent.Protos.Enrolment;

namespace HostAgent.Aggregator.Enrolment;

/// <summary><c>hostaggregator init</c> and <c>hostaggregator ca</c>: what is done to the authority by whoever may read its key.</summary>
internal static class AuthorityCommands
{
    /// <summary>The commands. <paramref name="open"/>: the documents of a data directory, which a running aggregator may have open, too.</summary>
    public static IEnumerable<Command> All(SettingsReader settings, Func<string, IDocumentStore> open)
    {
        Option<string?> data = Text("--data", "DIR", $"The data directory. Default: {settings.DefaultDataDirectory()}");
        Option<string?> passphrase = Text("--passphrase-file", "FILE", "File whose first line is the passphrase of the authority's key; `serve` needs it as well");
        Option<string?> caCertificate = Text("--ca-cert", "FILE", "Take over an authority: its certificate (PEM). It must be its own root, made for this purpose alone");
        Option<string?> caKey = Text("--ca-key", "FILE", "Its key (PEM), encrypted with the passphrase or not");
        var force = new Option<bool>("--force") { Description = "Also when hosts would be locked out that have not renewed since the rotation began" };

        var init = new Command("init", "Make the data directory and its authority. `serve` does it by itself; do it beforehand to choose a passphrase or an authority.")
        {
            data, passphrase, caCertificate, caKey,
        };
        init.SetAction(parsed =>
        {
            using var directory = DataDirectory.Open(settings.DataDirectory(Value(parsed)));
            AuthorityFiles files = Files(directory.Location, parsed);
            if ((parsed.GetValue(caCertificate) is null) != (parsed.GetValue(caKey) is null))
            {
                throw new StartException(ExitCodes.Usage, "--ca-cert and --ca-key go together");
            }

            if (parsed.GetValue(caCertificate) is { } certificate)
            {
                Import(files, certificate, parsed.GetValue(caKey)!);
            }
            else
            {
                files.MakeFirst();
            }

            return Say(parsed, $"{files.CertificateFile}: {Describe(files.Ensure(out _).ForServer)}");
        });

        var rotate = new Command("rotate", "Make a new authority beside the old one. Hosts trust both after their next renewal.") { data, passphrase };
        rotate.SetAction(parsed =>
        {
            AuthoritySet set = Files(settings.DataDirectory(Value(parsed)), parsed).Rotate();
            return Say(parsed, $"new: {Describe(set.ForHosts)}\nold: {Describe(set.ForServer)}\n"
                + "Hosts are moved as they renew, within two thirds of a certificate's life. Then: hostaggregator ca retire");
        });

        var retire = new Command("retire", "End a rotation: the old authority, and every certificate that it has signed, is worth nothing from now on.")
        {
            data, passphrase, force,
        };
        retire.SetAction(parsed =>
        {
            string directory = settings.DataDirectory(Value(parsed));
            AuthorityFiles files = Files(directory, parsed);
            if (!parsed.GetValue(force))
            {
                RefuseWhileHostsDepend(directory, files.Ensure(out _));
            }

            return Say(parsed, $"only: {Describe(files.Retire().ForServer)}");
        });

        var show = new Command("show", "Say which authorities there are, and where the hosts are.") { data, passphrase };
        show.SetAction(parsed =>
        {
            string directory = settings.DataDirectory(Value(parsed));
            AuthoritySet set = Files(directory, parsed).Ensure(out _);
            IReadOnlyList<EnrolledHost> hosts = Hosts(directory);
            return Say(parsed, string.Join('\n', set.Trusted.Select(
                a => $"{Describe(a)}, {hosts.Count(h => h.Authority == AuthorityFingerprint.Of(a))} hosts")));
        });
        return [init, new Command("ca", "The authority that signs for this aggregator and its hosts.") { rotate, retire, show }, TokenCommand.Create(settings, open)];

        Func<string, string?> Value(ParseResult parsed)
            => name => name == "--data" ? parsed.GetValue(data) : name == "--passphrase-file" ? parsed.GetValue(passphrase) : null;

        AuthorityFiles Files(string directory, ParseResult parsed)
            => new(directory, Environment.MachineName, TimeProvider.System, settings.Passphrase(Value(parsed)));

        IReadOnlyList<EnrolledHost> Hosts(string directory)
        {
            using IDocumentStore documents = open(directory);
            return new EnrolledHosts(documents).All();
        }

        void RefuseWhileHostsDepend(string directory, AuthoritySet set)
        {
            string next = AuthorityFingerprint.Of(set.ForHosts);
            long now = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds();
            string[] left = [.. Hosts(directory).Where(h => h.Authority != next && h.NotAfterUnixMs > now).Select(static h => h.HostName)];
            if (set.IsRotating && left.Length > 0)
            {
                throw new StartException(
                    ExitCodes.CannotCreate,
                    $"{left.Length} hosts have not renewed since the rotation began and would have to be enrolled again: {string.Join(", ", left.Take(10))}"
                    + $"{(left.Length > 10 ? ", ..." : "")}. Wait for them, or say --force");
            }
        }
    }

    private static void Import(AuthorityFiles files, string certificate, string key)
    {
        try
        {
            files.Import(certificate, key);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new StartException(ExitCodes.NoPermission, $"the authority cannot be read: {e.Message}", e);
        }
    }

    private static int Say(ParseResult parsed, string text)
    {
        parsed.InvocationConfiguration.Output.WriteLine(text);
        return ExitCodes.Ok;
    }

    private static string Describe(X509Certificate2 authority)
        => $"{authority.Subject}, fingerprint {AuthorityFingerprint.Of(authority)}, until {authority.NotAfter.ToUniversalTime():u}";

    private static Option<string?> Text(string name, string helpName, string description) => new(name) { HelpName = helpName, Description = description };
}
