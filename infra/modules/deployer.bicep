// The identity under which the GitHub workflow deploys: signed in by OIDC, so that the repository holds no secret.
targetScope = 'resourceGroup'

param name string
param location string
param tags object

@description('OWNER/NAME of the repository.')
param repository string

@description('The number of the repository\'s owner. Empty: the subject goes by names alone.')
param ownerId string

@description('The number of the repository.')
param repositoryId string

// Also in .github/workflows/deploy.yml. Only jobs of this environment may sign in.
var environmentName = 'production'

// GitHub puts both numbers into the subject of every repository that was made, renamed or transferred since July 2026.
var owner = split(repository, '/')[0]
var repositoryName = split(repository, '/')[1]
var subjectRepository = empty(ownerId) || empty(repositoryId)
  ? repository
  : '${owner}@${ownerId}/${repositoryName}@${repositoryId}'
var subject = 'repo:${subjectRepository}:environment:${environmentName}'

resource identity 'Microsoft.ManagedIdentity/userAssignedIdentities@2024-11-30' = {
  name: name
  location: location
  tags: tags

  resource github 'federatedIdentityCredentials' = {
    name: 'github'
    properties: {
      issuer: 'https://token.actions.githubusercontent.com'
      subject: subject
      audiences: ['api://AzureADTokenExchange']
    }
  }
}

output clientId string = identity.properties.clientId
output principalId string = identity.properties.principalId
output subject string = subject
