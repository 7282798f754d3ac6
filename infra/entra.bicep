// The app registration, and the trust in the app's managed identity that takes the place of a client secret.
// A template of its own: its types come from Microsoft's registry, and whoever deploys it needs the right to register applications.
targetScope = 'resourceGroup'

extension microsoftGraphV1

import { defaultHostName, redirectUri, resourceNames } from 'names.bicep'

@description('The same as in main.bicep.')
@minLength(3)
@maxLength(10)
param prefix string

@description('The same as in main.bicep.')
param location string = resourceGroup().location

@description('The same as in main.bicep.')
param tags object = {}

@description('What managers and their administrators read when they are asked for consent.')
param displayName string = 'PeteRental Calendar'

@description('Whose calendars: of your own organization, of any organization, or of any organization and of personal accounts. MICROSOFT_TENANT_ID "common" needs the last.')
param audience 'AzureADMyOrg' | 'AzureADMultipleOrgs' | 'AzureADandPersonalMicrosoftAccount' = 'AzureADandPersonalMicrosoftAccount'

@description('false if the app signs in with a client secret instead (useClientSecret in main.bicep).')
param trustManagedIdentity bool = true

var names = resourceNames(prefix, uniqueString(resourceGroup().id, prefix))
// Graph asks for Calendars.Read by name before it notifies of changes in a calendar; ReadWrite does not count for it.
var delegatedPermissions = ['Calendars.Read', 'Calendars.ReadWrite', 'User.Read', 'openid', 'profile', 'offline_access']

// The identity that main.bicep gives to the app; made here when this template is the first to be deployed.
module identity 'modules/identity.bicep' = {
  params: { name: names.identity, location: location, tags: tags }
}

resource graph 'Microsoft.Graph/servicePrincipals@v1.0' existing = {
  appId: '00000003-0000-0000-c000-000000000000'
}

resource application 'Microsoft.Graph/applications@v1.0' = {
  uniqueName: names.site
  displayName: displayName
  signInAudience: audience
  web: {
    redirectUris: [redirectUri(defaultHostName(names.site))]
    implicitGrantSettings: { enableAccessTokenIssuance: false, enableIdTokenIssuance: false }
  }
  // Personal accounts get tokens of version 2 only, and an app that takes them must say so.
  api: { requestedAccessTokenVersion: 2 }
  // xms_edov says whether the domain owner vouches for the address in the "email" claim.
  optionalClaims: {
    idToken: [{ name: 'email', essential: false }, { name: 'xms_edov', essential: false }]
  }
  // Shown at consent; it grants nothing by itself.
  requiredResourceAccess: [
    {
      resourceAppId: graph.appId
      resourceAccess: [
        for permission in delegatedPermissions: {
          id: filter(graph.oauth2PermissionScopes, scope => scope.value == permission)[0].id
          type: 'Scope'
        }
      ]
    }
  ]

  resource identityAsCredential 'federatedIdentityCredentials@v1.0' = if (trustManagedIdentity) {
    name: '${application.uniqueName}/managed-identity'
    description: 'The app\'s managed identity, in place of a client secret.'
    audiences: ['api://AzureADTokenExchange']
    issuer: '${environment().authentication.loginEndpoint}${tenant().tenantId}/v2.0'
    subject: identity.outputs.principalId
  }
}

// In the tenant where it lives, the app needs a service principal before anyone can consent.
resource principal 'Microsoft.Graph/servicePrincipals@v1.0' = {
  appId: application.appId
}

// In camelCase: Azure changes the case of names that begin with two capitals.
output microsoftClientId string = application.appId
output microsoftRedirectUri string = application.web.redirectUris[0]
output applicationObjectId string = application.id
