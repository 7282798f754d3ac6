// How long telemetry stays. The tables of Application Insights do not follow their workspace: without this they keep 90 days.
targetScope = 'resourceGroup'

param workspaceName string

@description('Days that telemetry is kept.')
param retentionDays int

resource workspace 'Microsoft.OperationalInsights/workspaces@2025-07-01' existing = {
  name: workspaceName
}

// What the app, the host and the web test write. https://learn.microsoft.com/azure/azure-monitor/logs/data-retention-configure
var tableNames = [
  'AppAvailabilityResults'
  'AppDependencies'
  'AppEvents'
  'AppExceptions'
  'AppMetrics'
  'AppPerformanceCounters'
  'AppRequests'
  'AppTraces'
]

// One after the other: a workspace takes one change of its tables at a time.
@batchSize(1)
resource tables 'Microsoft.OperationalInsights/workspaces/tables@2025-07-01' = [
  for tableName in tableNames: {
    parent: workspace
    name: tableName
    properties: { plan: 'Analytics', retentionInDays: retentionDays, totalRetentionInDays: retentionDays }
  }
]
