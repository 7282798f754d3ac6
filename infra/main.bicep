// PeteRental Calendar in one resource group. docs/deploy.md is the page to follow; the app registration is in entra.bicep.
targetScope = 'resourceGroup'

import { defaultHostName, redirectUri, resourceNames } from 'names.bicep'

@description('A part of the name of every resource.')
@minLength(3)
@maxLength(10)
param prefix string

@description('Region of everything that has one.')
param location string = resourceGroup().location

param tags object = {}

@description('Client id of the app registration: an output of entra.bicep, or made by hand.')
@minLength(36)
@maxLength(36)
param microsoftClientId string

@description('Who may connect a calendar: "common" (work and personal accounts), "organizations" (work accounts), or one tenant id.')
param microsoftTenantId string = 'common'

@description('true: the app signs in with the vault\'s secret "microsoft-client-secret", for tenants in which an app may not trust a managed identity.')
param useClientSecret bool = false

@description('IANA time zone for mailboxes that have none.')
param defaultTimeZone string = 'America/Chicago'

@description('true: the app subscribes to Graph\'s change notifications, so that it can list free times without asking Graph each time.')
param calendarNotifications bool = true

@description('How mail leaves: Communication Services, an SMTP server of yours (its URL in the vault\'s secret "smtp-url"), or not at all.')
param mailTransport 'acs' | 'smtp' | 'none' = 'acs'

@description('With Communication Services: the region in which mail data is stored.')
param mailDataLocation string = 'United States'

@description('With Communication Services: a domain of yours to send from. Empty: Azure\'s own, 10 mails an hour.')
param mailDomain string = ''

@description('true once the DNS records of mailDomain are verified.')
param mailDomainVerified bool = false

@description('With SMTP: the sender\'s address.')
param smtpFrom string = ''

@description('MB of memory an instance: more memory, more processor.')
@allowed([512, 2048, 4096])
param instanceMemoryMB int = 2048

@description('Calls that one instance answers at a time.')
@minValue(1)
@maxValue(1000)
param httpConcurrency int = 16

@description('Instances kept warm, so that the first call of a quiet hour is answered as fast as the others.')
@minValue(0)
param alwaysReadyInstances int = 1

@description('The most instances there will ever be: a ceiling for cost.')
@minValue(40)
@maxValue(1000)
param maximumInstances int = 40

@description('What happens to calls on the line while new code arrives. RollingUpdate lets them end; Microsoft still calls it a preview. Recreate cuts them off.')
param updateStrategy 'RollingUpdate' | 'Recreate' = 'RollingUpdate'

@description('Replication of the storage account: Standard_ZRS over the zones of a region, Standard_GRS to a second region, ...')
param storageSku string = 'Standard_ZRS'

@description('Days in which a deleted package, or the host\'s keys, come back.')
@minValue(1)
@maxValue(365)
param softDeleteDays int = 14

@description('Days that telemetry and resource logs are kept. Up to 31 are within the price of resource logs, up to 90 of telemetry.')
@minValue(30)
@maxValue(730)
param retentionDays int = 31

@description('The most telemetry a day, in GB.')
@minValue(1)
param dailyCapGb int = 1

@description('true: storage and vault are closed to the internet and reached through private endpoints, and the app goes out by one fixed address.')
param privateNetworking bool = false

@description('With private networking: the address space, a /24 or larger.')
param networkAddressPrefix string = '10.20.0.0/24'

@description('OWNER/NAME of the GitHub repository whose deploy workflow may put code on the app. Empty: none.')
param githubRepository string = ''

@description('The number of that repository\'s owner: `gh api repos/OWNER/NAME --jq .owner.id`. Empty only for a repository whose sign-in subject still goes by names.')
param githubOwnerId string = ''

@description('The number of that repository: `gh api repos/OWNER/NAME --jq .id`.')
param githubRepositoryId string = ''

var names = resourceNames(prefix, uniqueString(resourceGroup().id, prefix))
var publicHostName = defaultHostName(names.site)
var appRedirectUri = redirectUri(publicHostName)

// The secrets are made by the vault module, or put there by hand; the app gets references to them.
var secretSettings = union(
  {
    TOKEN_ENCRYPTION_KEYS: 'token-encryption-keys'
    VAPI_WEBHOOK_SECRET: 'vapi-webhook-secret'
    VAPI_HMAC_SECRET: 'vapi-hmac-secret'
  },
  useClientSecret ? { MICROSOFT_CLIENT_SECRET: 'microsoft-client-secret' } : {},
  mailTransport == 'smtp' ? { SMTP_URL: 'smtp-url' } : {}
)

var optionalSettings = union(
  mailTransport == 'acs' ? { ACS_ENDPOINT: mail!.outputs.endpoint, MAIL_FROM: mail!.outputs.sender } : {},
  mailTransport == 'smtp' ? { MAIL_FROM: smtpFrom } : {}
)

module identity 'modules/identity.bicep' = {
  params: { name: names.identity, location: location, tags: tags }
}

module monitoring 'modules/monitoring.bicep' = {
  params: {
    workspaceName: names.workspace
    insightsName: names.insights
    location: location
    tags: tags
    retentionDays: retentionDays
    dailyCapGb: dailyCapGb
  }
}

