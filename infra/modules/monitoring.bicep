// Where telemetry goes, how long it stays, and how many GB a day are taken.
targetScope = 'resourceGroup'

param workspaceName string
param insightsName string
param location string
param tags object

@description('Days that resource logs are kept. The tables of telemetry have a retention of their own: retention.bicep.')
param retentionDays int

@description('The most that a day may bring, in GB. At the cap the workspace stops taking telemetry until the next day.')
param dailyCapGb int

resource workspace 'Microsoft.OperationalInsights/workspaces@2025-07-01' = {
  name: workspaceName
  location: location
  tags: tags
  properties: {
    sku: { name: 'PerGB2018' }
    retentionInDays: retentionDays
    workspaceCapping: { dailyQuotaGb: dailyCapGb }
    features: { disableLocalAuth: true }
  }
}

resource insights 'Microsoft.Insights/components@2020-02-02' = {
  name: insightsName
  location: location
  tags: tags
  kind: 'web'
  properties: {
    Application_Type: 'web'
    WorkspaceResourceId: workspace.id
    IngestionMode: 'LogAnalytics'
    // Only holders of the Monitoring Metrics Publisher role may send.
    DisableLocalAuth: true
  }
}
