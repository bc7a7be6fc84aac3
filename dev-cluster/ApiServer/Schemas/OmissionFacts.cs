using System.Collections.Frozen;

namespace Slipway.DevCluster.ApiServer.Schemas;

/// <summary>
/// Which zero values of built-in kinds are stored. Numbers and booleans tell "unset" from zero unless listed here; strings, lists and maps
/// do not tell it unless listed here. Names are those of the client library's models.
/// </summary>
internal static class OmissionFacts
{
    private static readonly FrozenSet<string> ZeroIsUnset = new[]
    {
        "V1DeploymentSpec.minReadySeconds", "V1DeploymentSpec.paused", "V1ReplicaSetSpec.minReadySeconds", "V1StatefulSetSpec.minReadySeconds",
        "V1DaemonSetSpec.minReadySeconds", "V1DeploymentStatus.observedGeneration", "V1DeploymentStatus.replicas",
        "V1DeploymentStatus.updatedReplicas", "V1DeploymentStatus.readyReplicas", "V1DeploymentStatus.availableReplicas",
        "V1DeploymentStatus.unavailableReplicas", "V1ReplicaSetStatus.fullyLabeledReplicas", "V1ReplicaSetStatus.readyReplicas",
        "V1ReplicaSetStatus.availableReplicas", "V1ReplicaSetStatus.observedGeneration", "V1StatefulSetStatus.observedGeneration",
        "V1StatefulSetStatus.readyReplicas", "V1StatefulSetStatus.currentReplicas", "V1StatefulSetStatus.updatedReplicas",
        "V1DaemonSetStatus.observedGeneration", "V1DaemonSetStatus.updatedNumberScheduled", "V1DaemonSetStatus.numberAvailable",
        "V1DaemonSetStatus.numberUnavailable", "V1JobStatus.active", "V1JobStatus.succeeded", "V1JobStatus.failed",
        "V1PodDisruptionBudgetStatus.observedGeneration", "V2HorizontalPodAutoscalerStatus.currentReplicas",
        "V1PodSpec.hostNetwork", "V1PodSpec.hostPID", "V1PodSpec.hostIPC", "V1PodStatus.observedGeneration", "V1PodCondition.observedGeneration",
        "V1Condition.observedGeneration",
        "V1Container.stdin", "V1Container.stdinOnce", "V1Container.tty", "V1ContainerPort.hostPort", "V1VolumeMount.readOnly",
        "V1Probe.initialDelaySeconds", "V1Probe.timeoutSeconds", "V1Probe.periodSeconds", "V1Probe.successThreshold", "V1Probe.failureThreshold",
        "V1PersistentVolumeClaimVolumeSource.readOnly", "V1NFSVolumeSource.readOnly", "V1GRPCAction.service", "V1KeyToPath.mode",
        "V1ServicePort.nodePort", "V1ServiceSpec.publishNotReadyAddresses", "V1ServiceSpec.healthCheckNodePort",
        "V1ObjectMeta.generation", "V1NodeSpec.unschedulable", "Corev1Event.count", "Corev1EventSeries.count",
        "V1ContainerStateTerminated.signal", "V1CustomResourceDefinitionStatus.observedGeneration",
        "V1CustomResourceDefinitionVersion.deprecated", "V1CustomResourceColumnDefinition.priority",
        "V1JSONSchemaProps.exclusiveMaximum", "V1JSONSchemaProps.exclusiveMinimum", "V1JSONSchemaProps.uniqueItems",
        "V1JSONSchemaProps.nullable", "V1JSONSchemaProps.x-kubernetes-embedded-resource", "V1JSONSchemaProps.x-kubernetes-int-or-string",
    }.ToFrozenSet(StringComparer.Ordinal);

