{{/* Generated from the operator's code by ./build.sh generate; do not edit. */}}
{{- define "slipway.rules" -}}
- {apiGroups: [""], resources: [configmaps, serviceaccounts, services], verbs: [create, delete, get, list, patch, watch]}
- {apiGroups: [""], resources: [events], verbs: [create, patch]}
- {apiGroups: [""], resources: [pods], verbs: [list, watch]}
- {apiGroups: [apps], resources: [controllerrevisions, deployments], verbs: [create, delete, get, list, patch, watch]}
- {apiGroups: [apps], resources: [replicasets], verbs: [list, watch]}
- {apiGroups: [autoscaling], resources: [horizontalpodautoscalers], verbs: [create, delete, get, list, patch, watch]}
- {apiGroups: [keda.sh], resources: [scaledobjects], verbs: [create, delete, get, list, patch, watch]}
- {apiGroups: [monitoring.coreos.com], resources: [prometheusrules, servicemonitors], verbs: [create, delete, get, list, patch, watch]}
- {apiGroups: [networking.k8s.io], resources: [networkpolicies], verbs: [create, delete, get, list, patch, watch]}
- {apiGroups: [policy], resources: [poddisruptionbudgets], verbs: [create, delete, get, list, patch, watch]}
- {apiGroups: [slipway.dev], resources: [modeldeployments], verbs: [list, watch]}
- {apiGroups: [slipway.dev], resources: [modeldeployments/status], verbs: [patch]}
- {apiGroups: [slipway.dev], resources: [modeldeployments/finalizers], verbs: [update]}
{{- end }}
{{- define "slipway.leaderElectionRules" -}}
- {apiGroups: [""], resources: [events], verbs: [create]}
- {apiGroups: [coordination.k8s.io], resources: [leases], verbs: [create, get, update]}
{{- end }}
