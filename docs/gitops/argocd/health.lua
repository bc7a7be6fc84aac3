-- Health of a ModelDeployment (slipway.dev) for Argo CD.
local health = { status = "Progressing", message = "The operator has not looked at it yet." }
if obj.status == nil or obj.status.conditions == nil then
  return health
end
if obj.status.observedGeneration ~= obj.metadata.generation then
  health.message = "The operator has not looked at this generation yet."
  return health
end

local conditions = {}
for _, condition in ipairs(obj.status.conditions) do
  conditions[condition.type] = condition
end
local ready, stalled = conditions.Ready, conditions.Stalled
if stalled ~= nil and stalled.status == "True" then
  health.status = "Degraded"
  health.message = stalled.message
elseif ready ~= nil then
  health.status = ready.status == "True" and "Healthy" or "Progressing"
  health.message = ready.message
end
return health
