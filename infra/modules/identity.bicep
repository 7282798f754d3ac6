// The app's identity: how it reaches storage, secrets, mail, telemetry, and (as a federated credential) Microsoft Entra.
targetScope = 'resourceGroup'

param name string
param location string
param tags object

resource identity 'Microsoft.ManagedIdentity/userAssignedIdentities@2024-11-30' = {
  name: name
  location: location
  tags: tags
}

output clientId string = identity.properties.clientId
output principalId string = identity.properties.principalId
