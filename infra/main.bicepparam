using 'main.bicep'

// A part of the name of every resource: 3 to 10 lower-case letters or digits.
param prefix = 'peterental'

// From entra.bicep's output microsoftClientId (docs/deploy.md, step 3). Without the variable nothing is deployed.
param microsoftClientId = readEnvironmentVariable('MICROSOFT_CLIENT_ID')

// Whose accounts may connect: "common" for work and personal, "organizations" for work, or one tenant id.
param microsoftTenantId = readEnvironmentVariable('MICROSOFT_TENANT_ID', 'common')

// The time zone for mailboxes that have none.
param defaultTimeZone = 'America/Chicago'

// Communication Services with Azure's own domain: 10 mails an hour, for a start. See mailDomain for your own.
param mailTransport = 'acs'
param mailDataLocation = 'United States'

// Graph notifies the app when a calendar changes, so that free times can be listed without asking Graph each time.
param calendarNotifications = true

// One processor's worth of memory, 16 calls at a time on it, one instance always warm.
param instanceMemoryMB = 2048
param httpConcurrency = 16
param alwaysReadyInstances = 1

// The ceiling for cost: 40 instances answer 640 calls at once.
param maximumInstances = 40

// Calls on the line may end while new code arrives. Microsoft calls this a preview, not for production; the other is Recreate.
param updateStrategy = 'RollingUpdate'

// Three copies in three zones of the region. Standard_GRS adds a second region (docs/operate.md, "Moving to another region").
param storageSku = 'Standard_ZRS'

// Telemetry and resource logs: kept for a month, and never more than 1 GB a day.
param retentionDays = 31
param dailyCapGb = 1

// Storage and vault answer on the internet, to identities with a role alone. private.bicepparam closes them.
param privateNetworking = false

// The repository whose deploy workflow may put code on the app, as OWNER/NAME; empty for none.
param githubRepository = readEnvironmentVariable('DEPLOY_REPOSITORY', '')
param githubOwnerId = readEnvironmentVariable('DEPLOY_OWNER_ID', '')
param githubRepositoryId = readEnvironmentVariable('DEPLOY_REPOSITORY_ID', '')
