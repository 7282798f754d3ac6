using 'main.bicep'

// As main.bicepparam, with storage and vault off the internet. What differs comes first.

// Private endpoints for storage and vault, a NAT gateway with one fixed address for the way out.
param privateNetworking = true

// 64 addresses for the app's instances, 64 for the endpoints; the rest of a /24 is left for a runner or a jump host.
param networkAddressPrefix = '10.20.0.0/24'

param prefix = 'peterental'
param microsoftClientId = readEnvironmentVariable('MICROSOFT_CLIENT_ID')
param microsoftTenantId = readEnvironmentVariable('MICROSOFT_TENANT_ID', 'common')
param defaultTimeZone = 'America/Chicago'
param mailTransport = 'acs'
param mailDataLocation = 'United States'
param calendarNotifications = true
param instanceMemoryMB = 2048
param httpConcurrency = 16
param alwaysReadyInstances = 1
param maximumInstances = 40
param updateStrategy = 'RollingUpdate'
param storageSku = 'Standard_ZRS'
param retentionDays = 31
param dailyCapGb = 1
param githubRepository = readEnvironmentVariable('DEPLOY_REPOSITORY', '')
param githubOwnerId = readEnvironmentVariable('DEPLOY_OWNER_ID', '')
param githubRepositoryId = readEnvironmentVariable('DEPLOY_REPOSITORY_ID', '')