    private static readonly FrozenSet<string> ZeroIsAValue = new[]
    {
        "V1PersistentVolumeClaimSpec.storageClassName", "V1PersistentVolumeClaimSpec.volumeMode", "V1PodSpec.runtimeClassName",
        "V1PodSpec.preemptionPolicy", "V1IngressSpec.ingressClassName", "V1LeaseSpec.holderIdentity", "V1LeaseSpec.strategy",
        "V1LeaseSpec.preferredHolder", "V1ServicePort.appProtocol", "V1ServiceSpec.loadBalancerClass", "V1ServiceSpec.trafficDistribution",
        "V1ServiceSpec.internalTrafficPolicy", "V1ServiceSpec.ipFamilyPolicy", "Discoveryv1EndpointPort.name", "Discoveryv1EndpointPort.protocol",
        "Discoveryv1EndpointPort.appProtocol", "V1Endpoint.hostname", "V1Endpoint.nodeName", "V1Endpoint.zone", "V1EndpointAddress.nodeName",
        "V1GRPCAction.service", "V1TopologySpreadConstraint.nodeAffinityPolicy", "V1TopologySpreadConstraint.nodeTaintsPolicy",
        "V1SeccompProfile.localhostProfile", "V1SecurityContext.procMount", "V1PodSecurityContext.fsGroupChangePolicy",
        "V1PodSecurityContext.seLinuxChangePolicy", "V1PodDisruptionBudgetSpec.unhealthyPodEvictionPolicy", "V1PodSpec.hostnameOverride",
        "V1JSONSchemaProps.x-kubernetes-list-type", "V1JSONSchemaProps.x-kubernetes-map-type", "V2HPAScalingRules.selectPolicy",
        "V1NetworkPolicyPort.protocol", "V1TypedLocalObjectReference.apiGroup", "V1VolumeMount.mountPropagation",
        "V1VolumeMount.recursiveReadOnly", "V1Lifecycle.stopSignal", "V1Container.restartPolicy",
    }.ToFrozenSet(StringComparer.Ordinal);

    private static readonly FrozenSet<string> Kept = new[]
    {
        "V1EndpointSlice.endpoints", "V1EndpointSlice.ports", "V1PodSpec.containers", "V1Role.rules", "V1ClusterRole.rules",
        "V2HorizontalPodAutoscalerStatus.currentMetrics", "V1PolicyRule.verbs", "V1Endpoint.addresses",
        "V1NodeSelector.nodeSelectorTerms", "V1CustomResourceDefinitionSpec.versions", "V1Condition.message",
    }.ToFrozenSet(StringComparer.Ordinal);

