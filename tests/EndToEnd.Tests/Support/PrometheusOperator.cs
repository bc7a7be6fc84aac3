namespace Slipway.EndToEnd.Tests.Support;

/// <summary>The two kinds of the Prometheus Operator that Slipway writes, as far as it writes them: fields that are not in here are pruned.</summary>
internal static class PrometheusOperator
{
    private const string Duration = "^(0|(([0-9]+)y)?(([0-9]+)w)?(([0-9]+)d)?(([0-9]+)h)?(([0-9]+)m)?(([0-9]+)s)?(([0-9]+)ms)?)$";

    public const string Definitions = $$$"""
        apiVersion: apiextensions.k8s.io/v1
        kind: CustomResourceDefinition
        metadata: {name: prometheusrules.monitoring.coreos.com}
        spec:
          group: monitoring.coreos.com
          scope: Namespaced
          names: {kind: PrometheusRule, listKind: PrometheusRuleList, plural: prometheusrules, singular: prometheusrule, shortNames: [promrule]}
          versions:
          - name: v1
            served: true
            storage: true
            schema:
              openAPIV3Schema:
                type: object
                required: [spec]
                properties:
                  spec:
                    type: object
                    properties:
                      groups:
                        type: array
                        x-kubernetes-list-type: map
                        x-kubernetes-list-map-keys: [name]
                        items:
                          type: object
                          required: [name]
                          properties:
                            name: {type: string, minLength: 1}
                            interval: {type: string, pattern: '{{{Duration}}}'}
                            rules:
                              type: array
                              items:
                                type: object
                                required: [expr]
                                properties:
                                  record: {type: string}
                                  alert: {type: string}
                                  expr: {anyOf: [{type: integer}, {type: string}], x-kubernetes-int-or-string: true}
                                  for: {type: string, pattern: '{{{Duration}}}'}
                                  keep_firing_for: {type: string, minLength: 1, pattern: '{{{Duration}}}'}
                                  labels: {type: object, additionalProperties: {type: string}}
                                  annotations: {type: object, additionalProperties: {type: string}}
        ---
        apiVersion: apiextensions.k8s.io/v1
        kind: CustomResourceDefinition
        metadata: {name: servicemonitors.monitoring.coreos.com}
        spec:
          group: monitoring.coreos.com
          scope: Namespaced
          names: {kind: ServiceMonitor, listKind: ServiceMonitorList, plural: servicemonitors, singular: servicemonitor, shortNames: [smon]}
          versions:
          - name: v1
            served: true
            storage: true
            schema:
              openAPIV3Schema:
                type: object
                required: [spec]
                properties:
                  spec:
                    type: object
                    required: [endpoints, selector]
                    properties:
                      selector:
                        type: object
                        x-kubernetes-map-type: atomic
                        properties:
                          matchLabels: {type: object, additionalProperties: {type: string}}
                      endpoints:
                        type: array
                        items:
                          type: object
                          properties:
                            port: {type: string}
                            path: {type: string}
                            interval: {type: string, pattern: '{{{Duration}}}'}
                            honorLabels: {type: boolean}
        """;

    public static readonly string[] Delete = ["delete", "crd", "prometheusrules.monitoring.coreos.com", "servicemonitors.monitoring.coreos.com", "--ignore-not-found"];
}
