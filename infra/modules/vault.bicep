// The vault, and the secrets that only a machine needs to know.
targetScope = 'resourceGroup'

import { randomBase64, randomHex } from '../keys.bicep'

param name string
param location string
param tags object
param workspaceName string

@description('With private networking nothing but the private endpoint reaches the vault.')
param privateNetworking bool

// Three GUIDs each, new at each deployment and used by the first one alone (see keys.bicep). Nobody passes them.
@secure()
param encryptionSeed string = '${newGuid()}${newGuid()}${newGuid()}'
@secure()
param webhookSeed string = '${newGuid()}${newGuid()}${newGuid()}'
@secure()
param hmacSeed string = '${newGuid()}${newGuid()}${newGuid()}'
@secure()
param keyIdSeed string = newGuid()

resource workspace 'Microsoft.OperationalInsights/workspaces@2025-07-01' existing = {
  name: workspaceName
}

resource vault 'Microsoft.KeyVault/vaults@2025-05-01' = {
  name: name
  location: location
  tags: tags
  properties: {
    tenantId: tenant().tenantId
    sku: { family: 'A', name: 'standard' }
    enableRbacAuthorization: true
    enableSoftDelete: true
    // The keys open every stored token: nobody, not even an owner, may destroy them before 90 days are over.
    enablePurgeProtection: true
    softDeleteRetentionInDays: 90
    enabledForDeployment: false
    enabledForDiskEncryption: false
    enabledForTemplateDeployment: false
    publicNetworkAccess: privateNetworking ? 'Disabled' : 'Enabled'
    networkAcls: {
      // This very template writes secrets while the vault is closed to the internet. Whoever comes this way needs a role all the same.
      bypass: 'AzureServices'
      defaultAction: privateNetworking ? 'Deny' : 'Allow'
    }
  }
}

// An id of its own, so that a key that is made again (another vault, another region) is never taken for the one that was lost.
@onlyIfNotExists()
resource encryptionKeys 'Microsoft.KeyVault/vaults/secrets@2025-05-01' = {
  parent: vault
  name: 'token-encryption-keys'
  properties: {
    contentType: 'TOKEN_ENCRYPTION_KEYS: id:base64(32 bytes), comma separated'
    value: 'k${take(keyIdSeed, 8)}:${randomBase64(encryptionSeed)}'
  }
}

@onlyIfNotExists()
resource webhookSecret 'Microsoft.KeyVault/vaults/secrets@2025-05-01' = {
  parent: vault
  name: 'vapi-webhook-secret'
  properties: {
    contentType: 'VAPI_WEBHOOK_SECRET: comma separated while rotating'
    value: randomHex(webhookSeed)
  }
}

@onlyIfNotExists()
resource hmacSecret 'Microsoft.KeyVault/vaults/secrets@2025-05-01' = {
  parent: vault
  name: 'vapi-hmac-secret'
  properties: {
    contentType: 'VAPI_HMAC_SECRET: comma separated while rotating'
    value: randomHex(hmacSeed)
  }
}

#disable-next-line use-recent-api-versions // The one stable version, of 2016, is older than this preview.
resource audit 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  name: 'to-workspace'
  scope: vault
  properties: {
    workspaceId: workspace.id
    logs: [{ category: 'AuditEvent', enabled: true }]
  }
}
