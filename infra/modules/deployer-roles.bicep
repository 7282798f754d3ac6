// What the deploying workflow may do: put code on this one app, and sign one call to see that it answers.
targetScope = 'resourceGroup'

@description('Object id of the workflow\'s identity.')
param principalId string
param siteName string
param vaultName string

// https://learn.microsoft.com/azure/role-based-access-control/built-in-roles
var roles = {
  websiteContributor: 'de139f84-1756-47ae-9be6-808fbbe84772'
  secretsUser: '4633458b-17de-408a-b874-0445c86b69e6'
}

resource site 'Microsoft.Web/sites@2025-03-01' existing = {
  name: siteName
}

resource vault 'Microsoft.KeyVault/vaults@2025-05-01' existing = {
  name: vaultName

  resource hmacSecret 'secrets' existing = {
    name: 'vapi-hmac-secret'
  }
}

resource deploys 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(site.id, principalId, roles.websiteContributor)
  scope: site
  properties: {
    principalId: principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', roles.websiteContributor)
    description: 'func azure functionapp publish, from the deploy workflow.'
  }
}

resource signsOneCall 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(vault::hmacSecret.id, principalId, roles.secretsUser)
  scope: vault::hmacSecret
  properties: {
    principalId: principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', roles.secretsUser)
    description: 'The signed webhook call after a deployment.'
  }
}
