// The identity under which the GitHub workflow deploys: signed in by OIDC, so that the repository holds no secret.
targetScope = 'resourceGroup'

param name string
param location string
param tags object

@description('OWNER/NAME of the repository.')
param repository string

@description('The GitHub environment whose jobs may sign in: no other branch, fork or pull request can.')
param environmentName string

resource identity 'Microsoft.ManagedIdentity/userAssignedIdentities@2024-11-30' = {
  name: name
  location: location
  tags: tags

  resource github 'federatedIdentityCredentials' = {
    name: 'github'
    properties: {
      issuer: 'https://token.actions.githubusercontent.com'
      subject: 'repo:${repository}:environment:${environmentName}'
      audiences: ['api://AzureADTokenExchange']
    }
  }
}

output clientId string = identity.properties.clientId
output principalId string = identity.properties.principalId
