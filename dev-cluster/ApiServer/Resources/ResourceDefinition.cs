using System.Text.Json.Nodes;
using Slipway.DevCluster.ApiServer.Schemas;

namespace Slipway.DevCluster.ApiServer.Resources;

/// <summary>
/// One row of the table of kinds: all that the server knows of a resource in one version. Built-in kinds and custom resources are rows of
/// the same table; nothing outside it asks which kind it handles.
/// </summary>
internal sealed record ResourceDefinition
{
    public static readonly IReadOnlyList<string> AllVerbs =
        ["create", "delete", "deletecollection", "get", "list", "patch", "update", "watch"];

    /// <summary>Empty for the core group.</summary>
    public required string Group { get; init; }
    public required string Version { get; init; }

    /// <summary>Empty when only paths below an object are served, and the object itself by another group.</summary>
    public required string Kind { get; init; }

    /// <summary>Lower case, as in the path: <c>deployments</c>.</summary>
    public required string Plural { get; init; }
    public required string Singular { get; init; }
    public string ListKind { get => field.Length > 0 ? field : Kind + "List"; init; } = "";
    public IReadOnlyList<string> ShortNames { get; init; } = [];
    public IReadOnlyList<string> Categories { get; init; } = [];
    public bool Namespaced { get; init; } = true;
    public IReadOnlyList<string> Verbs { get; init; } = AllVerbs;
    public IReadOnlyList<Subresource> Subresources { get; init; } = [];

    /// <summary>Null without a <c>scale</c> subresource.</summary>
    public ScalePaths? Scale { get; init; }
    public required Schema Schema { get; init; }

    /// <summary>Columns of a Table answer that the definition itself declares (a CRD's <c>additionalPrinterColumns</c>); empty for built-in kinds.</summary>
    public IReadOnlyList<PrinterColumn> Columns { get; init; } = [];

    /// <summary>What a field selector may name besides <c>metadata.name</c> and <c>metadata.namespace</c>.</summary>
    public IReadOnlyList<SelectableField> SelectableFields { get; init; } = [];

    /// <summary>What every answer warns of; null for a version that may be used without second thoughts.</summary>
    public string? DeprecationWarning { get; init; }

    /// <summary>True when a deletion leaves the object for a grace period, until its keeper deletes it with a period of 0.</summary>
    public bool DeletesGracefully { get; init; }

    /// <summary>What becomes of dependents when a deletion does not say: Orphan when true, else Background.</summary>
    public bool OrphansByDefault { get; init; }

    /// <summary>False for a kind whose objects are answers that nobody keeps.</summary>
    public bool IsStored { get; init; } = true;

    /// <summary>True for a kind that a CustomResourceDefinition brought.</summary>
    public bool IsCustom { get; init; }

    /// <summary>True when <c>metadata.generation</c> counts the changes of everything but metadata and status.</summary>
    public bool HasGeneration { get; init; }

    /// <summary>True when a change of annotations counts as one, too.</summary>
    public bool CountsAnnotations { get; init; }

    /// <summary>True when a new object may bring its status along.</summary>
    public bool TakesStatusOnCreate { get; init; }

    /// <summary>Paths below an object that Kubernetes has and this server refuses with 501.</summary>
    public IReadOnlyList<string> RefusedSubresources { get; init; } = [];

    /// <summary>True when a PUT of an absent name creates the object.</summary>
    public bool CreatesOnUpdate { get; init; }

    /// <summary>False when a PUT must carry a resourceVersion.</summary>
    public bool AllowsUnconditionalUpdate { get; init; } = true;

    /// <summary>True when DELETE answers the object instead of a Status.</summary>
    public bool AnswersDeletedObject { get; init; }

    /// <summary><c>v1</c> or <c>apps/v1</c>.</summary>
    public string ApiVersion => Group.Length == 0 ? Version : $"{Group}/{Version}";

    /// <summary>What messages call the resource: <c>pods</c>, <c>deployments.apps</c>.</summary>
    public string QualifiedName => Group.Length == 0 ? Plural : $"{Plural}.{Group}";

    /// <summary>Under which objects are stored; versions of one resource share it.</summary>
    public string StorageName => $"{Group}/{Plural}";

    /// <summary>True for a kind that can only be posted: the server answers it, and stores nothing.</summary>
    public bool IsReview => Verbs is ["create"];

    public bool HasStatus => Subresources.Any(s => s.Name == "status");

    /// <summary>The subresource of that name, or null when the kind has none.</summary>
    public Subresource? FindSubresource(string name) => Subresources.FirstOrDefault(s => s.Name == name);

    /// <summary>An empty object of this kind with its apiVersion and kind.</summary>
    public JsonObject NewObject() => new() { ["apiVersion"] = ApiVersion, ["kind"] = Kind };
}
