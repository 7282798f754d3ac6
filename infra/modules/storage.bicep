// One storage account: the app's tables, the host's own blobs, and the deployed package.
targetScope = 'resourceGroup'

param name string
param location string
param tags object
param workspaceName string

@description('Replication: Standard_LRS, Standard_ZRS, Standard_GRS, ...')
param sku string

@description('With private networking nothing but the private endpoints reaches the account.')
param privateNetworking bool

@description('Days in which deleted blobs come back.')
param softDeleteDays int

var packageContainerName = 'packages'

resource workspace 'Microsoft.OperationalInsights/workspaces@2025-07-01' existing = {
  name: workspaceName
}

resource storage 'Microsoft.Storage/storageAccounts@2025-06-01' = {
  name: name
  location: location
  tags: tags
  kind: 'StorageV2'
  sku: { name: sku }
  properties: {
    accessTier: 'Hot'
    allowBlobPublicAccess: false
    allowCrossTenantReplication: false
    // Nobody holds a key: the app and the operators come by identity.
    allowSharedKeyAccess: false
    defaultToOAuthAuthentication: true
    minimumTlsVersion: 'TLS1_2'
    supportsHttpsTrafficOnly: true
    publicNetworkAccess: privateNetworking ? 'Disabled' : 'Enabled'
    networkAcls: {
      bypass: privateNetworking ? 'None' : 'AzureServices'
      defaultAction: privateNetworking ? 'Deny' : 'Allow'
    }
  }

  resource blobs 'blobServices' = {
    name: 'default'
    properties: {
      deleteRetentionPolicy: { enabled: true, days: softDeleteDays }
      containerDeleteRetentionPolicy: { enabled: true, days: softDeleteDays }
    }

    resource packages 'containers' = {
      name: packageContainerName
      properties: { publicAccess: 'None' }
    }
  }

  resource tables 'tableServices' = {
    name: 'default'
  }
}

// Who deleted rows, not what the rows contained. Reads and writes are left out: they are nearly all of the traffic, share the daily cap with the
// app's telemetry, and say little.
#disable-next-line use-recent-api-versions // The one stable version, of 2016, is older than this preview.
resource tableLogs 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  name: 'to-workspace'
  scope: storage::tables
  properties: {
    workspaceId: workspace.id
    logs: [{ category: 'StorageDelete', enabled: true }]
  }
}

output packageContainerUrl string = '${storage.properties.primaryEndpoints.blob}${packageContainerName}'