    private static readonly FrozenSet<string> AlwaysPresent = new[]
    {
        "V1CustomResourceDefinition.metadata", "V1CustomResourceDefinition.spec", "V1CustomResourceDefinitionSpec.names",
        "V1Deployment.metadata", "V1Deployment.spec", "V1Deployment.status", "V1DeploymentSpec.strategy", "V1DeploymentSpec.template",
        "V1ReplicaSet.metadata", "V1ReplicaSet.spec", "V1ReplicaSet.status", "V1ReplicaSetSpec.template", "V1ReplicaSetStatus.replicas",
        "V1StatefulSet.metadata", "V1StatefulSet.spec", "V1StatefulSet.status", "V1StatefulSetSpec.template", "V1StatefulSetSpec.updateStrategy",
        "V1StatefulSetStatus.replicas", "V1StatefulSetStatus.availableReplicas",
        "V1DaemonSet.metadata", "V1DaemonSet.spec", "V1DaemonSet.status", "V1DaemonSetSpec.template", "V1DaemonSetSpec.updateStrategy",
        "V1DaemonSetStatus.currentNumberScheduled", "V1DaemonSetStatus.numberMisscheduled", "V1DaemonSetStatus.desiredNumberScheduled",
        "V1DaemonSetStatus.numberReady", "V1ControllerRevision.metadata",
        "V1PodTemplateSpec.metadata", "V1PodTemplateSpec.spec", "V1PodSpec.containers", "V1Pod.metadata", "V1Pod.spec", "V1Pod.status",
        "V1Container.name", "V1Container.resources", "V1EphemeralContainer.name", "V1EphemeralContainer.resources",
        "V1ContainerStatus.lastState", "V1ContainerStatus.ready", "V1ContainerStatus.restartCount", "V1ContainerStatus.state",
        "V1ContainerStatus.name", "V1ContainerStatus.image", "V1ContainerStatus.imageID",
        "V1DeploymentCondition.lastUpdateTime", "V1DeploymentCondition.lastTransitionTime", "V1ReplicaSetCondition.lastTransitionTime",
        "V1StatefulSetCondition.lastTransitionTime", "V1DaemonSetCondition.lastTransitionTime", "V1PodCondition.lastProbeTime",
        "V1PodCondition.lastTransitionTime", "V1JobCondition.lastProbeTime", "V1JobCondition.lastTransitionTime", "V1Condition.lastTransitionTime", "V1Condition.message",
        "V1NamespaceCondition.lastTransitionTime", "V1NodeCondition.lastHeartbeatTime", "V1NodeCondition.lastTransitionTime",
        "V2HorizontalPodAutoscalerCondition.lastTransitionTime", "V1ContainerStateRunning.startedAt", "V1ContainerStateTerminated.startedAt",
        "V1ContainerStateTerminated.finishedAt", "V1ContainerStateTerminated.exitCode", "V1Service.metadata", "V1Service.spec", "V1Service.status", "V1ServiceStatus.loadBalancer",
        "V1ServicePort.port", "V1ServiceAccount.metadata", "V1ConfigMap.metadata", "V1Secret.metadata",
        "V1Namespace.metadata", "V1Namespace.spec", "V1Namespace.status", "V1Node.metadata", "V1Node.spec", "V1Node.status",
        "V1Job.metadata", "V1Job.spec", "V1Job.status", "V1JobSpec.template", "V1CronJob.metadata", "V1CronJob.spec", "V1CronJob.status",
        "V1CronJobSpec.jobTemplate", "V1JobTemplateSpec.metadata", "V1JobTemplateSpec.spec",
        "V2HorizontalPodAutoscaler.metadata", "V2HorizontalPodAutoscaler.spec", "V2HorizontalPodAutoscaler.status",
        "V2HorizontalPodAutoscalerSpec.scaleTargetRef", "V2HorizontalPodAutoscalerSpec.maxReplicas",
        "V2HorizontalPodAutoscalerStatus.desiredReplicas", "V2HorizontalPodAutoscalerStatus.currentMetrics",
        "V1PodDisruptionBudget.metadata", "V1PodDisruptionBudget.spec", "V1PodDisruptionBudget.status",
        "V1PodDisruptionBudgetStatus.disruptionsAllowed", "V1PodDisruptionBudgetStatus.currentHealthy",
        "V1PodDisruptionBudgetStatus.desiredHealthy", "V1PodDisruptionBudgetStatus.expectedPods",
        "V1NetworkPolicy.metadata", "V1NetworkPolicy.spec", "V1NetworkPolicySpec.podSelector", "V1EndpointSlice.metadata",
        "V1EndpointSlice.endpoints", "V1EndpointSlice.ports", "V1Endpoint.conditions", "V1Endpoints.metadata", "V1Lease.metadata", "V1Lease.spec",
        "Corev1Event.metadata", "Corev1Event.involvedObject", "Corev1Event.source", "Corev1Event.firstTimestamp", "Corev1Event.lastTimestamp",
        "Corev1Event.eventTime", "Corev1Event.reportingComponent", "Corev1Event.reportingInstance",
        "V1Role.metadata", "V1Role.rules", "V1ClusterRole.metadata", "V1ClusterRole.rules", "V1RoleBinding.metadata", "V1RoleBinding.roleRef",
        "V1ClusterRoleBinding.metadata", "V1ClusterRoleBinding.roleRef", "V1PersistentVolumeClaim.metadata", "V1PersistentVolumeClaim.spec",
        "V1PersistentVolumeClaim.status", "V1PersistentVolumeClaimSpec.resources",
        "V1LocalSubjectAccessReview.spec", "V1SelfSubjectAccessReview.spec", "V1SelfSubjectRulesReview.spec", "V1SubjectAccessReview.spec",
        "V1TokenReview.spec", "Authenticationv1TokenRequest.spec",
    }.ToFrozenSet(StringComparer.Ordinal);

    public static bool IsAlwaysPresent(string type, string field) => AlwaysPresent.Contains($"{type}.{field}");

    public static Omission Of(string type, string field, Schema schema)
    {
        var name = $"{type}.{field}";
        if (Kept.Contains(name))
        {
            return Omission.Nothing;
        }

        // A declared struct is not empty because its fields are: `emptyDir: {}` says something.
        var tellsUnsetFromZero = schema switch
        {
            { Type: SchemaType.String, Format: "date-time" or Timestamps.MicroTimeFormat } => true,
            { Type: SchemaType.String } or { Type: SchemaType.List } or { AdditionalProperties: not null } => ZeroIsAValue.Contains(name),
            _ => !ZeroIsUnset.Contains(name),
        };
        return tellsUnsetFromZero ? Omission.Null : Omission.Zero;
    }
}
