using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace HostAgent.Architecture.Tests;

/// <summary>Who may know whom. Data walks the rooms in one direction; so do the references.</summary>
public sealed partial class DependencyTests
{
    // A project and the projects it may reference (UseGrpc counts as a reference to grpc).
    private static readonly Dictionary<string, string[]> ProjectMayUse = new()
    {
        ["grpc/Core"] = [],
        ["grpc/Client"] = ["grpc/Core"],
        ["grpc/Server"] = ["grpc/Core"],
        ["protos"] = ["grpc"],
        ["agent"] = ["protos", "grpc"],
        ["aggregator"] = ["protos", "grpc"],
        ["cli"] = ["protos", "grpc"],
    };

    // A room (the longest matching prefix counts) and the rooms of the same program that it may use. What is not listed may be used by none
    // but the composition root.
    private static readonly Dictionary<string, string[]> RoomMayUse = new()
    {
        ["agent/Linux"] = [],
        ["agent/Logging"] = [],
        ["agent/Sampling"] = ["Linux"],
        ["agent/Spool"] = ["Linux", "Sampling"],
        ["agent/Streaming"] = ["Linux", "Sampling", "Spool"],
        ["agent/Systemd"] = ["Linux"],
        ["agent/Containers"] = ["Linux"],
        ["agent/Databases"] = ["Linux"],
        ["agent/Enrolment"] = ["Linux", "Spool", "Streaming"],
        ["agent/Commands"] = ["Linux", "Sampling", "Spool", "Streaming", "Systemd", "Containers", "Databases"],
        ["agent/Configuration"] = ["Sampling", "Spool", "Streaming", "Enrolment", "Commands", "Databases"],
        ["agent/Hosting"] = ["Linux", "Sampling"],
        ["agent/Cli"] = ["Commands", "Configuration", "Enrolment", "Hosting", "Linux", "Logging", "Sampling", "Spool", "Streaming"],
        ["aggregator/Storage"] = [],
        ["aggregator/Hosts"] = ["Storage"],
        ["aggregator/Ingest"] = ["Storage", "Hosts", "Metrics"],
        ["aggregator/Query"] = ["Storage"],
        ["aggregator/Metrics"] = [],
        ["aggregator/Logging"] = [],
        ["aggregator/Audit"] = ["Storage", "Metrics"],
        ["aggregator/Auth"] = ["Audit", "Storage", "Hosts", "Query", "Metrics", "Hosting"],
        ["aggregator/Enrolment"] = ["Storage", "Hosts", "Auth", "Audit", "Metrics", "Hosting"],
        ["aggregator/Commands"] = ["Storage", "Hosts", "Query", "Auth", "Audit", "Metrics"],
        ["aggregator/Schedules"] = ["Storage", "Commands", "Runbooks", "Auth", "Audit", "Metrics"],
        ["aggregator/Runbooks"] = ["Storage", "Hosts", "Commands", "Query", "Auth", "Audit", "Metrics"],
        ["aggregator/Hosting"] = ["Logging", "Metrics"],
        ["aggregator/Check"] = ["Hosting", "Storage", "Ingest"],
        ["aggregator/Api/Grpc"] = ["Ingest", "Hosts", "Storage", "Metrics", "Enrolment", "Commands"],
        ["aggregator/Api/Http"] = ["Query", "Storage", "Hosts", "Ingest", "Metrics", "Auth", "Audit", "Enrolment", "Commands", "Schedules", "Runbooks"],
    };

    [Fact]
    public void Projects_reference_only_what_they_may()
    {
        foreach ((string project, string[] allowed) in ProjectMayUse)
        {
            string file = Directory.GetFiles(Path.Combine(SourceTree.Root, project), "*.csproj").Single();
            XDocument document = XDocument.Load(file);
            IEnumerable<string> references = document.Descendants("ProjectReference")
                .Select(item => Path.GetRelativePath(SourceTree.Root, Path.GetFullPath(Path.Combine(Path.GetDirectoryName(file)!, item.Attribute("Include")!.Value))))
                .Select(path => Path.GetDirectoryName(path)!);
            if (document.Descendants("UseGrpc").Any())
            {
                references = references.Append("grpc");
            }

            Assert.All(references, reference => Assert.Contains(reference, allowed));
        }
    }

    [Fact]
    public void Rooms_use_only_the_rooms_they_may()
    {
        List<string> breaches = [];
        foreach (SourceFile file in SourceTree.Product)
        {
            string program = file.Path.Split('/')[0];
            string? room = RoomMayUse.Keys
                .Where(key => file.Path.StartsWith(key + "/", StringComparison.Ordinal)).OrderByDescending(key => key.Length).FirstOrDefault();
            if (room is null)
            {
                continue;
            }

            string own = room[(program.Length + 1)..].Split('/')[0];
            foreach (Match match in Namespace().Matches(file.Code))
            {
                if (!match.Groups[1].Value.Equals(program, StringComparison.OrdinalIgnoreCase))
                {
                    continue;
                }

                string used = match.Groups[2].Value;
                if (used != own && !RoomMayUse[room].Contains(used))
                {
                    breaches.Add($"{file.Path} uses {match.Value}");
                }
            }
        }

        Assert.True(breaches.Count == 0, string.Join('\n', breaches.Distinct()));
    }

    [Fact]
    public void Every_room_with_code_is_in_the_table()
    {
        string[] unknown = [.. SourceTree.Product
            .Where(file => file.Path.StartsWith("agent/", StringComparison.Ordinal) || file.Path.StartsWith("aggregator/", StringComparison.Ordinal))
            .Where(file => file.Room.Length > 0)
            .Where(file => !RoomMayUse.Keys.Any(key => file.Path.StartsWith(key + "/", StringComparison.Ordinal)))
            .Select(file => file.Path)];
        Assert.True(unknown.Length == 0, "add the room to RoomMayUse and say what it may use:\n" + string.Join('\n', unknown));
    }

    [Fact]
    public void A_backend_is_known_to_nobody_but_the_composition_root()
    {
        var backend = new Regex(@"HostAgent\.Aggregator\.Storage\.(Sqlite|Postgres|Memory)\b");
        string[] breaches = [.. SourceTree.Product
            .Where(file => !file.Path.StartsWith("aggregator/Storage/Sqlite/", StringComparison.Ordinal)
                && !file.Path.StartsWith("aggregator/Storage/Memory/", StringComparison.Ordinal)
                && file.Path != "aggregator/Program.cs")
            .SelectMany(file => file.LinesMatching(backend))];
        Assert.True(breaches.Length == 0, string.Join('\n', breaches));
    }

    [GeneratedRegex(@"HostAgent\.(Agent|Aggregator|Cli)\.([A-Z][A-Za-z]+)")]
    private static partial Regex Namespace();
}
