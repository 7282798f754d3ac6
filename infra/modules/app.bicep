// The function app: its plan, its settings, how it scales. Deploy it after the roles and the secrets: a reference that cannot be
// resolved at the start stays unresolved until somebody asks for a refresh, or for a day.
targetScope = 'resourceGroup'

param siteName string
param planName string
param location string
param tags object
param identityName string
param insightsName string
param packageContainerUrl string

@description('The settings of the app itself; what the host needs comes on top.')
param settings object

@description('512, 2048 or 4096 MB an instance.')
param instanceMemoryMB int

@description('Requests that one instance takes at a time.')
param httpConcurrency int

@description('Instances that are kept warm for calls.')
param alwaysReadyInstances int
param maximumInstances int

@description('RollingUpdate or Recreate.')
param updateStrategy string

@description('The network through which the app goes out. Empty: straight to the internet.')
param networkName string

resource identity 'Microsoft.ManagedIdentity/userAssignedIdentities@2024-11-30' existing = {
  name: identityName
}

resource network 'Microsoft.Network/virtualNetworks@2025-05-01' existing = if (!empty(networkName)) {
  name: empty(networkName) ? 'none' : networkName

  resource appSubnet 'subnets' existing = {
    name: 'app'
  }
}

resource insights 'Microsoft.Insights/components@2020-02-02' existing = {
  name: insightsName
}

resource plan 'Microsoft.Web/serverfarms@2025-03-01' = {
  name: planName
  location: location
  tags: tags
  kind: 'functionapp'
  sku: { name: 'FC1', tier: 'FlexConsumption' }
  properties: { reserved: true }
}

resource site 'Microsoft.Web/sites@2025-03-01' = {
  name: siteName
  location: location
  tags: tags
  kind: 'functionapp,linux'
  identity: {
    type: 'UserAssigned'
    userAssignedIdentities: { '${identity.id}': {} }
  }
  properties: {
    serverFarmId: plan.id
    httpsOnly: true
    clientAffinityEnabled: false
    // VAPI, Microsoft's redirect and the managers' browsers come from the internet, with private networking too.
    publicNetworkAccess: 'Enabled'
    keyVaultReferenceIdentity: identity.id
    virtualNetworkSubnetId: empty(networkName) ? null : network::appSubnet.id
    functionAppConfig: {
      deployment: {
        storage: {
          type: 'blobContainer'
          value: packageContainerUrl
          authentication: {
            type: 'UserAssignedIdentity'
            userAssignedIdentityResourceId: identity.id
          }
        }
      }
      runtime: { name: 'node', version: '24' }
      scaleAndConcurrency: {
        instanceMemoryMB: instanceMemoryMB
        maximumInstanceCount: maximumInstances
        alwaysReady: alwaysReadyInstances == 0 ? [] : [{ name: 'http', instanceCount: alwaysReadyInstances }]
        triggers: { http: { perInstanceConcurrency: httpConcurrency } }
      }
      #disable-next-line BCP037 // Microsoft.Web knows it since 2025-03-01; the compiler's types do not yet.
      siteUpdateStrategy: { type: updateStrategy }
    }
    siteConfig: {
      minTlsVersion: '1.2'
      scmMinTlsVersion: '1.2'
      http20Enabled: true
      ftpsState: 'Disabled'
      remoteDebuggingEnabled: false
    }
  }

  // All settings, replaced as a whole: what is not here is gone after the next deployment.
  // After the policies below: a new site may refuse two changes at a time.
  resource appSettings 'config' = {
    name: 'appsettings'
    dependsOn: [ftpPassword]
    properties: union(settings, {
      APPLICATIONINSIGHTS_CONNECTION_STRING: insights.properties.ConnectionString
      APPLICATIONINSIGHTS_AUTHENTICATION_STRING: 'ClientId=${identity.properties.clientId};Authorization=AAD'
      // The host's own request spans carry whole paths, with link tokens and numbers in them: it sends none. The app sends its own.
      OTEL_TRACES_SAMPLER: 'microsoft.fixed_percentage'
      OTEL_TRACES_SAMPLER_ARG: '0'
      // In bytes, 10 MiB and a little: the largest body that any route takes. The host reads a body whole before the app sees it, up to 100 MB.
      FUNCTIONS_REQUEST_BODY_SIZE_LIMIT: '10551296'
      // GET / would show Azure's own page.
      AzureWebJobsDisableHomepage: 'true'
      // The exporter's statistics of itself, for Microsoft.
      APPLICATION_INSIGHTS_NO_STATSBEAT: 'true'
    })
  }

  // func publishes with a token of Microsoft Entra; publishing with a user name and password is switched off.
  resource scmPassword 'basicPublishingCredentialsPolicies' = {
    name: 'scm'
    properties: { allow: false }
  }

  resource ftpPassword 'basicPublishingCredentialsPolicies' = {
    name: 'ftp'
    dependsOn: [scmPassword]
    properties: { allow: false }
  }
}