module storage 'modules/storage.bicep' = {
  dependsOn: [monitoring]
  params: {
    name: names.storage
    location: location
    tags: tags
    sku: storageSku
    softDeleteDays: softDeleteDays
    privateNetworking: privateNetworking
    workspaceName: names.workspace
  }
}

module vault 'modules/vault.bicep' = {
  dependsOn: [monitoring]
  params: {
    name: names.vault
    location: location
    tags: tags
    privateNetworking: privateNetworking
    workspaceName: names.workspace
  }
}

module mail 'modules/mail.bicep' = if (mailTransport == 'acs') {
  dependsOn: [monitoring]
  params: {
    mailDomainsName: names.mailDomains
    communicationName: names.mail
    tags: tags
    dataLocation: mailDataLocation
    customDomain: mailDomain
    customDomainVerified: mailDomainVerified
    workspaceName: names.workspace
  }
}

module roles 'modules/roles.bicep' = {
  dependsOn: [monitoring, storage, vault, mail]
  params: {
    principalId: identity.outputs.principalId
    storageName: names.storage
    vaultName: names.vault
    insightsName: names.insights
    communicationName: mailTransport == 'acs' ? names.mail : ''
  }
}

module network 'modules/network.bicep' = if (privateNetworking) {
  params: { name: names.network, location: location, tags: tags, addressPrefix: networkAddressPrefix }
}

var storageId = resourceId('Microsoft.Storage/storageAccounts', names.storage)
var vaultId = resourceId('Microsoft.KeyVault/vaults', names.vault)
var privateTargets = [
  { group: 'blob', id: storageId, zone: 'privatelink.blob.${environment().suffixes.storage}' }
  { group: 'table', id: storageId, zone: 'privatelink.table.${environment().suffixes.storage}' }
  { group: 'vault', id: vaultId, zone: 'privatelink.vaultcore.azure.net' }
]

module endpoints 'modules/private-endpoint.bicep' = [
  for target in privateTargets: if (privateNetworking) {
    dependsOn: [network, storage, vault]
    params: {
      name: '${names.network}-${target.group}'
      location: location
      tags: tags
      networkName: names.network
      targetId: target.id
      group: target.group
      zoneName: target.zone
    }
  }
]

module app 'modules/app.bicep' = {
  // The references to the secrets are read when the settings are written, so the roles come first. That is no promise that the vault
  // knows of them by then: `npm run references` waits until every reference is resolved.
  dependsOn: [monitoring, roles, network, endpoints]
  params: {
    siteName: names.site
    planName: names.plan
    location: location
    tags: tags
    identityName: names.identity
    insightsName: names.insights
    networkName: privateNetworking ? names.network : ''
    packageContainerUrl: storage.outputs.packageContainerUrl
    instanceMemoryMB: instanceMemoryMB
    httpConcurrency: httpConcurrency
    alwaysReadyInstances: alwaysReadyInstances
    maximumInstances: maximumInstances
    updateStrategy: updateStrategy
    settings: union(
      {
        AzureWebJobsStorage__accountName: names.storage
        AzureWebJobsStorage__credential: 'managedidentity'
        AzureWebJobsStorage__clientId: identity.outputs.clientId
        AZURE_CLIENT_ID: identity.outputs.clientId
        MICROSOFT_CLIENT_ID: microsoftClientId
        MICROSOFT_TENANT_ID: microsoftTenantId
        MICROSOFT_REDIRECT_URI: appRedirectUri
        DEFAULT_TIME_ZONE: defaultTimeZone
        // string() would write True.
        CALENDAR_NOTIFICATIONS: calendarNotifications ? 'true' : 'false'
      },
      toObject(
        items(secretSettings),
        setting => setting.key,
        setting =>
          '@Microsoft.KeyVault(SecretUri=https://${names.vault}${environment().suffixes.keyvaultDns}/secrets/${setting.value}/)'
      ),
      optionalSettings
    )
  }
}

// After the app, which takes minutes: a new workspace has its tables only some seconds later.
module retention 'modules/retention.bicep' = {
  dependsOn: [monitoring, app]
  params: { workspaceName: names.workspace, retentionDays: retentionDays }
}

module workbook 'modules/workbook.bicep' = {
  dependsOn: [monitoring]
  params: { location: location, tags: tags, insightsName: names.insights }
}

module deployer 'modules/deployer.bicep' = if (!empty(githubRepository)) {
  params: {
    name: names.deployerIdentity
    location: location
    tags: tags
    repository: githubRepository
    ownerId: githubOwnerId
    repositoryId: githubRepositoryId
  }
}

module deployerRoles 'modules/deployer-roles.bicep' = if (!empty(githubRepository)) {
  dependsOn: [app, vault]
  params: {
    principalId: deployer!.outputs.principalId
    siteName: names.site
    vaultName: names.vault
  }
}

// In camelCase: Azure changes the case of names that begin with two capitals.
output functionAppName string = names.site
output appHostName string = publicHostName
output keyVaultName string = names.vault
output storageAccountName string = names.storage
output applicationInsightsName string = names.insights
output workbookId string = workbook.outputs.id
output microsoftRedirectUri string = appRedirectUri
output identityPrincipalId string = identity.outputs.principalId
output mailFrom string = mailTransport == 'acs' ? mail!.outputs.sender : smtpFrom
output githubClientId string = empty(githubRepository) ? '' : deployer!.outputs.clientId
output githubSubject string = empty(githubRepository) ? '' : deployer!.outputs.subject
