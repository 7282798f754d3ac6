// Outgoing mail through Azure Communication Services. Azure's own domain sends 5 mails a minute and 10 an hour, for trying out;
// a domain of yours sends more, once its DNS records have been verified.
targetScope = 'resourceGroup'

param mailDomainsName string
param communicationName string
param tags object
param workspaceName string

@description('The region in which mail data is stored, such as "United States" or "Europe".')
param dataLocation string

@description('A domain of yours. Empty: only the one from Azure.')
param customDomain string

@description('true once the DNS records of the custom domain are verified: linking it earlier fails.')
param customDomainVerified bool

// Communication Services are not placed in a region, and take no other value.
#disable-next-line no-hardcoded-location
var global = 'global'

var sendsFromCustomDomain = !empty(customDomain) && customDomainVerified

resource workspace 'Microsoft.OperationalInsights/workspaces@2025-07-01' existing = {
  name: workspaceName
}

resource mailDomains 'Microsoft.Communication/emailServices@2025-09-01' = {
  name: mailDomainsName
  location: global
  tags: tags
  properties: { dataLocation: dataLocation }

  resource managed 'domains' = {
    name: 'AzureManagedDomain'
    location: global
    tags: tags
    properties: { domainManagement: 'AzureManaged', userEngagementTracking: 'Disabled' }
  }

  resource custom 'domains' = if (!empty(customDomain)) {
    name: empty(customDomain) ? 'none' : customDomain
    location: global
    tags: tags
    properties: { domainManagement: 'CustomerManaged', userEngagementTracking: 'Disabled' }
  }
}

resource communication 'Microsoft.Communication/communicationServices@2025-09-01' = {
  name: communicationName
  location: global
  tags: tags
  properties: {
    dataLocation: dataLocation
    disableLocalAuth: true
    linkedDomains: [sendsFromCustomDomain ? mailDomains::custom.id : mailDomains::managed.id]
  }
}

// How many mails left, and how many failed. The log of single recipients would hold their addresses: it stays off.
#disable-next-line use-recent-api-versions // The one stable version, of 2016, is older than this preview.
resource logs 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  name: 'to-workspace'
  scope: communication
  properties: {
    workspaceId: workspace.id
    logs: [{ category: 'EmailSendMailOperational', enabled: true }]
  }
}

output endpoint string = 'https://${communication.properties.hostName}'
output sender string = sendsFromCustomDomain
  ? 'DoNotReply@${customDomain}'
  : 'DoNotReply@${mailDomains::managed.properties.fromSenderDomain}'
