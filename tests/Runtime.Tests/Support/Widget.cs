using k8s;
using k8s.Models;

namespace Slipway.Runtime.Tests;

[KubernetesEntity(Group = "test.dev", ApiVersion = "v1", Kind = "Widget", PluralName = "widgets")]
internal sealed class Widget : IKubernetesObject<V1ObjectMeta>
{
    public string ApiVersion { get; set; } = "test.dev/v1";

    public string Kind { get; set; } = "Widget";

    public V1ObjectMeta Metadata { get; set; } = new();

    public WidgetSpec? Spec { get; set; }

    public WidgetStatus? Status { get; set; }
}

internal sealed class WidgetSpec
{
    public int Size { get; set; }
}

internal sealed class WidgetStatus
{
    public string? Phase { get; set; }

    public string? Url { get; set; }

    public IList<string>? Notes { get; set; }
}
