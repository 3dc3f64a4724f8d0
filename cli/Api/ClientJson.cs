using System.Text.Json.Serialization;
using HostAgent.Cli.Top;

namespace HostAgent.Cli.Api;

/// <summary>Everything hostctl reads and writes as JSON, by generated code.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true,
    Converters = [typeof(PointConverter)])]
[JsonSerializable(typeof(Problem))]
[JsonSerializable(typeof(HostList))]
[JsonSerializable(typeof(SeriesList))]
[JsonSerializable(typeof(LatestList))]
[JsonSerializable(typeof(RangeList))]
[JsonSerializable(typeof(Health))]
[JsonSerializable(typeof(Account))]
[JsonSerializable(typeof(Overview))]
[JsonSerializable(typeof(CommandAsk))]
[JsonSerializable(typeof(SignatureAsk))]
[JsonSerializable(typeof(CancelAsk))]
[JsonSerializable(typeof(CommandPreview))]
[JsonSerializable(typeof(OrderView))]
[JsonSerializable(typeof(CommandView))]
[JsonSerializable(typeof(CommandList))]
[JsonSerializable(typeof(HostRunView))]
[JsonSerializable(typeof(OutputPiece))]
[JsonSerializable(typeof(KindList))]
[JsonSerializable(typeof(SavedLogin))]
[JsonSerializable(typeof(Me))]
[JsonSerializable(typeof(TokenList))]
[JsonSerializable(typeof(TokenSummary))]
[JsonSerializable(typeof(NewToken))]
[JsonSerializable(typeof(CreatedToken))]
[JsonSerializable(typeof(AuditPage))]
[JsonSerializable(typeof(AuditAnchorAnswer))]
internal sealed partial class ClientJson : JsonSerializerContext;
