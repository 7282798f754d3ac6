// What everything is called. Kept apart because main.bicep and entra.bicep must arrive at the same names.

@export()
type ResourceNames = {
  identity: string
  deployerIdentity: string
  site: string
  plan: string
  storage: string
  vault: string
  workspace: string
  insights: string
  network: string
  mail: string
  mailDomains: string
  alerts: string
  healthTest: string
}

@export()
@description('`prefix` is 3 to 10 lower-case letters or digits, `token` the uniqueString of the resource group: storage accounts and vaults share one namespace with the whole world, in 24 characters.')
func resourceNames(prefix string, token string) ResourceNames => {
  identity: 'id-${prefix}-${token}'
  deployerIdentity: 'id-${prefix}-deploy-${token}'
  site: 'func-${prefix}-${token}'
  plan: 'plan-${prefix}-${token}'
  storage: 'st${prefix}${take(token, 12)}'
  vault: 'kv${prefix}${take(token, 12)}'
  workspace: 'log-${prefix}-${token}'
  insights: 'appi-${prefix}-${token}'
  network: 'vnet-${prefix}-${token}'
  mail: 'acs-${prefix}-${token}'
  mailDomains: 'mail-${prefix}-${token}'
  alerts: 'ag-${prefix}-${token}'
  healthTest: 'health-${prefix}-${token}'
}

@export()
@description('The one redirect URI; the app, the app registration and the links in mails all depend on it.')
func redirectUri(hostName string) string => 'https://${hostName}/calendar/auth/callback'

@export()
@description('The host name Azure gives an app of this name in the public cloud.')
func defaultHostName(siteName string) string => '${siteName}.azurewebsites.net'
